# The functions a host program is made of. A program carries only those it calls, so each stands alone, in the
# form `name() {` … `}` at the start of a line, with its comment above.
#
# Words of one task: `state` is how the item at hand ended so far, `reason` why, `rc` an exit status, `ran` is 1 when
# the values of a result are known, 0 when there are none, empty when they are not known yet. `mode` is 1 when the
# program applies, `apply` the same for the task at hand. Descriptor 3 takes the events.

# json_bytes: standard input as a JSON string of plain ASCII; what is no UTF-8 becomes U+FFFD
json_bytes() {
  od -An -v -tu1 | LC_ALL=C awk '
    function unit(n) { printf "\\u%04x", n }
    function point(n) {
      if (n < 65536) { unit(n); return }
      unit(55296 + int((n - 65536) / 1024)); unit(56320 + (n - 65536) % 1024)
    }
    function expect(first, count, from, to) { code = first; left = count; low = from; high = to }
    function plain(b) {
      if (b == 34 || b == 92) printf "\\%c", b
      else if (b == 10) printf "\\n"
      else if (b < 32 || b == 127) unit(b)
      else printf "%c", b
    }
    function byte(b) {
      if (left) {
        if (b >= low && b <= high) {
          code = code * 64 + b - 128; low = 128; high = 191
          if (--left == 0) point(code)
          return
        }
        unit(65533); left = 0
      }
      if (b < 128) plain(b)
      else if (b >= 194 && b <= 223) expect(b - 192, 1, 128, 191)
      else if (b >= 224 && b <= 239) expect(b - 224, 2, b == 224 ? 160 : 128, b == 237 ? 159 : 191)
      else if (b >= 240 && b <= 244) expect(b - 240, 3, b == 240 ? 144 : 128, b == 244 ? 143 : 191)
      else unit(65533)
    }
    BEGIN { printf "\"" }
    { for (i = 1; i <= NF; i++) byte($i + 0) }
    END { if (left) unit(65533); printf "\"" }'
}

# json TEXT: the text as a JSON string
json() {
  printf '%s' "$1" | json_bytes
}

# moment: hundredths of a second since the machine started, in `now`
moment() {
  now=0
  if [ -r /proc/uptime ]; then
    read -r now _ </proc/uptime
    now=${now%.*}${now#*.}
    now=${now#0}
  fi
}

# begin TASK APPLY: a task starts; APPLY overrules the mode of the program
begin() {
  task=$1
  apply=${2:-$mode}
  total=''
  reasons=''
  : >"$run/out"
  : >"$run/err"
  moment
  began=$now
  printf '{"event":"task_started","task":%s}\n' "$task" >&3
}

# fresh: the next item of the task starts
fresh() {
  state=ok
  reason=''
  ran=1
}

# because TEXT: adds a reason
because() {
  reason="$reason${reason:+; }$1"
}

# change REASON: the item is not as wanted
change() {
  state=changed
  because "$1"
}

# fail REASON: the item went wrong
fail() {
  state=failed
  because "$1"
}

# fail_with TEXT FILE: went wrong, and the tool's last words say why
fail_with() {
  words=$(tail -n 1 "$2")
  fail "$1${words:+: $words}"
}

# tally: the item ended; what the task comes to so far is in `total`
tally() {
  if [ "$state" = failed ] && [ "$mode" = 0 ] && [ "$stirred" = 1 ]; then
    state=unknown
    ran=''
    because 'an earlier task may mend it'
  fi
  case $total,$state in
  ,* | *,failed) total=$state ;;
  failed,* | changed,*) ;;
  *,changed) total=changed ;;
  unknown,*) ;;
  *,unknown) total=unknown ;;
  skipped,ok) total=ok ;;
  esac
  if [ "$state" != ok ] && [ -n "$reason" ]; then
    case "; $reasons; " in
    *"; $reason; "*) ;;
    *) reasons="$reasons${reasons:+; }$reason" ;;
    esac
  fi
}

# report LOUD: tells how the task ended; `told` is its state for the conditions of later tasks
report() {
  more=''
  if [ "$1" = 1 ]; then
    if [ "$total" = ok ]; then reasons=''; fi
    if [ -n "$reasons" ]; then more=",\"reason\":$(json "$reasons")"; fi
    if [ -s "$run/out" ] || [ -s "$run/err" ]; then
      more="$more,\"output\":$(cat "$run/out" "$run/err" | tail -c 4096 | json_bytes)"
    fi
  fi
  moment
  printf '{"event":"task_ended","task":%s,"status":"%s","milliseconds":%s%s}\n' \
    "$task" "$total" "$(((now - began) * 10))" "$more" >&3
  told=$total
  if [ "$total" = skipped ] && [ -z "$ran" ]; then told=unknown; fi
  if [ "$mode" = 0 ]; then
    case $told in changed | unknown) stirred=1 ;; esac
  fi
}

