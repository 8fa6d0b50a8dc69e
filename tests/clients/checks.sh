# What the client scripts have in common; sourced by them. Each runs with the environment that
# `rehydrate simulate` wrote, and ends with 0 (every step did what it should), 1 (one did not) or
# 77 (the client is not to be had on this machine: the reason is its last line).

failed=0
steps=0

not_run() {
  echo "$*"
  exit 77
}

# step "what" COMMAND...: bounded; its output is kept in $out.
step() {
  local what=$1 status=0
  shift
  steps=$((steps + 1))
  out=$(timeout --kill-after=5 180 "$@" 2>"$scratch/err") || status=$?
  if [[ $status -eq 0 ]]; then
    echo "  ok      $what"
  else
    failed=$((failed + 1))
    echo "  FAILED  $what ($status): $(head -c 600 "$scratch/err" | tr '\n' ' ')"
  fi
}

# refused "what" WORDS COMMAND...: must fail, and say so.
refused() {
  local what=$1 words=$2
  shift 2
  steps=$((steps + 1))
  if out=$(timeout --kill-after=5 180 "$@" 2>"$scratch/err"); then
    failed=$((failed + 1))
    echo "  FAILED  $what: it was accepted"
  elif grep -qF -- "$words" "$scratch/err"; then
    echo "  ok      $what: $words"
  else
    failed=$((failed + 1))
    echo "  FAILED  $what: not '$words' but $(head -c 600 "$scratch/err" | tr '\n' ' ')"
  fi
}

# same "what" EXPECTED ACTUAL
same() {
  steps=$((steps + 1))
  if [[ -n $3 && $2 == "$3" ]]; then
    echo "  ok      $1: $3"
  else
    failed=$((failed + 1))
    echo "  FAILED  $1: expected '$2', not '$3'"
  fi
}

ended() {
  echo "$steps steps, $failed failed"
  [[ $failed -eq 0 ]]
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
