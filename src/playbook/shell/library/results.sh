# Conditions: what is asked of the results of earlier tasks.

# decide FUNCTION TEXT: whether the condition holds; if not, the item is skipped, or unknown
decide() {
  complaint=''
  doubt=''
  assume=1
  if [ "$assume" = 1 ] && "$1"; then return 0; fi
  if [ -n "$complaint" ]; then
    fail "$complaint"
    return 1
  fi
  if [ -n "$doubt" ]; then
    assume=0
    if "$1"; then
      state=unknown
      ran=''
      because "depends on an earlier task: $2"
      return 1
    fi
  fi
  state=skipped
  ran=0
  because "condition is false: $2"
  return 1
}

# changed_if FUNCTION: overrules whether the item changed something
changed_if() {
  case $state in ok | changed) ;; *) return 0 ;; esac
  if [ -z "$ran" ] && [ "$state" = ok ]; then return 0; fi
  before=$state
  reason_before=$reason
  if decide "$1" ''; then
    state=changed
    reason=$reason_before
  elif [ "$state" = skipped ]; then
    state=ok
    reason=''
    if [ "$before" = changed ] && [ "$apply" = 0 ]; then ran=''; else ran=1; fi
  fi
}

# failed_if FUNCTION TEXT: overrules whether the item went wrong
failed_if() {
  case $state in skipped | unknown) return 0 ;; esac
  if [ -z "$ran" ]; then return 0; fi
  before=$state
  reason_before=$reason
  if decide "$1" ''; then
    state=failed
    reason="failed_when holds: $2"
  elif [ "$state" = skipped ]; then
    ran=1
    reason=$reason_before
    case $before in
    failed) state=changed reason='' ;;
    *) state=$before ;;
    esac
  fi
}

# result_is STATE WORD…: whether a result is in one of these states
result_is() {
  case $1 in
  unknown | '')
    doubt=1
    return "$assume"
    ;;
  esac
  found=$1
  shift
  for word in "$@"; do
    if [ "$found" = "$word" ]; then return 0; fi
  done
  return 1
}

# result_known RAN: whether a result has values; otherwise sets doubt or a complaint
result_known() {
  case $1 in
  1) return 0 ;;
  0) complaint='the condition asks for a value of a task that was skipped' ;;
  lost) complaint='the condition asks for a value of a task with no_log, which is not kept when the host restarts' ;;
  *) doubt=1 ;;
  esac
  return 1
}

# result_holds RAN TEST WORD…: compares values of a result
result_holds() {
  if ! result_known "$1"; then
    if [ -n "$complaint" ]; then return 1; fi
    return "$assume"
  fi
  shift
  "$@"
}

# same A B
same() {
  [ "$1" = "$2" ]
}

# differs A B
differs() {
  [ "$1" != "$2" ]
}

# number_compares A OPERATOR B: whole numbers
number_compares() {
  case ${1#-} in
  '' | *[!0-9]*)
    complaint="\`$1\` is no whole number"
    return 1
    ;;
  esac
  case $2 in
  -eq) [ "$1" -eq "$3" ] ;;
  -ne) [ "$1" -ne "$3" ] ;;
  -lt) [ "$1" -lt "$3" ] ;;
  -le) [ "$1" -le "$3" ] ;;
  -gt) [ "$1" -gt "$3" ] ;;
  *) [ "$1" -ge "$3" ] ;;
  esac
}

# contains TEXT PART
contains() {
  case $1 in
  *"$2"*) return 0 ;;
  esac
  return 1
}

# lacks TEXT PART
lacks() {
  ! contains "$1" "$2"
}

# has_line TEXT LINE
has_line() {
  case "
$1
" in
  *"
$2
"*) return 0 ;;
  esac
  return 1
}

# lacks_line TEXT LINE
lacks_line() {
  ! has_line "$1" "$2"
}

# told_by FILE: what a result printed, without the line ends at its end
told_by() {
  if [ -f "$run/$1" ]; then cat "$run/$1"; fi
}

# lines_of FILE: how many lines a result printed
lines_of() {
  told_by "$1" | awk 'END { print NR }'
}

# keep_output NAME: the output of the item belongs to a result
keep_output() {
  cp "$run/out" "$run/$1.out"
  cp "$run/err" "$run/$1.err"
  chmod 644 "$run/$1.out" "$run/$1.err"
}

# insist FUNCTION TEXT MESSAGE: goes wrong unless the condition holds
insist() {
  if [ "$state" = failed ]; then return 0; fi
  reason_before=$reason
  if decide "$1" "$2"; then return 0; fi
  if [ "$state" = skipped ]; then
    reason=$reason_before
    ran=1
    fail "$3"
  fi
}