# finish LOUD IGNORE: reports the task, and stops the program when it failed
finish() {
  report "$1"
  if [ "$total" = failed ] && [ "$2" = 0 ]; then
    if [ "$child" = 0 ]; then conclude true; fi
    exit 1
  fi
}

# notified FLAG: whether a handler is to run; otherwise it is skipped, or unknown
notified() {
  case $1 in
  1) return 0 ;;
  unknown)
    state=unknown
    ran=''
    because 'depends on an earlier task'
    ;;
  *)
    state=skipped
    ran=0
    because 'not notified'
    ;;
  esac
  return 1
}

# flag BEFORE: a handler's flag after this task, on standard output
flag() {
  case $1,$total in
  1,* | *,changed) printf 1 ;;
  unknown,* | *,unknown) printf unknown ;;
  esac
}

# decide FUNCTION TEXT: whether the condition holds; if not, the item is skipped, or unknown
decide() {
  complaint=''
  doubt=''
  assume=1
  if "$1"; then return 0; fi
  if [ -n "$complaint" ]; then
    fail "$complaint"
    return 1
  fi
  if [ -n "$doubt" ]; then
    assume=0
    if "$1"; then
      state=unknown
      ran=''
      because "depends on an earlier task: $2"
      return 1
    fi
  fi
  state=skipped
  ran=0
  because "condition is false: $2"
  return 1
}

# changed_if FUNCTION: overrules whether the item changed something
changed_if() {
  case $state in ok | changed) ;; *) return 0 ;; esac
  if [ -z "$ran" ] && [ "$state" = ok ]; then return 0; fi
  before=$state
  reason_before=$reason
  if decide "$1" ''; then
    state=changed
    reason=$reason_before
  elif [ "$state" = skipped ]; then
    state=ok
    reason=''
    if [ "$before" = changed ] && [ "$apply" = 0 ]; then ran=''; else ran=1; fi
  fi
}

# failed_if FUNCTION TEXT: overrules whether the item went wrong
failed_if() {
  case $state in skipped | unknown) return 0 ;; esac
  if [ -z "$ran" ]; then return 0; fi
  before=$state
  reason_before=$reason
  if decide "$1" ''; then
    state=failed
    reason="failed_when holds: $2"
  elif [ "$state" = skipped ]; then
    ran=1
    reason=$reason_before
    case $before in
    failed) state=changed reason='' ;;
    *) state=$before ;;
    esac
  fi
}

# result_is STATE WORD…: whether a result is in one of these states
result_is() {
  case $1 in
  unknown | '')
    doubt=1
    return "$assume"
    ;;
  esac
  found=$1
  shift
  for word in "$@"; do
    if [ "$found" = "$word" ]; then return 0; fi
  done
  return 1
}

# result_known RAN: whether a result has values; otherwise sets doubt or a complaint
result_known() {
  case $1 in
  1) return 0 ;;
  0) complaint='the condition asks for a value of a task that was skipped' ;;
  *) doubt=1 ;;
  esac
  return 1
}

# result_holds RAN TEST WORD…: compares values of a result
result_holds() {
  if ! result_known "$1"; then
    if [ -n "$complaint" ]; then return 1; fi
    return "$assume"
  fi
  shift
  "$@"
}

# same A B
same() {
  [ "$1" = "$2" ]
}

# differs A B
differs() {
  [ "$1" != "$2" ]
}

# number_compares A OPERATOR B: whole numbers
number_compares() {
  case ${1#-} in
  '' | *[!0-9]*)
    complaint="\`$1\` is no whole number"
    return 1
    ;;
  esac
  case $2 in
  -eq) [ "$1" -eq "$3" ] ;;
  -ne) [ "$1" -ne "$3" ] ;;
  -lt) [ "$1" -lt "$3" ] ;;
  -le) [ "$1" -le "$3" ] ;;
  -gt) [ "$1" -gt "$3" ] ;;
  *) [ "$1" -ge "$3" ] ;;
  esac
}

