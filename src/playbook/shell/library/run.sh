# The run itself: its lock, its stretches as root, its life without a connection.

# started: the program runs
started() {
  boot_id
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
  tries=0
  while [ "$tries" -lt 60 ]; do
    tries=$((tries + 1))
    if mkdir "$lock" 2>"$run/err"; then
      birth $$
      printf '%s\n' "$$ $born $boot $mode" "$1" >"$lock/owner"
      locked=1
      return 0
    fi
    if ! lock_holder; then
      # Between its making and its text a lock has no owner; one that stays so was left by a run that was killed then.
      if [ "$tries" -gt 3 ]; then
        if [ ! -e "$lock" ]; then break; fi
        mv "$lock" "$run/stale.$tries" 2>/dev/null
      fi
    elif lock_is_stale; then
      if mv "$lock" "$run/stale.$tries" 2>/dev/null; then continue; fi
      if [ "$tries" -gt 3 ]; then
        lock_owner="$lock_owner, which is gone; remove $lock"
        break
      fi
    elif [ "$lock_mode" = 1 ]; then
      break
    fi
    # Who only looks is done soon.
    sleep 1
  done
  # Neither to be made nor there: nobody holds it.
  if [ ! -e "$lock" ]; then
    cat "$run/err" >&2
    exit 73
  fi
  printf '{"event":"busy","owner":%s}\n' "$(json "${lock_owner:-somebody}")" >&3
  exit 75
}

# lock_holder: who holds the lock, in `lock_owner` and words beginning so; fails when it does not say
lock_holder() {
  lock_owner=''
  { IFS=' ' read -r lock_pid lock_born lock_boot lock_mode && IFS= read -r lock_owner; } 2>/dev/null <"$lock/owner"
}

# lock_is_stale: whether its holder is gone
lock_is_stale() {
  birth "$lock_pid"
  [ "$boot" != "$lock_boot" ] || [ -z "$born" ] || [ "$born" != "$lock_born" ]
}

# clean_up: leaves nothing behind, save what a supervised run still has to tell; after `depart_run` not even the program
clean_up() {
  if [ "$locked" = 1 ]; then rm -rf -- "$lock"; fi
  if [ "$supervised" = 1 ]; then
    find "$run" -mindepth 1 ! -name program ! -name events ! -name errors ! -name process -exec rm -rf -- {} +
  else
    rm -rf -- "$run"
  fi
}

# supervise LINES: the program goes on by itself, whatever becomes of the connection; its events go to a file, of which
# the first lines were heard before
supervise() {
  forget_old_runs
  : >>"$run/events"
  : >"$run/heard"
  session=''
  if command -v setsid >/dev/null; then session=setsid; fi
  (
    trap '' HUP
    printf '%s\n' "$password" | $session sh "$run/program" detached "$run" >>"$run/events" 2>"$run/errors"
    printf '%s\n' "$?" >"$run/status"
  ) </dev/null >/dev/null 2>&1 3>&- &
  birth "$!"
  printf '%s %s\n' "$!" "$born" >"$run/process"
  follow "$1"
}

# follow LINES: tells what was told after so many lines, until the program has ended; 74 when it is gone without an end
follow() {
  told_lines=$1
  while :; do
    printf '' >"$run/heard"
    # Whoever we tell it to has gone, and the next word would find nobody.
    if [ -d "/proc/$$" ] && [ ! -d "/proc/$PPID" ]; then exit 141; fi
    # Somebody else has heard its end, and cleared it away.
    if [ ! -e "$run/process" ]; then exit 74; fi
    over=0
    if [ -e "$run/status" ]; then over=1; fi
    lines=$(wc -l <"$run/events")
    if [ "$lines" -gt "$told_lines" ]; then
      sed -n "$((told_lines + 1)),${lines}p" "$run/events" >&3 || exit 141
      told_lines=$lines
    elif [ "$over" = 1 ]; then
      cat "$run/errors" >&2
      { read -r status <"$run/status"; } 2>/dev/null || exit 74
      exit "$status"
    elif is_gone; then
      exit 74
    else
      sleep 0.1 2>/dev/null || sleep 1
    fi
  done
}

# end_when_forsaken: a run that nobody has listened to for eight hours ends before its next task: whoever began it, with
# what they were allowed to do then, has gone
end_when_forsaken() {
  if [ -z "$(find "$run/heard" -mmin +480 2>/dev/null)" ]; then return 0; fi
  fresh
  fail 'nobody has listened to this run for eight hours; it ends here'
  tally
  finish 1 0
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

# stop STATUS: a stretch that ran as root ended the program: it failed, or the host restarts
stop() {
  if [ "$1" = 76 ]; then exit 76; fi
  conclude true
  exit 1
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
  fi || return "$?"
  eval "$(cat "$run/results")"
}

# keep NAME VALUE: a line that gives a variable its value again
keep() {
  printf "%s='%s'\n" "$1" "$(printf '%s' "$2" | sed "s/'/'\\\\''/g")"
}
