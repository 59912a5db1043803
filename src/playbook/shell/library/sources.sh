# Where packages come from.

# deb822_key SLUG URL: apt has the key that this address gives; its file is in `key_file`
deb822_key() {
  fetch "$2" "$run/key" 30 || {
    fail_with "cannot download the key $2" "$run/err"
    return 1
  }
  key_file=/etc/apt/keyrings/$1.gpg
  if grep -q 'BEGIN PGP PUBLIC KEY BLOCK' "$run/key"; then key_file=/etc/apt/keyrings/$1.asc; fi
  dest=$key_file
  if [ -e "$dest" ] && [ "$(sum "$dest")" = "$(sum "$run/key")" ]; then
    attributes 1 "$dest" 644 '' ''
    return 0
  fi
  if [ -e "$dest" ]; then change 'the key differs'; else change "the key $dest is missing"; fi
  if [ "$apply" = 0 ]; then return 0; fi
  make_directory /etc/apt/keyrings 755 '' '' || return 1
  beside_dest || return 1
  quietly cp -- "$run/key" "$beside" || {
    rm -f -- "$beside"
    fail_with "could not write all of $dest" "$run/err"
    return 1
  }
  settle "$beside" 644 '' ''
}

# deb822_file SLUG SHA256 PAYLOAD MODE: the file of the source has this content
deb822_file() {
  place "/etc/apt/sources.list.d/$1.sources" "$2" "$3" "$4" '' '' 1 0 '' 0
}

# deb822_absent SLUG: neither the source nor its key are there
deb822_absent() {
  absent "/etc/apt/sources.list.d/$1.sources"
  absent "/etc/apt/keyrings/$1.asc"
  absent "/etc/apt/keyrings/$1.gpg"
}

# source_in LINE FILE: `on`, `off` or nothing, as the file has the line, has it behind a sign, or not at all
source_in() {
  line=$1 LC_ALL=C awk '
    BEGIN { line = ENVIRON["line"] }
    {
      is_off = sub(/^[ \t]*#[ \t]*/, ""); sub(/#.*/, ""); $1 = $1
      if ($0 != line) next
      if (is_off) off = 1; else on = 1
    }
    END { if (on) print "on"; else if (off) print "off" }' <"$2"
}

# without_source LINE ON FILE: the file without the line, or with it switched on, on standard output
without_source() {
  line=$1 on=$2 LC_ALL=C awk '
    BEGIN { line = ENVIRON["line"] }
    {
      text = $0; is_off = sub(/^[ \t]*#[ \t]*/, ""); sub(/#.*/, ""); $1 = $1
      if ($0 != line) { print text; next }
      if (ENVIRON["on"] == 1) { print line; next }
      if (is_off) print text
    }' <"$3"
}

# source_files: every file with lines of sources
source_files() {
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    if [ -f "$file" ]; then printf '%s\n' "$file"; fi
  done
}

# with_source LINE FILE: the file, which may be missing, with the line at its end, on standard output
with_source() {
  if [ -f "$2" ]; then cat -- "$2" || return 1; fi
  printf '%s\n' "$1"
}

# source_present LINE FILE MODE UPDATE: apt has this source
source_present() {
  where=''
  for file in $(source_files); do
    case $(source_in "$1" "$file") in
    on) return 0 ;;
    off) where=$file ;;
    esac
  done
  if [ -n "$where" ]; then change "the source is switched off in $where"; else change 'the source is missing'; fi
  if [ "$apply" = 0 ]; then return 0; fi
  dest=${where:-$2}
  if [ -n "$where" ]; then
    edit without_source "$1" 1 "$where" && take_over '' '' ''
  else
    edit with_source "$1" "$2" && take_over "${3:-644}" '' ''
  fi || return 1
  if [ "$4" = 1 ]; then apt_update; fi
}

# source_absent LINE FILE MODE UPDATE: apt has no such source
source_absent() {
  for file in $(source_files); do
    if [ "$(source_in "$1" "$file")" != on ]; then continue; fi
    change "the source is in $file"
    if [ "$apply" = 0 ]; then continue; fi
    dest=$file
    edit without_source "$1" 0 "$file" || return 1
    if [ -s "$run/edited" ]; then take_over '' '' '' || return 1; else rm -f -- "$file"; fi
  done
  if [ "$4" = 1 ] && [ "$apply" = 1 ] && [ "$state" = changed ]; then apt_update; fi
}