# contains TEXT PART
contains() {
  case $1 in
  *"$2"*) return 0 ;;
  esac
  return 1
}

# lacks TEXT PART
lacks() {
  ! contains "$1" "$2"
}

# told_by FILE: what a result printed, without the line ends at its end
told_by() {
  if [ -f "$run/$1" ]; then cat "$run/$1"; fi
}

# lines_of FILE: how many lines a result printed
lines_of() {
  told_by "$1" | awk 'END { print NR }'
}

# keep_output NAME: the output of the item belongs to a result
keep_output() {
  cp "$run/out" "$run/$1.out"
  cp "$run/err" "$run/$1.err"
  chmod 644 "$run/$1.out" "$run/$1.err"
}

# there PATH…: whether one of them is there
there() {
  for path in "$@"; do
    if [ -e "$path" ] || [ -L "$path" ]; then return 0; fi
  done
  return 1
}

# may_run CREATES REMOVES: whether a command is to run now; both say `yes`, `no` or nothing
may_run() {
  rc=0
  if [ "$1" = yes ]; then
    return 1
  fi
  if [ "$2" = no ]; then
    return 1
  fi
  if [ "$apply" = 1 ]; then return 0; fi
  ran=''
  if [ -n "$1$2" ]; then
    change 'would run'
  else
    state=skipped
    because 'a command is not run by a check'
  fi
  return 1
}

# attempt SURROUNDINGS FOLDER INPUT WORD…: runs a command; its output goes to files
attempt() {
  around=$1
  folder=$2
  input=$3
  shift 3
  state=changed
  (
    exec 3>&-
    "$around"
    if [ -n "$folder" ]; then cd -- "$folder" || exit 125; fi
    exec "$@"
  ) <"$input" >"$run/out" 2>"$run/err"
  rc=$?
  if [ "$rc" != 0 ]; then
    state=failed
    because "exit status $rc"
  fi
}

# plainly: no special surroundings for a command
plainly() {
  :
}

# quietly WORD…: runs a tool of a module; its output goes to the files of the task
quietly() {
  "$@" </dev/null >>"$run/out" 2>"$run/err" 3>&-
}

# sum FILE: its SHA-256
sum() {
  set -- "$(sha256sum <"$1")"
  printf '%s' "${1%% *}"
}

