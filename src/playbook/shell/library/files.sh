# Files, folders and links.

# sum FILE: its SHA-256
sum() {
  set -- "$(sha256sum <"$1")"
  printf '%s' "${1%% *}"
}

# parent PATH: its folder
parent() {
  case $1 in
  */*)
    set -- "${1%/*}"
    printf '%s' "${1:-/}"
    ;;
  *) printf .  ;;
  esac
}

# directory FOLLOW PATH MODE OWNER GROUP: the folder is there, its missing parents too
directory() {
  if { [ "$1" = 1 ] || [ ! -L "$2" ]; } && [ -d "$2" ]; then
    attributes "$1" "$2" "$3" "$4" "$5"
    return
  fi
  if there "$2"; then
    fail "$2 is there and is no directory"
    return 1
  fi
  change "$2 is missing"
  if [ "$apply" = 0 ]; then return 0; fi
  make_directory "$2" "$3" "$4" "$5"
}

# make_directory PATH MODE OWNER GROUP: with missing parents, each with these attributes
make_directory() {
  if [ -d "$1" ]; then return 0; fi
  case $1 in
  *[!/]*/*[!/]*) make_directory "$(parent "${1%/}")" "$2" "$3" "$4" || return 1 ;;
  esac
  quietly mkdir -- "$1" || {
    fail_with "cannot make $1" "$run/err"
    return 1
  }
  reason_before=$reason
  attributes 1 "$1" "$2" "$3" "$4" || return 1
  reason=$reason_before
}

# regular FOLLOW PATH MODE OWNER GROUP: the file is there already and gets these attributes
regular() {
  if [ ! -e "$2" ]; then
    fail "$2 is missing"
  elif [ -d "$2" ]; then
    fail "$2 is a directory"
  elif [ "$1" = 0 ] && [ -L "$2" ]; then
    fail "$2 is a link"
  else
    attributes "$1" "$2" "$3" "$4" "$5"
  fi
}

# touched FOLLOW PATH MODE OWNER GROUP KEEP_TIMES
touched() {
  if ! there "$2"; then
    change "$2 is missing"
    if [ "$apply" = 0 ]; then return 0; fi
    : >"$2" || {
      fail "cannot make $2"
      return 1
    }
  elif [ "$6" = 0 ]; then
    change "times are set to now"
    if [ "$apply" = 1 ]; then quietly touch -- "$2" || fail_with "cannot touch $2" "$run/err"; fi
  fi
  reason_before=$reason
  attributes "$1" "$2" "$3" "$4" "$5"
  if [ -n "$reason_before" ]; then reason=$reason_before; fi
}

# absent PATH: nothing is there
absent() {
  if ! there "$1"; then return 0; fi
  change "$1 is there"
  if [ "$apply" = 0 ]; then return 0; fi
  quietly rm -rf -- "$1" || fail_with "cannot remove $1" "$run/err"
}

# link TARGET PATH FORCE FOLLOW MODE OWNER GROUP: a symbolic link
link() {
  if [ -L "$2" ]; then
    pointing=$(readlink "$2")
    if [ "$pointing" = "$1" ]; then
      link_attributes "$@"
      return
    fi
    change "points to $pointing, wanted $1"
  elif [ ! -e "$2" ]; then
    change "$2 is missing"
  elif [ "$3" = 0 ]; then
    fail "$2 is there and is no link"
    return 1
  elif [ -d "$2" ] && [ -n "$(ls -A "$2")" ]; then
    fail "$2 is a directory that is not empty"
    return 1
  else
    change "$2 is no link"
  fi
  case $1 in
  /*) aim=$1 ;;
  *) aim=$(parent "$2")/$1 ;;
  esac
  if [ "$3" = 0 ] && [ ! -e "$aim" ]; then
    fail "$aim is missing, so nothing can point to it without \`force\`"
    return 1
  fi
  if [ "$apply" = 0 ]; then return 0; fi
  if [ -d "$2" ] && [ ! -L "$2" ]; then quietly rmdir -- "$2"; fi
  dest=$2
  name_beside
  { quietly rm -f -- "$beside" && quietly ln -s -T -- "$1" "$beside" && quietly mv -f -T -- "$beside" "$2"; } || {
    fail_with "cannot link $2" "$run/err"
    return 1
  }
  link_attributes "$@"
}

# link_attributes TARGET PATH FORCE FOLLOW MODE OWNER GROUP
link_attributes() {
  if [ "$4" = 1 ] && [ ! -e "$2" ]; then return 0; fi
  attributes "$4" "$2" "$5" "$6" "$7"
}

# whatever FOLLOW PATH MODE OWNER GROUP: what is there gets these attributes, whatever it is
whatever() {
  if there "$2"; then
    if [ "$1" = 1 ] && [ ! -e "$2" ]; then return 0; fi
    attributes "$@"
  else
    fail "$2 is missing"
  fi
}

# into DEST NAME: where a file goes, in `dest`: into the folder, when there is one
into() {
  dest=$1
  case $1 in
  */) dest=${1%/}/$2 ;;
  *) if [ -d "$1" ]; then dest=$1/$2; fi ;;
  esac
}

