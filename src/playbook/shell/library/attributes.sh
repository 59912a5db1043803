# Mode and owner of files.

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