# parent PATH: its folder
parent() {
  case $1 in
  */*)
    set -- "${1%/*}"
    printf '%s' "${1:-/}"
    ;;
  *) printf .  ;;
  esac
}

# look FOLLOW PATH: mode and owner of a file in `has_mode`, `has_user`, `has_group`, `has_uid`, `has_gid`
look() {
  if [ "$1" = 1 ]; then
    seen=$(stat -L -c '%a %U %G %u %g' -- "$2" 2>"$run/err")
  else
    seen=$(stat -c '%a %U %G %u %g' -- "$2" 2>"$run/err")
  fi || {
    fail_with "cannot look at $2" "$run/err"
    return 1
  }
  IFS=' ' read -r has_mode has_user has_group has_uid has_gid <<SEEN
$seen
SEEN
}

# symbolic PATH MODE: what a symbolic mode comes to for this file, in `want_mode`
symbolic() {
  if [ -d "$1" ]; then
    mkdir "$run/mode"
  else
    : >"$run/mode"
  fi
  chmod "$has_mode" "$run/mode" && chmod "$2" "$run/mode"
  want_mode=$(stat -c %a "$run/mode")
  rm -rf "$run/mode"
}

# attributes FOLLOW PATH MODE OWNER GROUP: gives a file its mode and owner; an empty word leaves it alone
attributes() {
  if [ -z "$3$4$5" ]; then return 0; fi
  look "$1" "$2" || return 1
  want_mode=$3
  case $3 in
  '' | [0-7]*) ;;
  *) symbolic "$2" "$3" ;;
  esac
  if [ -n "$4" ] && [ "$4" != "$has_user" ] && [ "$4" != "$has_uid" ]; then
    change "owner is $has_user, wanted $4"
    if [ "$apply" = 1 ]; then set_owner "$1" "$4" "$2" || return 1; fi
  fi
  if [ -n "$5" ] && [ "$5" != "$has_group" ] && [ "$5" != "$has_gid" ]; then
    change "group is $has_group, wanted $5"
    if [ "$apply" = 1 ]; then set_owner "$1" ":$5" "$2" || return 1; fi
  fi
  if [ -n "$want_mode" ] && [ "$want_mode" != "$has_mode" ]; then
    if [ "$1" = 0 ] && [ -L "$2" ]; then return 0; fi
    change "mode is $(octal "$has_mode"), wanted $(octal "$want_mode")"
    if [ "$apply" = 1 ]; then set_mode "$want_mode" "$2" || return 1; fi
  fi
}

# octal MODE: in four digits
octal() {
  case $1 in
  ????*) printf '%s' "$1" ;;
  ???) printf '0%s' "$1" ;;
  ??) printf '00%s' "$1" ;;
  *) printf '000%s' "$1" ;;
  esac
}

# set_mode MODE PATH
set_mode() {
  quietly chmod "$1" -- "$2" || {
    fail_with "cannot change the mode of $2" "$run/err"
    return 1
  }
}

# set_owner FOLLOW OWNER PATH
set_owner() {
  if [ "$1" = 1 ]; then
    quietly chown "$2" -- "$3"
  else
    quietly chown -h "$2" -- "$3"
  fi || {
    fail_with "cannot change the owner of $3" "$run/err"
    return 1
  }
}

# attributes_below PATH MODE OWNER GROUP: the same for everything in a folder
attributes_below() {
  find "$1" -mindepth 1 >"$run/below"
  folder=$1
  count=0
  reason_before=$reason
  while IFS= read -r path; do
    reason=''
    attributes 0 "$path" "$2" "$3" "$4" || return 1
    if [ -n "$reason" ]; then
      count=$((count + 1))
      first=${first:-$path: $reason}
    fi
  done <"$run/below"
  reason=$reason_before
  if [ "$count" -gt 0 ]; then because "$count below $folder differ"; fi
}

# directory FOLLOW PATH MODE OWNER GROUP: the folder is there, its missing parents too
directory() {
  if { [ "$1" = 1 ] || [ ! -L "$2" ]; } && [ -d "$2" ]; then
    attributes "$1" "$2" "$3" "$4" "$5"
    return
  fi
  if there "$2"; then
    fail "$2 is there and is no directory"
    return 1
  fi
  change "$2 is missing"
  if [ "$apply" = 0 ]; then return 0; fi
  make_directory "$2" "$3" "$4" "$5"
}

# make_directory PATH MODE OWNER GROUP: with missing parents, each with these attributes
make_directory() {
  if [ -d "$1" ]; then return 0; fi
  case $1 in
  *[!/]*/*[!/]*) make_directory "$(parent "${1%/}")" "$2" "$3" "$4" || return 1 ;;
  esac
  quietly mkdir -- "$1" || {
    fail_with "cannot make $1" "$run/err"
    return 1
  }
  reason_before=$reason
  attributes 1 "$1" "$2" "$3" "$4" || return 1
  reason=$reason_before
}

# regular FOLLOW PATH MODE OWNER GROUP: the file is there already and gets these attributes
regular() {
  if [ ! -e "$2" ]; then
    fail "$2 is missing"
  elif [ -d "$2" ]; then
    fail "$2 is a directory"
  elif [ "$1" = 0 ] && [ -L "$2" ]; then
    fail "$2 is a link"
  else
    attributes "$1" "$2" "$3" "$4" "$5"
  fi
}

# touched FOLLOW PATH MODE OWNER GROUP KEEP_TIMES
touched() {
  if ! there "$2"; then
    change "$2 is missing"
    if [ "$apply" = 0 ]; then return 0; fi
    : >"$2" || {
      fail "cannot make $2"
      return 1
    }
  elif [ "$6" = 0 ]; then
    change "times are set to now"
    if [ "$apply" = 1 ]; then quietly touch -- "$2" || fail_with "cannot touch $2" "$run/err"; fi
  fi
  reason_before=$reason
  attributes "$1" "$2" "$3" "$4" "$5"
  if [ -n "$reason_before" ]; then reason=$reason_before; fi
}

# absent PATH: nothing is there
absent() {
  if ! there "$1"; then return 0; fi
  change "$1 is there"
  if [ "$apply" = 0 ]; then return 0; fi
  quietly rm -rf -- "$1" || fail_with "cannot remove $1" "$run/err"
}