# ini_lines FILE SECTION: the entries of a section, sorted, as Python writes them
ini_lines() {
  section="[$2]" LC_ALL=C awk '
    /^[ \t]*([#;]|$)/ { next }
    /^\[/ { sub(/[ \t]+$/, ""); within = $0 == ENVIRON["section"]; next }
    !within { next }
    /^[ \t]/ { sub(/^[ \t]+/, ""); sub(/[ \t]+$/, ""); entry[n] = entry[n] "\001\t" $0; next }
    {
      match($0, /[ \t]*[=:][ \t]*/); key = tolower(substr($0, 1, RSTART - 1)); value = substr($0, RSTART + RLENGTH)
      sub(/[ \t]+$/, "", value); entry[++n] = key " = " value
    }
    END { for (i = 1; i <= n; i++) print entry[i] }' <"$1" | LC_ALL=C sort | tr '\001' '\n'
}

# ini_without FILE SECTION: the file without a section
ini_without() {
  section="[$2]" LC_ALL=C awk '
    /^\[/ { name = $0; sub(/[ \t]+$/, "", name); within = name == ENVIRON["section"] }
    !within' <"$1"
}

# ini_text OTHERS SECTION LINES: the other sections, and then this one if it has lines
ini_text() {
  printf '%s' "${1:+$1

}"
  printf '%s' "${3:+[$2]
$3

}"
}

# ini_section FILE SECTION LINES MODE OWNER GROUP: the section has these lines; without lines, it is not there
ini_section() {
  dest=$1
  within=$(parent "$1")
  if [ ! -d "$within" ]; then
    fail "$within is missing"
    return 1
  fi
  has=''
  others=''
  if [ -f "$dest" ]; then
    has=$(ini_lines "$dest" "$2")
    others=$(ini_without "$dest" "$2")
  fi
  if [ "$has" = "$3" ]; then
    if [ -f "$dest" ]; then attributes 1 "$dest" "$4" "$5" "$6"; fi
    return
  fi
  case $has,$3 in
  ,*) change "[$2] is missing in $dest" ;;
  *,) change "[$2] is in $dest" ;;
  *) change "[$2] in $dest differs" ;;
  esac
  if [ "$apply" = 0 ]; then return 0; fi
  if [ -z "$others$3" ]; then
    rm -f -- "$dest"
    return
  fi
  edit ini_text "$others" "$2" "$3" && take_over "$4" "$5" "$6"
}

# rpm_key KEY STATE FINGERPRINT…: rpm trusts the key, or does not
rpm_key() {
  key=$1
  wants=$2
  shift 2
  need rpm || return 1
  need gpg || return 1
  file=''
  case $key in
  *://*)
    file=$run/key
    fetch "$key" "$file" 30 || {
      fail_with "cannot download the key $key" "$run/err"
      return 1
    }
    ;;
  /*) file=$key ;;
  esac
  id=${key#0x}
  if [ -n "$file" ]; then
    shown=$(ask gpg --no-tty --batch --with-colons --import-options show-only --dry-run --import "$file") || {
      fail_with "$key is no key" "$run/err"
      return 1
    }
    id=$(printf '%s\n' "$shown" | awk -F: '$1 == "pub" { print $5; exit }')
    for print in "$@"; do
      if ! printf '%s\n' "$shown" | grep -q "^fpr:.*:$print:"; then
        fail "$key has not the fingerprint $print"
        return 1
      fi
    done
  fi
  id=$(printf '%s' "$id" | tr a-f A-F)
  has=absent
  if trusted "$id"; then has=present; fi
  if [ "$has" = "$wants" ]; then return 0; fi
  change "the key $id is $has"
  if [ "$apply" = 0 ]; then return 0; fi
  if [ "$wants" = absent ]; then
    short=$(printf '%s' "$id" | tail -c 8 | tr A-F a-f)
    quietly rpm --erase --allmatches "gpg-pubkey-$short" || fail_with "cannot remove the key $id" "$run/err"
  elif [ -z "$file" ]; then
    fail 'a key to be trusted is named by its file or address'
  else
    quietly rpm --import "$file" || fail_with "cannot import $key" "$run/err"
  fi
}

# trusted ID: whether rpm has the key
trusted() {
  ask rpm -q gpg-pubkey --qf '%{description}\n' >"$run/keys" || return 1
  ask gpg --no-tty --batch --with-colons --import-options show-only --dry-run --import "$run/keys" |
    awk -F: -v id="$1" '$1 == "pub" && index($5, id) { found = 1 } END { exit !found }'
}
