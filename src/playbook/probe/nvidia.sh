# NVIDIA's part of the probe: cards, driver, and what stands in the way. `json`, `text` and `number` are in the other part.

# bounded SECONDS COMMAND...: runs it without input. Its output, then `=STATUS`, or `=late` when it took too long. What
# hangs in the kernel cannot be killed, so nobody waits for its end.
bounded() {
  seconds=$1
  shift
  {
    ( "$@" </dev/null 2>&1; printf '\n=%s\n' "$?" ) &
    worker=$!
    (
      while [ "$seconds" -gt 0 ] && kill -0 "$worker"; do
        sleep 1
        seconds=$((seconds - 1))
      done
      printf '\n=late\n'
      kill "$worker"
    ) 2>/dev/null &
  } 2>/dev/null | sed '/^=/q'
}

# line FILE: its first line, without another process
line() {
  found=''
  if [ -r "$1" ]; then IFS= read -r found <"$1" || :; fi
  printf '%s' "$found"
}

# ask FIELDS: what nvidia-smi lists of each card
ask() {
  bounded "${AETHER_PROBE_PATIENCE:-15}" nvidia-smi "--query-gpu=$1" --format=csv,noheader,nounits
}

# cards: as the driver's own tool sees them; what it says when it sees none
cards() {
  listed='' said=''
  if command -v nvidia-smi >/dev/null; then
    listed=$(ask name,memory.total,driver_version,compute_cap,mig.mode.current)
    case $listed in *'not a valid field'*) listed=$(ask name,memory.total,driver_version) ;; esac
  fi
  printf ',"aether_gpus":['
  comma=''
  while IFS=, read -r name memory driver capability mig; do
    driver=${driver# } capability=${capability# } memory=${memory# }
    case $driver in
    [0-9]*.[0-9]*) ;;
    *)
      case $name in '' | =0) ;; =late) said='it did not answer' ;; =*) ;; *) said=${said:-"$name${memory:+, $memory}"} ;; esac
      continue
      ;;
    esac
    case $memory in '' | *[!0-9]*) memory=0 ;; esac
    case $capability in [0-9]*.[0-9]*) ;; *) capability='' ;; esac
    case $mig in *Enabled*) mig=',"mig":true' ;; *) mig='' ;; esac
    printf '%s{"name":%s,"memory_mib":%s,"driver":%s,"compute_capability":%s%s}' "$comma" "$(json "$name")" "$memory" \
      "$(json "$driver")" "$(json "$capability")" "$mig"
    comma=,
  done <<END
$listed
END
  printf ']'
  text aether_nvidia_smi "$said"
}

# devices: NVIDIA's on the bus, whether a driver knows them or not
devices() {
  switches=0
  printf ',"aether_pci_gpus":['
  comma=''
  for device in /sys/bus/pci/devices/*; do
    if [ "$(line "$device/vendor")" != 0x10de ]; then continue; fi
    class=$(line "$device/class")
    case $class in
    0x03*)
      id=$(line "$device/device")
      printf '%s{"id":"10de:%s","class":"%s","slot":%s}' "$comma" "${id#0x}" "${class#0x}" "$(json "${device##*/}")"
      comma=,
      ;;
    0x0680*) switches=$((switches + 1)) ;;
    esac
  done
  printf '],"aether_nvswitches":%s' "$switches"
}

# library: the version of the driver's libraries, from the name that the stable one points to
library() {
  for folder in "/usr/lib/$(uname -m)-linux-gnu" /usr/lib64 /usr/lib; do
    for file in "$folder"/libnvidia-ml.so.1 "$folder"/libcuda.so.1; do
      if [ ! -L "$file" ]; then continue; fi
      target=$(readlink "$file")
      version=${target##*.so.}
      case $version in [0-9]*.[0-9]*) printf '%s' "$version" && return ;; esac
    done
  done
}

# modules: what is loaded
modules() {
  text aether_nvidia_module "$(line /sys/module/nvidia/version)"
  case $(line /proc/driver/nvidia/version) in
  *'Open Kernel Module'*) text aether_nvidia_module_kind open ;;
  *'Kernel Module'*) text aether_nvidia_module_kind proprietary ;;
  esac
  text aether_nvidia_library "$(library)"
  if [ -d /sys/module/nouveau ]; then nouveau=true; else nouveau=false; fi
  printf ',"aether_nouveau":%s' "$nouveau"
}

# secure_boot: whether the firmware lets unsigned modules in
secure_boot() {
  variable=/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c
  if [ ! -d /sys/firmware/efi ]; then
    text aether_secure_boot disabled
  elif [ -r "$variable" ]; then
    case $(od -An -t u1 "$variable" 2>/dev/null) in
    *' 1') text aether_secure_boot enabled ;;
    *' 0') text aether_secure_boot disabled ;;
    *) text aether_secure_boot unknown ;;
    esac
  else
    text aether_secure_boot unknown
  fi
}

# fabric: whether the service that joins the cards runs; asked only where there is something to join
fabric() {
  if [ "$switches" -gt 0 ] && command -v systemctl >/dev/null; then
    case $(bounded 5 systemctl is-active nvidia-fabricmanager) in
    active*) text aether_fabric_manager active ;;
    *) text aether_fabric_manager inactive ;;
    esac
  fi
}

# shadows: places that put other libraries before those of the wheels
shadows() {
  printf ',"aether_library_paths":['
  comma=''
  shadow environment "${LD_LIBRARY_PATH:-}"
  for file in /etc/environment /etc/profile /etc/profile.d/*.sh /etc/bash.bashrc "${HOME:-/}/.profile" "${HOME:-/}/.bashrc" \
    "${HOME:-/}/.bash_profile" "${HOME:-/}/.zshenv" "${HOME:-/}/.ssh/environment"; do
    if [ -r "$file" ]; then
      shadow "$file" "$(sed -n '/^[^#]*LD_LIBRARY_PATH=/{s/.*LD_LIBRARY_PATH=//p;q;}' "$file")"
    fi
  done
  for file in /etc/ld.so.conf.d/*.conf; do
    if [ -r "$file" ]; then shadow "$file" "$(sed -n '/^[^#]*cuda/{p;q;}' "$file")"; fi
  done
  printf ']'
}

# shadow PLACE PATHS: one entry, unless there is none
shadow() {
  if [ -n "$2" ]; then
    printf '%s{"place":%s,"paths":%s}' "$comma" "$(json "$1")" "$(json "$2")"
    comma=,
  fi
}

# container: whether this is one, where the driver is the business of the machine around it
container() {
  if [ -e /.dockerenv ] || [ -e /run/.containerenv ] || [ -e /run/systemd/container ]; then inside=true; else inside=false; fi
  printf ',"aether_container":%s' "$inside"
}

# graphics: everything about NVIDIA
graphics() {
  cards
  devices
  modules
  secure_boot
  fabric
  shadows
  container
}