# link TARGET PATH FORCE FOLLOW MODE OWNER GROUP: a symbolic link
link() {
  if [ -L "$2" ]; then
    pointing=$(readlink "$2")
    if [ "$pointing" = "$1" ]; then
      link_attributes "$@"
      return
    fi
    change "points to $pointing, wanted $1"
  elif [ ! -e "$2" ]; then
    change "$2 is missing"
  elif [ "$3" = 0 ]; then
    fail "$2 is there and is no link"
    return 1
  elif [ -d "$2" ] && [ -n "$(ls -A "$2")" ]; then
    fail "$2 is a directory that is not empty"
    return 1
  else
    change "$2 is no link"
  fi
  case $1 in
  /*) aim=$1 ;;
  *) aim=$(parent "$2")/$1 ;;
  esac
  if [ "$3" = 0 ] && [ ! -e "$aim" ]; then
    fail "$aim is missing, so nothing can point to it without \`force\`"
    return 1
  fi
  if [ "$apply" = 0 ]; then return 0; fi
  if [ -d "$2" ] && [ ! -L "$2" ]; then quietly rmdir -- "$2"; fi
  { quietly ln -s -- "$1" "$2.$$" && quietly mv -f -T -- "$2.$$" "$2"; } || {
    fail_with "cannot link $2" "$run/err"
    return 1
  }
  link_attributes "$@"
}

# link_attributes TARGET PATH FORCE FOLLOW MODE OWNER GROUP
link_attributes() {
  if [ "$4" = 1 ] && [ ! -e "$2" ]; then return 0; fi
  attributes "$4" "$2" "$5" "$6" "$7"
}

# into DEST NAME: where a file goes, in `dest`: into the folder, when there is one
into() {
  dest=$1
  case $1 in
  */) dest=${1%/}/$2 ;;
  *) if [ -d "$1" ]; then dest=$1/$2; fi ;;
  esac
}

# place DEST SHA256 PAYLOAD MODE OWNER GROUP FORCE FOLLOW VALIDATE PARENTS: the file has this content
place() {
  dest=$1
  if [ "$8" = 1 ] && [ -L "$dest" ]; then dest=$(readlink -f "$dest"); fi
  if [ -d "$dest" ] && [ ! -L "$dest" ]; then
    fail "$dest is a directory"
    return 1
  fi
  if [ -L "$dest" ]; then
    if [ "$7" = 0 ]; then return 0; fi
    change "$dest is a link"
  elif [ ! -e "$dest" ]; then
    change "$dest is missing"
  elif [ "$7" = 0 ] || [ "$(sum "$dest")" = "$2" ]; then
    attributes 1 "$dest" "$4" "$5" "$6"
    return
  else
    change "content differs"
  fi
  if [ "$apply" = 0 ]; then return 0; fi
  within=$(parent "$dest")
  if [ ! -d "$within" ]; then
    if [ "${10}" = 0 ]; then
      fail "$within is missing"
      return 1
    fi
    make_directory "$within" '' '' '' || return 1
  fi
  replace "$@"
}

# replace DEST SHA256 PAYLOAD MODE OWNER GROUP FORCE FOLLOW VALIDATE: writes beside `dest` and moves it there
replace() {
  beside=$(mktemp "$within/.aether.XXXXXX" 2>"$run/err") || {
    fail_with "cannot write in $within" "$run/err"
    return 1
  }
  "$3" >"$beside"
  if [ "$(sum "$beside")" != "$2" ]; then
    fail "could not write all of $dest"
  elif [ -n "$9" ] && ! quietly "$9" "$beside"; then
    fail_with "the content is not valid" "$run/err"
  else
    settle "$beside" "$4" "$5" "$6"
  fi
  if [ "$state" = failed ]; then rm -f -- "$beside"; fi
}

# settle FILE MODE OWNER GROUP: moves a finished file to `dest`; what is not wanted otherwise stays as it was there
settle() {
  if [ -f "$dest" ] && [ ! -L "$dest" ]; then
    look 1 "$dest" || return 1
    quietly chown "$has_uid:$has_gid" -- "$1"
    set_mode "$has_mode" "$1" || return 1
  else
    mask=$(umask)
    set_mode "$(printf '%o' "$((0666 & ~0${mask#0}))")" "$1" || return 1
  fi
  reason_before=$reason
  attributes 1 "$1" "$2" "$3" "$4" || return 1
  reason=$reason_before
  quietly mv -f -- "$1" "$dest" || {
    fail_with "cannot replace $dest" "$run/err"
    return 1
  }
}

# fact FIELD PATH: one value of `stat`
fact() {
  case $1 in
  exists) there "$2" ;;
  isdir) [ -d "$2" ] && [ ! -L "$2" ] ;;
  isreg) [ -f "$2" ] && [ ! -L "$2" ] ;;
  islnk) [ -L "$2" ] ;;
  executable) [ -x "$2" ] ;;
  readable) [ -r "$2" ] ;;
  writeable) [ -w "$2" ] ;;
  *)
    if there "$2"; then fact_text "$1" "$2"; fi
    return
    ;;
  esac && printf True || printf False
}

