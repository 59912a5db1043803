# Debian packages.

# apt_get WORD…: runs apt-get without a question; waits `patience` seconds for another that holds the packages
apt_get() {
  need apt-get || return 1
  quietly env DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical LC_ALL=C apt-get -q -y \
    -o "DPkg::Lock::Timeout=$patience" -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}

# apt_looks WORD…: apt-get, only looking
apt_looks() {
  ask env LC_ALL=C apt-get -s -q "$@"
}

# apt_simulated NAME…: what apt-get would do
apt_simulated() {
  "$options" apt_looks install -- "$@"
}

# apt_failed TEXT: apt-get went wrong; its first error says why
apt_failed() {
  if [ "$state" = failed ]; then return 0; fi
  words=$(grep -m 1 '^E: ' "$run/err" || tail -n 1 "$run/err")
  fail "$1${words:+: $words}"
}

# apt_update: fetches the package lists; waits for another that does the same
apt_update() {
  waited=0
  while ! apt_get update; do
    # apt-get waits for the lock on packages by itself, for that on lists it does not.
    if [ "$waited" -ge "$patience" ] || ! grep -q 'Could not get lock\|Unable to lock' "$run/err"; then
      apt_failed 'apt-get update failed'
      return 1
    fi
    sleep 2
    waited=$((waited + 2))
  done
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
  apt_update
}

# package_version NAME: the installed version, or nothing
package_version() {
  dpkg-query -W -f '${db:Status-Abbrev} ${Version}\n' -- "$1" 2>/dev/null |
    while IFS=' ' read -r status version; do
      case $status in ?i) printf '%s' "$version" ;; esac
    done
}

# directly WORD…: runs it as it is
directly() {
  "$@"
}

# apt_missing STATE NAME…: those that are not as wanted, in `wanted`
apt_missing() {
  latest=$1
  shift
  wanted=''
  for name in "$@"; do
    has=$(package_version "${name%%=*}")
    case $name in
    *=*)
      if "$fits" "${name%%=*}=$has"; then continue; fi
      ;;
    *)
      if [ -n "$has" ] && [ "$latest" = present ]; then continue; fi
      if [ -n "$has" ] && ! apt_upgradable "$name"; then continue; fi
      ;;
    esac
    if [ -n "$has" ] || [ "$only_upgrade" = 0 ]; then wanted="$wanted${wanted:+ }$name"; fi
  done
}

# apt_upgradable NAME: whether there is a newer one
apt_upgradable() {
  apt_simulated "$1" | grep -q "^Inst ${1%%:*} "
}

# apt_provided NAME…: whether apt-get finds nothing to do, as for a package that another one stands for
apt_provided() {
  simulated=$(apt_simulated "$@") || return 1
  case $simulated in
  *'
Inst '*) return 1 ;;
  esac
}

# apt_present STATE ONLY_UPGRADE NAME…: packages are installed; `options` adds words for apt-get, `fits` knows versions
apt_present() {
  state_wanted=$1
  only_upgrade=$2
  shift 2
  apt_missing "$state_wanted" "$@"
  if [ -z "$wanted" ] || apt_provided "$@"; then return 0; fi
  change "not installed as wanted: $wanted"
  if [ "$apply" = 0 ]; then return 0; fi
  "$options" apt_get install -- "$@" || apt_failed 'apt-get install failed'
}

# packages_like PATTERN: names of installed packages that fit
packages_like() {
  dpkg-query -W -f '${db:Status-Abbrev} ${binary:Package}\n' -- "$1" 2>/dev/null | sed -n 's/^.i. *//p'
}

# packages_left PATTERN: names of removed packages that fit and whose settings are still there
packages_left() {
  dpkg-query -W -f '${db:Status-Abbrev} ${binary:Package}\n' -- "$1" 2>/dev/null | sed -n 's/^.c. *//p'
}

# apt_absent PURGE AUTOREMOVE NAME…: packages are not installed
apt_absent() {
  purge=$1
  auto=$2
  shift 2
  found=$(for name in "$@"; do
    packages_like "$name"
    if [ "$purge" = 1 ]; then packages_left "$name"; fi
  done)
  if [ -z "$found" ]; then return 0; fi
  set --
  for name in $found; do set -- "$@" "$name"; done
  change "installed: $*"
  if [ "$apply" = 0 ]; then return 0; fi
  set -- -- "$@"
  if [ "$purge" = 1 ]; then set -- --purge "$@"; fi
  if [ "$auto" = 1 ]; then set -- --auto-remove "$@"; fi
  apt_get remove "$@" || apt_failed 'apt-get remove failed'
}

# apt_file PACKAGE IS_ADDRESS: the package of this file is installed, in this version or a later one
apt_file() {
  if [ "$state" = failed ]; then return 1; fi
  file=$1
  if [ "$2" = 1 ]; then
    file=$run/package.deb
    fetch "$1" "$file" 30 || {
      fail_with "cannot download $1" "$run/err"
      return 1
    }
  fi
  fields=$(ask dpkg-deb -W --showformat="\${Package}:\${Architecture} \${Version}" "$file") || {
    fail_with "cannot read $1" "$run/err"
    return 1
  }
  package=${fields%% *}
  has=$(package_version "${package%:all}")
  if [ -n "$has" ] && dpkg --compare-versions "$has" ge "${fields#* }"; then return 0; fi
  change "${package%:*} ${fields#* } is not installed"
  if [ "$apply" = 0 ]; then return 0; fi
  # Who unpacks as another user must be able to read it.
  chmod 755 "$run" && chmod 644 "$file"
  apt_get install --allow-downgrades -- "$file" || apt_failed 'apt-get install failed'
  chmod 700 "$run"
}

# dpkg_selection NAME SELECTION: what dpkg is to do with a package from now on
dpkg_selection() {
  need dpkg || return 1
  has=$(ask dpkg --get-selections "$1") || {
    fail_with "cannot ask dpkg for $1" "$run/err"
    return 1
  }
  if grep -q 'no packages found matching' "$run/err"; then
    fail "dpkg knows no package $1"
    return 1
  fi
  has=$(printf '%s' "$has" | awk 'NR == 1 { print $2 }')
  if [ "$has" = "$2" ]; then return 0; fi
  change "selection is ${has:-unset}, wanted $2"
  if [ "$apply" = 0 ]; then return 0; fi
  printf '%s %s\n' "$1" "$2" | dpkg --set-selections >>"$run/out" 2>"$run/err" || fail_with "cannot select $1" "$run/err"
}
