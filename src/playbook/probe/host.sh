# Prints what Aether wants to know of a host as one JSON object, under Ansible's names. Changes nothing, needs no root.
LC_ALL=C
export LC_ALL

# json TEXT: the text as a JSON string
json() {
  printf '%s' "$1" | tr -d '\000-\037\177-\377' | sed 's/\\/\\\\/g; s/"/\\"/g; s/^/"/; s/$/"/' | grep . || printf '""'
}

# text NAME VALUE: one entry, unless the value is empty
text() {
  if [ -n "$2" ]; then printf ',"%s":%s' "$1" "$(json "$2")"; fi
}

# number NAME VALUE: one entry, unless the value is no number
number() {
  case $2 in '' | *[!0-9]*) ;; *) printf ',"%s":%s' "$1" "$2" ;; esac
}

# first_line FILE
first_line() {
  if [ -r "$1" ]; then head -n 1 "$1"; fi
}

# os NAME: a value of /etc/os-release
os() {
  if [ -r /etc/os-release ]; then
    sed -n "s/^$1=//p" /etc/os-release | head -n 1 | sed "s/^[\"']//; s/[\"']\$//"
  fi
}

# distribution: which system this is, in Ansible's words
distribution() {
  id=$(os ID)
  version=$(os VERSION_ID)
  case $id in
  debian) name=Debian family=Debian version=$(first_line /etc/debian_version) ;;
  ubuntu) name=Ubuntu family=Debian ;;
  linuxmint) name='Linux Mint' family=Debian ;;
  rhel) name=RedHat family=RedHat ;;
  centos) name=CentOS family=RedHat ;;
  rocky) name=Rocky family=RedHat ;;
  almalinux) name=AlmaLinux family=RedHat ;;
  ol) name=OracleLinux family=RedHat ;;
  fedora) name=Fedora family=RedHat ;;
  amzn) name=Amazon family=RedHat ;;
  opensuse* | sles) name=$(os NAME) family=Suse ;;
  alpine) name=Alpine family=Alpine ;;
  arch) name=Archlinux family=Archlinux ;;
  *) name=$(os NAME) family=$name ;;
  esac
  case $version in [0-9]*) ;; *) version=$(os VERSION_ID) ;; esac
  text distribution "$name"
  text distribution_version "$version"
  text distribution_major_version "${version%%.*}"
  text distribution_release "$(os VERSION_CODENAME)"
  text os_family "$family"
}

# package_manager: what installs packages here
package_manager() {
  for pair in apt-get:apt dnf:dnf yum:yum zypper:zypper apk:apk pacman:pacman; do
    if command -v "${pair%%:*}" >/dev/null; then
      text pkg_mgr "${pair##*:}"
      return
    fi
  done
}

# user: who we are here
user() {
  text user_id "$(id -un)"
  number user_uid "$(id -u)"
  number user_gid "$(id -g)"
  number effective_user_id "$(id -u)"
  text user_dir "${HOME:-}"
  printf ',"env":{"HOME":%s,"PATH":%s}' "$(json "${HOME:-}")" "$(json "${PATH:-}")"
}

# machine: processors, memory, names of the machine
machine() {
  text machine "$(uname -m)"
  text architecture "$(uname -m)"
  text system "$(uname -s)"
  text kernel "$(uname -r)"
  text nodename "$(uname -n)"
  node=$(uname -n)
  text hostname "${node%%.*}"
  number processor_vcpus "$(getconf _NPROCESSORS_ONLN 2>/dev/null || nproc 2>/dev/null)"
  number memtotal_mb "$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo 2>/dev/null | awk '{ print int($1 / 1024) }')"
  text machine_id "$(first_line /etc/machine-id)"
  text boot_id "$(first_line /proc/sys/kernel/random/boot_id)"
  service=$(first_line /proc/1/comm)
  text service_mgr "${service:-unknown}"
  text aether_glibc_version "$(getconf GNU_LIBC_VERSION 2>/dev/null | sed -n 's/^glibc //p')"
}

# selinux: whether it is there and what it does
selinux() {
  if [ -r /sys/fs/selinux/enforce ]; then
    mode=permissive
    if [ "$(first_line /sys/fs/selinux/enforce)" = 1 ]; then mode=enforcing; fi
    printf ',"selinux":{"status":"enabled","mode":"%s"}' "$mode"
  else
    printf ',"selinux":{"status":"disabled"}'
  fi
}

# python: the interpreter, when there is one
python() {
  path=$(command -v python3) || return 0
  version=$("$path" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null </dev/null) || return 0
  rest=${version#*.}
  text python_version "$version"
  printf ',"python":{"executable":%s,"version":{"major":%s,"minor":%s,"micro":%s}}' \
    "$(json "$path")" "${version%%.*}" "${rest%%.*}" "${rest##*.}"
}

printf '{"aether_probe":1'
machine
distribution
package_manager
user
selinux
python
graphics
printf '}\n'