# fact_text FIELD PATH: one value of `stat` that is no yes or no
fact_text() {
  case $1 in
  mode) octal "$(stat -c %a -- "$2")" ;;
  size) stat -c %s -- "$2" ;;
  uid) stat -c %u -- "$2" ;;
  gid) stat -c %g -- "$2" ;;
  pw_name) stat -c %U -- "$2" ;;
  gr_name) stat -c %G -- "$2" ;;
  lnk_target) readlink -- "$2" ;;
  esac
}

# started: the program runs
started() {
  boot=''
  if [ -r /proc/sys/kernel/random/boot_id ]; then read -r boot </proc/sys/kernel/random/boot_id; fi
  printf '{"event":"started","boot":"%s"}\n' "$boot" >&3
}

# birth PID: when a process started, which tells it from a later one of the same number, in `born`
birth() {
  born=''
  if [ -r "/proc/$1/stat" ]; then
    read -r born <"/proc/$1/stat"
    born=${born##*) }
    IFS=' ' read -r _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ born _ <<BORN
$born
BORN
  fi
}

# take_lock OWNER: this host is ours until the program ends, or the program ends here
take_lock() {
  for try in 1 2 3; do
    if mkdir "$lock" 2>"$run/err"; then
      birth $$
      printf '%s\n' "$$ $born $boot" "$1" >"$lock/owner"
      locked=1
      return 0
    fi
    { IFS=' ' read -r lock_pid lock_born lock_boot && IFS= read -r lock_owner; } 2>/dev/null <"$lock/owner" || {
      # Between its making and its text a lock has no owner yet.
      sleep 1
      continue
    }
    birth "$lock_pid"
    if [ "$boot" = "$lock_boot" ] && [ -n "$born" ] && [ "$born" = "$lock_born" ]; then break; fi
    if [ "$try" -lt 3 ] && mv "$lock" "$run/stale.$try" 2>/dev/null; then continue; fi
    lock_owner="$lock_owner, which is gone; remove $lock"
  done
  # Neither to be made nor there: nobody holds it.
  if [ ! -e "$lock" ]; then
    cat "$run/err" >&2
    exit 73
  fi
  printf '{"event":"busy","owner":%s}\n' "$(json "${lock_owner:-somebody}")" >&3
  exit 75
}

# clean_up: leaves nothing behind, save what a supervised run still has to tell
clean_up() {
  if [ "$locked" = 1 ]; then rm -rf -- "$lock"; fi
  if [ "$supervised" = 1 ]; then
    find "$run" -mindepth 1 ! -name program ! -name events ! -name errors ! -name process -exec rm -rf -- {} +
  else
    rm -rf -- "$run"
  fi
}

# supervise: the program goes on by itself, whatever becomes of the connection; its events go to a file
supervise() {
  forget_old_runs
  : >"$run/events"
  session=''
  if command -v setsid >/dev/null; then session=setsid; fi
  (
    trap '' HUP
    printf '%s\n' "$password" | $session sh "$run/program" detached "$run" >"$run/events" 2>"$run/errors"
    printf '%s\n' "$?" >"$run/status"
  ) </dev/null >/dev/null 2>&1 3>&- &
  birth "$!"
  printf '%s %s\n' "$!" "$born" >"$run/process"
  follow 0
}

# follow LINES: tells what was told after so many lines, until the program has ended; 74 when it is gone without an end
follow() {
  told_lines=$1
  while :; do
    over=0
    if [ -e "$run/status" ]; then over=1; fi
    lines=$(wc -l <"$run/events")
    if [ "$lines" -gt "$told_lines" ]; then
      sed -n "$((told_lines + 1)),${lines}p" "$run/events" >&3 || exit 141
      told_lines=$lines
    elif [ "$over" = 1 ]; then
      cat "$run/errors" >&2
      read -r status <"$run/status"
      exit "$status"
    elif is_gone; then
      exit 74
    else
      sleep 0.1 2>/dev/null || sleep 1
    fi
  done
}

# is_gone: whether the supervisor ended without a word, as at a reboot
is_gone() {
  IFS=' ' read -r supervisor supervisor_born <"$run/process" || return 1
  birth "$supervisor"
  [ "$born" != "$supervisor_born" ] && [ ! -e "$run/status" ]
}

# forget_old_runs: removes what runs left that ended an hour ago and that nobody came back for
forget_old_runs() {
  for old in "${run%.*}".*/status; do
    if [ -n "$(find "$old" -mmin +60 2>/dev/null)" ]; then rm -rf -- "${old%/status}" 2>/dev/null; fi
  done
}

# conclude FAILED: the last line
conclude() {
  printf '{"event":"ended","failed":%s}\n' "$1" >&3
}

# refused TASK TEXT: the first task of a stretch could not even start
refused() {
  mode_before=$mode
  mode=1
  begin "$1"
  fresh
  fail "$2"
  tally
  mode=$mode_before
  report 1
}

# as_root STRETCH TASK: runs a stretch of the program as root
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$1"
    return
  fi
  if ! command -v sudo >/dev/null; then
    refused "$2" 'it needs root, and there is no sudo here'
    return 1
  fi
  save >"$run/results"
  if sudo -H -n true 2>/dev/null; then
    sudo -H -n -- sh "$run/program" "$1" "$run" </dev/null >&3
  else
    printf '%s\n' "$password" | sudo -H -S -p '' -- true 2>"$run/err" || {
      refused "$2" "sudo refused $(id -un): $(tail -n 1 "$run/err")"
      return 1
    }
    printf '%s\n' "$password" | sudo -H -S -p '' -- sh "$run/program" "$1" "$run" >&3
  fi || return 1
  eval "$(cat "$run/results")"
}

