# Files from elsewhere.

# fetch URL FILE SECONDS: downloads; the address, which may hold a password, is on nobody's command line
fetch() {
  : >"$run/err"
  (
    exec 3>&-
    "$around"
    if command -v curl >/dev/null; then
      printf 'url = "%s"\n' "$1" | curl --fail --silent --show-error --location --connect-timeout "$3" \
        --speed-limit 1 --speed-time "$3" --output "$2" --config -
    elif command -v python3 >/dev/null; then
      printf '%s\n' "$1" | python3 -c '
import shutil, sys, urllib.request
address = sys.stdin.readline().strip()
try:
    with urllib.request.urlopen(address, timeout=float(sys.argv[2])) as answer, open(sys.argv[1], "wb") as file:
        shutil.copyfileobj(answer, file)
except (OSError, ValueError) as error:
    sys.exit(str(error))' "$2" "$3"
    elif wget --version >/dev/null 2>&1; then
      printf '%s\n' "$1" | wget --no-verbose --tries 1 --timeout "$3" --output-document "$2" --input-file -
    else
      echo 'there is neither curl nor wget nor python3 to download with' >&2
      exit 127
    fi
  ) >>"$run/out" 2>"$run/err"
}

# digest KIND FILE: its checksum of this kind
digest() {
  set -- "$("$1sum" <"$2")"
  printf '%s' "${1%% *}"
}

# download DEST URL MODE OWNER GROUP FORCE KIND CHECKSUM SECONDS: the file is there as its address gives it
download() {
  dest=$1
  if [ -d "$dest" ]; then
    fail "$dest is a directory"
    return 1
  fi
  if [ -e "$dest" ]; then
    if [ "$6" = 0 ] && { [ -z "$7" ] || [ "$(digest "$7" "$dest")" = "$8" ]; }; then
      attributes 1 "$dest" "$3" "$4" "$5"
      return
    fi
    if [ -n "$7" ] && [ "$(digest "$7" "$dest")" != "$8" ]; then change "the checksum of $dest differs"; fi
  else
    change "$dest is missing"
  fi
  if [ "$apply" = 0 ] && [ "$state" = changed ]; then return 0; fi
  downloaded "$@"
}

# downloaded DEST URL MODE OWNER GROUP FORCE KIND CHECKSUM SECONDS: fetches the file, and puts it there when it differs
downloaded() {
  within=$(parent "$dest")
  if [ ! -d "$within" ]; then
    fail "$within is missing"
    return 1
  fi
  # A look must not write where files are kept.
  if [ "$apply" = 0 ]; then beside=$run/fetched; else beside_dest || return 1; fi
  if ! fetch "$2" "$beside" "$9"; then
    fail_with "cannot download $dest" "$run/err"
  elif [ -n "$7" ] && [ "$(digest "$7" "$beside")" != "$8" ]; then
    fail "what was downloaded has another checksum: $(digest "$7" "$beside")"
  elif [ -e "$dest" ] && [ "$(sum "$dest")" = "$(sum "$beside")" ]; then
    rm -f -- "$beside"
    attributes 1 "$dest" "$3" "$4" "$5"
    return
  else
    if [ "$state" = ok ]; then change 'content differs'; fi
    if [ "$apply" = 1 ]; then settle "$beside" "$3" "$4" "$5"; fi
  fi
  if [ -e "$beside" ]; then rm -f -- "$beside"; fi
}