# place DEST SHA256 PAYLOAD MODE OWNER GROUP FORCE FOLLOW VALIDATE PARENTS: the file has this content
place() {
  dest=$1
  if [ "$8" = 1 ] && [ -L "$dest" ]; then dest=$(readlink -f "$dest"); fi
  if [ -d "$dest" ] && [ ! -L "$dest" ]; then
    fail "$dest is a directory"
    return 1
  fi
  if [ -L "$dest" ]; then
    if [ "$7" = 0 ]; then return 0; fi
    change "$dest is a link"
  elif [ ! -e "$dest" ]; then
    change "$dest is missing"
  elif [ "$7" = 0 ] || [ "$(sum "$dest")" = "$2" ]; then
    attributes 1 "$dest" "$4" "$5" "$6"
    return
  else
    change "content differs"
  fi
  if [ "$apply" = 0 ]; then return 0; fi
  within=$(parent "$dest")
  if [ ! -d "$within" ]; then
    if [ "${10}" = 0 ]; then
      fail "$within is missing"
      return 1
    fi
    make_directory "$within" '' '' '' || return 1
  fi
  replace "$@"
}

# replace DEST SHA256 PAYLOAD MODE OWNER GROUP FORCE FOLLOW VALIDATE: writes beside `dest` and moves it there
replace() {
  beside_dest || return 1
  "$3" >"$beside"
  if [ "$(sum "$beside")" != "$2" ]; then
    fail "could not write all of $dest"
  elif [ -n "$9" ] && ! quietly "$9" "$beside"; then
    fail_with "the content is not valid" "$run/err"
  else
    settle "$beside" "$4" "$5" "$6"
  fi
  if [ "$state" = failed ]; then rm -f -- "$beside"; fi
}

# edit COMMAND…: what it prints becomes `edited` in the run's folder; 3 when it says that nothing is to be edited
edit() {
  "$@" >"$run/edited" 2>"$run/err" || {
    status=$?
    if [ "$status" = 3 ]; then return 3; fi
    fail_with "cannot write down what $dest is to be" "$run/err"
    return 1
  }
}

# take_over MODE OWNER GROUP: `edited` in the run's folder becomes `dest`
take_over() {
  beside_dest || return 1
  if quietly cp -- "$run/edited" "$beside"; then
    settle "$beside" "$1" "$2" "$3"
  else
    fail_with "could not write all of $dest" "$run/err"
  fi
  if [ "$state" = failed ]; then rm -f -- "$beside"; fi
}

# name_beside: `beside`, the name of what will be `dest`. It tells what it is for: what a run left there that was broken off
# is found by the next one.
name_beside() {
  beside=$(parent "$dest")/.aether.$(printf %.200s "${dest##*/}")
}

# beside_dest: a new file `beside` for what will be `dest`
beside_dest() {
  name_beside
  # Others may write in this folder too: what they put there is not followed.
  if ! (rm -f -- "$beside" && umask 077 && set -C && : >"$beside") 2>"$run/err"; then
    fail_with "cannot write in $(parent "$dest")" "$run/err"
    return 1
  fi
}