# keep NAME VALUE: a line that gives a variable its value again
keep() {
  printf "%s='%s'\n" "$1" "$(printf '%s' "$2" | sed "s/'/'\\\\''/g")"
}

# has_line TEXT LINE
has_line() {
  case "
$1
" in
  *"
$2
"*) return 0 ;;
  esac
  return 1
}

# lacks_line TEXT LINE
lacks_line() {
  ! has_line "$1" "$2"
}

# skip REASON: the item is not run
skip() {
  state=skipped
  ran=0
  because "$1"
}

# say TEXT: the item prints this
say() {
  printf '%s\n' "$1" >>"$run/out"
}

# whatever FOLLOW PATH MODE OWNER GROUP: what is there gets these attributes, whatever it is
whatever() {
  if there "$2"; then
    if [ "$1" = 1 ] && [ ! -e "$2" ]; then return 0; fi
    attributes "$@"
  else
    fail "$2 is missing"
  fi
}

# apt_get WORD…: runs apt-get without a question
apt_get() {
  (
    export DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical LC_ALL=C
    quietly apt-get -q -y -o DPkg::Lock::Timeout=60 -o Dpkg::Options::=--force-confdef \
      -o Dpkg::Options::=--force-confold "$@"
  )
}

# apt_lists SECONDS ALONE: the package lists are no older than this
apt_lists() {
  lists=/var/lib/apt/periodic/update-success-stamp
  if [ ! -e "$lists" ]; then lists=/var/lib/apt/lists; fi
  if [ "$1" -gt 0 ]; then
    age=$(($(date +%s) - $(stat -c %Y "$lists" 2>/dev/null || printf 0)))
    if [ "$age" -lt "$1" ]; then return 0; fi
  fi
  if [ "$2" = 1 ]; then change 'the package lists are updated'; fi
  if [ "$apply" = 0 ]; then return 0; fi
  apt_get update || fail_with 'apt-get update failed' "$run/err"
}

# package_version NAME: the installed version, or nothing
package_version() {
  dpkg-query -W -f '${db:Status-Abbrev} ${Version}\n' -- "$1" 2>/dev/null |
    while IFS=' ' read -r status version; do
      case $status in ?i) printf '%s' "$version" ;; esac
    done
}

# apt_missing STATE NAME…: those that are not as wanted, in `wanted`
apt_missing() {
  latest=$1
  shift
  wanted=''
  for name in "$@"; do
    has=$(package_version "${name%%=*}")
    case $name in
    *=*) if [ "$has" = "${name#*=}" ]; then continue; fi ;;
    *)
      if [ -n "$has" ] && [ "$latest" = present ]; then continue; fi
      if [ -n "$has" ] && ! apt_upgradable "$name"; then continue; fi
      ;;
    esac
    wanted="$wanted${wanted:+ }$name"
  done
}

