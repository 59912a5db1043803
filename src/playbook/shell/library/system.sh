# Services and kernel modules.

# reload_units: systemd reads its files anew
reload_units() {
  need systemctl || return 1
  if [ "$apply" = 0 ]; then return 0; fi
  quietly systemctl daemon-reload || fail_with 'systemctl daemon-reload failed' "$run/err"
}

# unit_known NAME: whether systemd knows the service; how it runs is in `active`, which is empty where systemd does not
unit_known() {
  active=''
  if shown=$(ask systemctl show --property=LoadState --property=ActiveState -- "$1"); then
    active=$(printf '%s\n' "$shown" | sed -n 's/^ActiveState=//p')
    load=$(printf '%s\n' "$shown" | sed -n 's/^LoadState=//p')
    if [ -n "$load" ] && [ "$load" != not-found ]; then return 0; fi
  else
    case $(ask systemctl is-enabled -- "$1") in
    enabled* | linked* | masked* | static | indirect | disabled | generated | transient) return 0 ;;
    esac
  fi
  [ -x "/etc/init.d/${1%.service}" ]
}

# unit NAME STATE ENABLED MASKED WORD…: a service is as wanted; empty words leave that alone
unit() {
  name=$1
  wants_state=$2
  wants_enabled=$3
  wants_masked=$4
  shift 4
  need systemctl || return 1
  known=1
  unit_known "$name" || known=0
  if [ -n "$wants_masked" ]; then unit_masked "$wants_masked" "$@" || return 1; fi
  if [ "$known" = 0 ] && [ -n "$wants_state$wants_enabled" ]; then
    fail "there is no service $name here"
    return 1
  fi
  if [ -n "$wants_enabled" ]; then unit_enabled "$wants_enabled" "$@" || return 1; fi
  if [ -n "$wants_state" ]; then unit_runs "$wants_state" "$@"; fi
}

# unit_masked WANTED WORD…: the service can be started, or cannot
unit_masked() {
  masked=0
  if [ "$(ask systemctl is-enabled -- "$name")" = masked ]; then masked=1; fi
  if [ "$masked" = "$1" ]; then return 0; fi
  verb=mask
  if [ "$1" = 0 ]; then verb=unmask; fi
  shift
  unit_do "$verb" "$name is to be ${verb}ed" "$@"
}

# unit_enabled WANTED WORD…: the service starts with the host, or does not
unit_enabled() {
  enabled=0
  if answer=$(ask systemctl is-enabled -l -- "$name"); then
    case $answer in enabled-runtime | indirect | alias) ;; *) enabled=1 ;; esac
  fi
  if [ "$enabled" = "$1" ]; then return 0; fi
  verb=enable
  if [ "$1" = 0 ]; then verb=disable; fi
  shift
  unit_do "$verb" "$name is to be ${verb}d" "$@"
}

# unit_runs WANTED WORD…: the service runs, does not run, or starts anew
unit_runs() {
  verb=''
  case $1,$active in
  *,)
    fail "systemd does not run here, so $name cannot be $1"
    return 1
    ;;
  started,active | started,activating | started,reloading) ;;
  started,*) verb=start ;;
  stopped,active | stopped,activating | stopped,deactivating | stopped,reloading) verb=stop ;;
  stopped,*) ;;
  *,active | *,activating)
    verb=${1%ed}
    active="to be $1"
    ;;
  *) verb=start ;;
  esac
  if [ -z "$verb" ]; then return 0; fi
  shift
  unit_do "$verb" "$name is $active" "$@"
}

# unit_do VERB REASON WORD…: has systemd do it
unit_do() {
  change "$2"
  if [ "$apply" = 0 ]; then return 0; fi
  verb=$1
  shift 2
  quietly systemctl "$@" "$verb" -- "$name" || {
    fail_with "cannot $verb $name" "$run/err"
    return 1
  }
}

# module_loaded NAME: whether the kernel has the module
module_loaded() {
  name=$(printf '%s' "$1" | tr - _)
  if grep -q "^$name " /proc/modules 2>/dev/null; then return 0; fi
  # What is built into the kernel is in no list of what was loaded.
  tr - _ <"/lib/modules/$(uname -r)/modules.builtin" 2>/dev/null | grep -q "/$name\\.ko\$"
}

# kernel_module NAME STATE PARAMETER…: the kernel has the module, or has it not
kernel_module() {
  if module_loaded "$1"; then has=present; else has=absent; fi
  if [ "$has" = "$2" ]; then return 0; fi
  need modprobe || return 1
  if [ "$2" = present ]; then change "$1 is not loaded"; else change "$1 is loaded"; fi
  if [ "$apply" = 0 ]; then return 0; fi
  if [ "$2" = absent ]; then
    quietly modprobe -r -- "$1" || fail_with "cannot unload $1" "$run/err"
  else
    name=$1
    shift 2
    quietly modprobe -- "$name" "$@" || fail_with "cannot load $name" "$run/err"
  fi
}

# lines_like PATTERN FILE…: whether one of the files has such a line
lines_like() {
  pattern=$1
  shift
  for file in "$@"; do
    if [ -f "$file" ] && grep -q -- "$pattern" "$file"; then return 0; fi
  done
  return 1
}

# kernel_module_stays NAME PARAMETERS: the module is loaded when the host starts
kernel_module_stays() {
  if [ "$state" = failed ]; then return 1; fi
  if ! lines_like "^$1[[:space:]]*\\(#.*\\)\\{0,1\\}\$" /etc/modules-load.d/*.conf; then
    change "$1 is not loaded when the host starts"
    if [ "$apply" = 1 ]; then write_line "/etc/modules-load.d/$1.conf" "$1" || return 1; fi
  fi
  if [ -z "$2" ] || lines_like "^options $1 $2\$" /etc/modprobe.d/*.conf; then return 0; fi
  change "parameters of $1 are not written down"
  if [ "$apply" = 1 ]; then write_line "/etc/modprobe.d/$1.conf" "options $1 $2"; fi
}

# write_line FILE LINE: the file has this line only
write_line() {
  { make_directory "$(parent "$1")" 755 '' '' && printf '%s\n' "$2" >"$1"; } 2>"$run/err" || {
    fail_with "cannot write $1" "$run/err"
    return 1
  }
}

# kernel_module_goes NAME: the module is not loaded when the host starts
kernel_module_goes() {
  if [ "$state" = failed ]; then return 1; fi
  for file in /etc/modules-load.d/*.conf /etc/modprobe.d/*.conf; do
    if ! lines_like "^\\(options \\)\\{0,1\\}$1\\([[:space:]].*\\)\\{0,1\\}\$" "$file"; then continue; fi
    change "$1 is in $file"
    if [ "$apply" = 0 ]; then continue; fi
    quietly sed -i "s/^\\(options \\)\\{0,1\\}$1\\([[:space:]].*\\)\\{0,1\\}\$/#&/" "$file" || {
      fail_with "cannot write $file" "$run/err"
      return 1
    }
  done
}
