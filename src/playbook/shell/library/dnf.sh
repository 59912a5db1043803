# Packages of Red Hat's family. `options` adds words for dnf.

# dnf_run WORD…: runs dnf, or yum where there is no dnf, without a question
dnf_run() {
  tool=dnf
  if ! command -v dnf >/dev/null; then tool=yum; fi
  need "$tool" || return 1
  quietly env LC_ALL=C "$tool" -q -y "$@"
}

# dnf_failed TEXT: dnf went wrong; its first error says why
dnf_failed() {
  if [ "$state" = failed ]; then return 0; fi
  words=$(grep -m 1 '^\(Error\|error\|No match\)' "$run/err" || tail -n 1 "$run/err")
  fail "$1${words:+: $words}"
}

# dnf_lists ALONE: what the repositories hold is asked anew
dnf_lists() {
  if [ "$1" = 1 ]; then change 'what the repositories hold is asked anew'; fi
  if [ "$apply" = 0 ]; then return 0; fi
  { "$options" dnf_run clean expire-cache && "$options" dnf_run makecache; } || dnf_failed 'dnf makecache failed'
}

# rpm_there NAME: whether a package is installed: by its name, with its version, by a pattern, a path or its file
rpm_there() {
  case $1 in
  *://*.rpm | /*.rpm)
    full=$(ask rpm -q -p --qf '%{name}-%{version}-%{release}.%{arch}' -- "$1") || return 1
    ask rpm -q -- "$full" >/dev/null
    ;;
  *[*?]*) [ -n "$(ask rpm -q -a -- "$1")" ] ;;
  /*) ask rpm -q -f -- "$1" >/dev/null ;;
  *) ask rpm -q -- "$1" >/dev/null || ask rpm -q --whatprovides -- "$1" >/dev/null ;;
  esac
}

# ask_dnf WORD…: dnf, only looking
ask_dnf() {
  tool=dnf
  if ! command -v dnf >/dev/null; then tool=yum; fi
  ask env LC_ALL=C "$tool" -q "$@"
}

# dnf_newer NAME: whether there is a newer one
dnf_newer() {
  "$options" ask_dnf check-update "$1" >/dev/null
  [ "$?" = 100 ]
}

# dnf_present STATE DOWNGRADE NAME…: packages are installed
dnf_present() {
  latest=$1
  downgrade=$2
  shift 2
  need rpm || return 1
  wanted=''
  for name in "$@"; do
    if rpm_there "$name" && { [ "$latest" = present ] || ! dnf_newer "$name"; }; then continue; fi
    wanted="$wanted${wanted:+ }$name"
  done
  if [ -z "$wanted" ]; then return 0; fi
  change "not installed as wanted: $wanted"
  if [ "$apply" = 0 ]; then return 0; fi
  "$options" dnf_run install -- "$@" || {
    dnf_failed 'dnf install failed'
    return 1
  }
  dnf_settled "$downgrade" "$latest" "$@"
}

# dnf_settled DOWNGRADE STATE NAME…: dnf ends well although a newer package is there or an upgrade is another verb
dnf_settled() {
  downgrade=$1
  latest=$2
  shift 2
  for name in "$@"; do
    if [ "$latest" = latest ] && dnf_newer "$name"; then
      "$options" dnf_run upgrade -- "$name" || dnf_failed 'dnf upgrade failed'
    elif ! rpm_there "$name"; then
      if [ "$downgrade" = 0 ]; then
        fail "$name was not installed: another version is there, or it has another name"
      else
        "$options" dnf_run downgrade -- "$name" || dnf_failed 'dnf downgrade failed'
      fi
    fi
  done
}

# dnf_absent AUTOREMOVE NAME…: packages are not installed
dnf_absent() {
  verb=remove
  if [ "$1" = 1 ]; then verb=autoremove; fi
  shift
  need rpm || return 1
  wanted=''
  for name in "$@"; do
    if rpm_there "$name"; then wanted="$wanted${wanted:+ }$name"; fi
  done
  if [ -z "$wanted" ]; then return 0; fi
  change "installed: $wanted"
  if [ "$apply" = 0 ]; then return 0; fi
  "$options" dnf_run "$verb" -- "$@" || dnf_failed "dnf $verb failed"
}