# apt_upgradable NAME: whether there is a newer one
apt_upgradable() {
  LC_ALL=C apt-get -s -q install -- "$1" 2>/dev/null | grep -q "^Inst ${1%%:*} "
}

# apt_provided NAME…: whether apt-get finds nothing to do, as for a package that another one stands for
apt_provided() {
  simulated=$(LC_ALL=C apt-get -s -q install -- "$@" 2>/dev/null) || return 1
  case $simulated in
  *'
Inst '*) return 1 ;;
  esac
}

# apt_present STATE RECOMMENDS NAME…: packages are installed
apt_present() {
  state_wanted=$1
  recommends=$2
  shift 2
  apt_missing "$state_wanted" "$@"
  if [ -z "$wanted" ] || apt_provided "$@"; then return 0; fi
  change "not installed as wanted: $wanted"
  if [ "$apply" = 0 ]; then return 0; fi
  apt_get ${recommends:+"$recommends"} install -- "$@" || fail_with 'apt-get install failed' "$run/err"
}

# apt_absent PURGE AUTOREMOVE NAME…: packages are not installed
apt_absent() {
  purge=$1
  auto=$2
  shift 2
  wanted=''
  for name in "$@"; do
    if [ -n "$(package_version "$name")" ]; then wanted="$wanted${wanted:+ }$name"; fi
  done
  if [ -z "$wanted" ]; then return 0; fi
  change "installed: $wanted"
  if [ "$apply" = 0 ]; then return 0; fi
  if [ "$purge" = 1 ]; then set -- --purge "$@"; fi
  if [ "$auto" = 1 ]; then set -- --auto-remove "$@"; fi
  apt_get remove "$@" || fail_with 'apt-get remove failed' "$run/err"
}

# edited_lines FILE WANTS LINE PATTERN: the file as it is wanted, on standard output; fails when it is so already
edited_lines() {
  line=$3 pattern=$4 wants=$2 LC_ALL=C awk '
    function fits(text) { return pattern != "" ? text ~ pattern : text == line }
    BEGIN { line = ENVIRON["line"]; pattern = ENVIRON["pattern"]; wants = ENVIRON["wants"] }
    { text[NR] = $0; if (fits($0)) last = NR; if ($0 == line) exact = NR }
    END {
      if (pattern != "" && !last) last = exact
      for (i = 1; i <= NR; i++) {
        if (wants == "absent") { if (fits(text[i])) edits++; else print text[i] }
        else if (i == last) { if (text[i] != line) edits++; print line }
        else print text[i]
      }
      if (wants == "present" && !last) { edits++; print line }
      exit !edits
    }' <"$1"
}

# line_in_file PATH WANTS LINE PATTERN CREATE MODE OWNER GROUP
line_in_file() {
  dest=$1
  if [ -L "$dest" ]; then dest=$(readlink -f "$dest"); fi
  if [ -d "$dest" ]; then
    fail "$dest is a directory"
    return 1
  fi
  within=$(parent "$dest")
  origin=$dest
  if [ ! -e "$dest" ]; then
    if [ "$2" = absent ]; then return 0; fi
    if [ "$5" = 0 ]; then
      fail "$dest is missing"
      return 1
    fi
    change "$dest is missing"
    if [ "$apply" = 1 ]; then make_directory "$within" '' '' '' || return 1; fi
    origin=/dev/null
  fi
  if edited_lines "$origin" "$2" "$3" "$4" >"$run/edited"; then
    if [ "$origin" = "$dest" ]; then change "the line is not $2"; fi
  else
    attributes 1 "$dest" "$6" "$7" "$8"
    return
  fi
  if [ "$apply" = 0 ]; then return 0; fi
  beside=$(mktemp "$within/.aether.XXXXXX" 2>"$run/err") || {
    fail_with "cannot write in $within" "$run/err"
    return 1
  }
  cat "$run/edited" >"$beside"
  settle "$beside" "$6" "$7" "$8"
  if [ "$state" = failed ]; then rm -f -- "$beside"; fi
}

# insist FUNCTION TEXT MESSAGE: goes wrong unless the condition holds
insist() {
  if [ "$state" = failed ]; then return 0; fi
  reason_before=$reason
  if decide "$1" "$2"; then return 0; fi
  if [ "$state" = skipped ]; then
    reason=$reason_before
    ran=1
    fail "$3"
  fi
}
