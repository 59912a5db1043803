# Users and groups.

# group_present NAME GID SYSTEM: the group is there
group_present() {
  if has=$(getent group "$1"); then
    gid=$(printf '%s' "$has" | cut -d : -f 3)
    if [ -z "$2" ] || [ "$gid" = "$2" ]; then return 0; fi
    change "gid of $1 is $gid, wanted $2"
    if [ "$apply" = 0 ]; then return 0; fi
    quietly groupmod -g "$2" -- "$1" || fail_with "cannot change the group $1" "$run/err"
    return
  fi
  change "the group $1 is missing"
  if [ "$apply" = 0 ]; then return 0; fi
  group=$1
  system=$3
  if [ -n "$2" ]; then set -- -g "$2"; else set --; fi
  if [ "$system" = 1 ]; then set -- "$@" -r; fi
  need groupadd || return 1
  quietly groupadd "$@" -- "$group" || fail_with "cannot make the group $group" "$run/err"
}

# group_absent NAME: there is no such group
group_absent() {
  if ! getent group "$1" >/dev/null; then return 0; fi
  change "the group $1 is there"
  if [ "$apply" = 0 ]; then return 0; fi
  quietly groupdel -- "$1" || fail_with "cannot remove the group $1" "$run/err"
}

# user_absent NAME REMOVE FORCE: there is no such user
user_absent() {
  if ! getent passwd "$1" >/dev/null; then return 0; fi
  change "the user $1 is there"
  if [ "$apply" = 0 ]; then return 0; fi
  user=$1
  remove=$2
  force=$3
  set --
  if [ "$remove" = 1 ]; then set -- "$@" -r; fi
  if [ "$force" = 1 ]; then set -- "$@" -f; fi
  quietly userdel "$@" -- "$user" || fail_with "cannot remove the user $user" "$run/err"
}

# user_present NAME APPEND CREATE_HOME SYSTEM: the user is as `want_…` says; empty words leave that alone
user_present() {
  if getent passwd "$1" >/dev/null; then
    user_changed "$1" "$2"
  else
    change "the user $1 is missing"
    if [ "$apply" = 1 ]; then user_made "$1" "$3" "$4"; fi
  fi
}

# user_made NAME CREATE_HOME SYSTEM
user_made() {
  user=$1
  home=$2
  system=$3
  need useradd || return 1
  set --
  if [ -n "$want_uid" ]; then set -- "$@" -u "$want_uid"; fi
  if [ -n "$want_group" ]; then
    set -- "$@" -g "$want_group"
  elif getent group "$user" >/dev/null; then
    # A group of the user's name is there already: useradd would refuse to make it.
    set -- "$@" -N
    if [ -z "$(getent group users)" ]; then set -- "$@" -g "$user"; fi
  fi
  if [ -n "$want_groups" ]; then set -- "$@" -G "$want_groups"; fi
  if [ "$sets_comment" = 1 ]; then set -- "$@" -c "$want_comment"; fi
  if [ -n "$want_home" ]; then set -- "$@" -d "$want_home"; fi
  if [ -n "$want_shell" ]; then set -- "$@" -s "$want_shell"; fi
  if [ "$home" = 1 ]; then set -- "$@" -m; else set -- "$@" -M; fi
  if [ "$system" = 1 ]; then set -- "$@" -r; fi
  quietly useradd "$@" -- "$user" || fail_with "cannot make the user $user" "$run/err"
}

# differs_in WHAT HAS WANTS: whether something is wanted and otherwise
differs_in() {
  if [ -z "$3" ] || [ "$2" = "$3" ]; then return 1; fi
  change "$1 is ${2:-empty}, wanted $3"
}

# user_changed NAME APPEND: an account that is there gets its properties
user_changed() {
  user=$1
  append=$2
  IFS=: read -r _ _ uid gid comment home shell <<ACCOUNT
$(getent passwd "$1")
ACCOUNT
  set --
  if differs_in uid "$uid" "$want_uid"; then set -- "$@" -u "$want_uid"; fi
  if [ -n "$want_group" ] && [ "$gid" != "$want_group" ] &&
    [ "$(getent group "$want_group" | cut -d : -f 3)" != "$gid" ]; then
    change "group is $(id -gn "$user"), wanted $want_group"
    set -- "$@" -g "$want_group"
  fi
  if [ "$sets_groups" = 1 ] && user_groups_differ "$append"; then
    if [ "$append" = 1 ]; then set -- "$@" -a; fi
    set -- "$@" -G "$want_groups"
  fi
  if [ "$sets_comment" = 1 ] && [ "$comment" != "$want_comment" ]; then
    change "comment is ${comment:-empty}, wanted ${want_comment:-none}"
    set -- "$@" -c "$want_comment"
  fi
  if differs_in home "$home" "$want_home"; then set -- "$@" -d "$want_home"; fi
  if differs_in shell "$shell" "$want_shell"; then set -- "$@" -s "$want_shell"; fi
  if [ "$#" = 0 ] || [ "$apply" = 0 ]; then return 0; fi
  quietly usermod "$@" -- "$user" || fail_with "cannot change the user $user" "$run/err"
}

# user_groups_differ APPEND: whether the user's further groups are others than wanted
user_groups_differ() {
  has=,$(id -Gn "$user" | tr ' ' ','),
  main=$(id -gn "$user")
  missing=''
  for group in $(printf '%s' "$want_groups" | tr ',' ' '); do
    case $has in
    *",$group,"*) ;;
    *) missing="$missing${missing:+, }$group" ;;
    esac
  done
  if [ -n "$missing" ]; then
    change "not in $missing"
    return 0
  fi
  if [ "$1" = 1 ]; then return 1; fi
  for group in $(printf '%s' "$has" | tr ',' ' '); do
    case ",$want_groups,$main," in
    *",$group,"*) ;;
    *) missing="$missing${missing:+, }$group" ;;
    esac
  done
  if [ -z "$missing" ]; then return 1; fi
  change "in $missing"
}

# user_password NAME HASH_FUNCTION ALWAYS: the user has the password of this hash
user_password() {
  has=$(getent shadow "$1" | cut -d : -f 2)
  if [ "$has" = "$("$2")" ]; then return 0; fi
  case $reason in *" is missing"*) ;; *) if [ "$3" = 0 ]; then return 0; fi ;; esac
  change 'the password differs'
  if [ "$apply" = 0 ]; then return 0; fi
  { printf '%s:' "$1" && "$2"; } | chpasswd -e >>"$run/out" 2>"$run/err" || fail_with "cannot set the password of $1" "$run/err"
}