# settle FILE MODE OWNER GROUP: moves a finished file to `dest`; what is not wanted otherwise stays as it was there
settle() {
  if [ -f "$dest" ] && [ ! -L "$dest" ]; then
    look 1 "$dest" || return 1
    quietly chown "$has_uid:$has_gid" -- "$1"
    set_mode "$has_mode" "$1" || return 1
  else
    mask=$(umask)
    set_mode "$(printf '%o' "$((0666 & ~0${mask#0}))")" "$1" || return 1
  fi
  reason_before=$reason
  attributes 1 "$1" "$2" "$3" "$4" || return 1
  reason=$reason_before
  quietly mv -f -- "$1" "$dest" || {
    fail_with "cannot replace $dest" "$run/err"
    return 1
  }
}

# fact FIELD PATH: one value of `stat`
fact() {
  case $1 in
  exists) there "$2" ;;
  isdir) [ -d "$2" ] && [ ! -L "$2" ] ;;
  isreg) [ -f "$2" ] && [ ! -L "$2" ] ;;
  islnk) [ -L "$2" ] ;;
  executable) [ -x "$2" ] ;;
  readable) [ -r "$2" ] ;;
  writeable) [ -w "$2" ] ;;
  *)
    if there "$2"; then fact_text "$1" "$2"; fi
    return
    ;;
  esac && printf True || printf False
}

# fact_text FIELD PATH: one value of `stat` that is no yes or no
fact_text() {
  case $1 in
  mode) octal "$(stat -c %a -- "$2")" ;;
  size) stat -c %s -- "$2" ;;
  uid) stat -c %u -- "$2" ;;
  gid) stat -c %g -- "$2" ;;
  pw_name) stat -c %U -- "$2" ;;
  gr_name) stat -c %G -- "$2" ;;
  lnk_target) readlink -- "$2" ;;
  esac
}

# edited_lines FILE WANTS LINE PATTERN: the file as it is wanted, on standard output; 3 when it is so already
edited_lines() {
  line=$3 pattern=$4 wants=$2 LC_ALL=C awk '
    function fits(text) { return pattern != "" ? text ~ pattern : text == line }
    BEGIN { line = ENVIRON["line"]; pattern = ENVIRON["pattern"]; wants = ENVIRON["wants"] }
    { text[NR] = $0; if (fits($0)) last = NR; if ($0 == line) exact = NR }
    END {
      if (pattern != "" && !last) last = exact
      for (i = 1; i <= NR; i++) {
        if (wants == "absent") { if (fits(text[i])) edits++; else print text[i] }
        else if (i == last) { if (text[i] != line) edits++; print line }
        else print text[i]
      }
      if (wants == "present" && !last) { edits++; print line }
      if (!edits) exit 3
    }' <"$1"
}

# line_in_file PATH WANTS LINE PATTERN CREATE MODE OWNER GROUP
line_in_file() {
  dest=$1
  if [ -L "$dest" ]; then dest=$(readlink -f "$dest"); fi
  if [ -d "$dest" ]; then
    fail "$dest is a directory"
    return 1
  fi
  within=$(parent "$dest")
  origin=$dest
  if [ ! -e "$dest" ]; then
    if [ "$2" = absent ]; then return 0; fi
    if [ "$5" = 0 ]; then
      fail "$dest is missing"
      return 1
    fi
    change "$dest is missing"
    if [ "$apply" = 1 ]; then make_directory "$within" '' '' '' || return 1; fi
    origin=/dev/null
  fi
  edit edited_lines "$origin" "$2" "$3" "$4" || {
    if [ "$?" = 3 ]; then attributes 1 "$dest" "$6" "$7" "$8"; fi
    return
  }
  if [ "$origin" = "$dest" ]; then change "the line is not $2"; fi
  if [ "$apply" = 0 ]; then return 0; fi
  take_over "$6" "$7" "$8"
}
