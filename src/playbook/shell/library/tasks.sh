# How a task goes and what it tells.

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
  if [ -e "$run/heard" ]; then end_when_forsaken; fi
}

# fresh: the next item of the task starts
fresh() {
  state=ok
  reason=''
  ran=1
  around=plainly
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
