# Running programs.

# there PATH…: whether one of them is there
there() {
  for path in "$@"; do
    if [ -e "$path" ] || [ -L "$path" ]; then return 0; fi
  done
  return 1
}

# may_run CREATES REMOVES: whether a command is to run now; both say `yes`, `no` or nothing
may_run() {
  rc=0
  if [ "$1" = yes ]; then
    return 1
  fi
  if [ "$2" = no ]; then
    return 1
  fi
  if [ "$apply" = 1 ]; then return 0; fi
  ran=''
  if [ -n "$1$2" ]; then
    change 'would run'
  else
    state=skipped
    because 'a command is not run by a check'
  fi
  return 1
}

# attempt FOLDER INPUT WORD…: runs a command; its output goes to files
attempt() {
  folder=$1
  input=$2
  shift 2
  state=changed
  (
    exec 3>&-
    "$around"
    if [ -n "$folder" ]; then cd -- "$folder" || exit 125; fi
    exec "$@"
  ) <"$input" >"$run/out" 2>"$run/err"
  rc=$?
  if [ "$rc" != 0 ]; then
    state=failed
    because "exit status $rc"
  fi
}

# plainly: no special surroundings for a program
plainly() {
  :
}

# ask WORD…: runs a tool that only looks; its output is the answer
ask() {
  (
    exec 3>&-
    "$around"
    "$@"
  ) </dev/null 2>"$run/err"
}

# quietly WORD…: runs a tool of a module; its output goes to the files of the task
quietly() {
  ask "$@" >>"$run/out"
}

# need TOOL: whether it is there to be run
need() {
  if ask command -v "$1" >/dev/null; then return 0; fi
  fail "there is no $1 here"
  return 1
}
