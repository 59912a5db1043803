# A restart of the host in the middle of a program.
#
# What outlives it lies in `kept`, a folder of the login user under /var/tmp: `point` says after which task the program
# goes on, since which start of the host, and for which program; `events` are told so far; `results` are variables and
# handlers. The program itself, which may hold secrets, and the output of tasks with `no_log` are not there.

# boot_id: which start of the host this is, in `boot`
boot_id() {
  boot=''
  if [ -r /proc/sys/kernel/random/boot_id ]; then read -r boot </proc/sys/kernel/random/boot_id; fi
}

# restart_host TIMEOUT BEFORE AFTER MESSAGE: the host starts anew; comes back to this task when it has
restart_host() {
  boot_id
  if [ "$point" = "$task" ]; then
    change 'the host has restarted'
    sleep "$3"
    return 0
  fi
  change 'the host is to be restarted'
  if [ "$apply" = 0 ]; then return 0; fi
  if [ ! -e "$run/process" ]; then
    fail 'only a run that the host supervises can go on after a restart'
  elif [ "$(id -u)" != 0 ]; then
    fail 'only root can restart the host; say so with become'
  elif ! command -v shutdown >/dev/null && ! command -v reboot >/dev/null; then
    fail 'there is neither shutdown nor reboot here'
  elif [ -z "$boot" ]; then
    fail 'this host has no boot id, so nobody could tell whether it has restarted'
  else
    sleep "$2"
    depart_run "$1" "$4"
  fi
}

# depart_run TIMEOUT MESSAGE: writes down where the program goes on, and restarts the host; the program ends here
depart_run() {
  kept=/var/tmp/${run##*/}
  rm -rf -- "$kept"
  mkdir -m 700 "$kept" 2>"$run/err" || {
    fail_with "cannot write in /var/tmp" "$run/err"
    return 1
  }
  printf '{"event":"restarting","task":%s,"boot":"%s","timeout":%s}\n' "$task" "$boot" "$1" >&3
  (
    umask 077
    for file in "$run"/*.out "$run"/*.err; do
      if [ -e "$file" ] && [ ! -e "${file%.*}.quiet" ]; then cp "$file" "$kept/"; fi
    done
    for file in "$run"/*.quiet; do
      if [ -e "$file" ]; then cp "$file" "$kept/"; fi
    done
    save >"$kept/results"
    cp "$run/events" "$kept/events"
    printf '%s\n' "$task" "$boot" "$identity" >"$kept/draft"
    chown -R "$(stat -c %u:%g "$run")" "$kept"
    sync
    mv "$kept/draft" "$kept/point"
    sync
  ) >>"$run/out" 2>"$run/err" || {
    fail_with "cannot write down where to go on" "$run/err"
    return 1
  }
  rm -f -- "$run/program"
  go_down "$2" &
  exit 76
}

# go_down MESSAGE: restarts the host, once whoever listens had time to hear of it
go_down() {
  exec </dev/null >/dev/null 2>&1 3>&-
  trap '' HUP TERM
  sleep 2
  shutdown -r now "$1" || reboot
}

# recall_run: takes over what a run left that goes on after a restart; ends with 77 when the host has not restarted yet
recall_run() {
  kept=/var/tmp/${run##*/}
  if [ ! -e "$kept/point" ]; then return 0; fi
  boot_id
  { read -r at && read -r boot_then && read -r made_of; } <"$kept/point" || return 0
  if [ "$boot" = "$boot_then" ]; then
    rm -rf -- "$run"
    exit 77
  fi
  # Another program than the one that was under way begins at its beginning.
  if [ "$made_of" = "$identity" ]; then
    printf '%s\n' "$at" >"$run/point"
    for file in "$kept"/*; do
      case ${file##*/} in point) ;; *) cp "$file" "$run/" ;; esac
    done
  fi
  rm -rf -- "$kept"
}

# restore_run: the variables of the part before the restart
restore_run() {
  if [ ! -e "$run/point" ]; then return 0; fi
  eval "$(cat "$run/results")"
  read -r point <"$run/point"
  for file in "$run"/*.quiet; do
    quiet=${file##*/}
    if [ -e "$file" ]; then eval "r${quiet%.quiet}_ran=lost"; fi
  done
}

# due TASK: whether the stretch that begins with this task is still to be run
due() {
  [ "$1" -ge "$point" ]
}
