# What the checks of images are written with: what must hold, what answers, and an end in order. Sourced, not run.
# shellcheck shell=bash

pids=()

# An engine may stand between us and what runs in a container: the last process of the chain is the one that is meant.
innermost() {
  local pid=$1 child
  while child=$(pgrep -P "$pid" | head -n 1) && [ -n "$child" ]; do pid=$child; done
  echo "$pid"
}
finish() {
  local pid
  for pid in "${pids[@]:-}"; do [ -z "$pid" ] || ! kill -0 "$pid" 2>/dev/null || kill "$(innermost "$pid")" 2>/dev/null || true; done
  wait
  remove_containers
  rm -rf "$work"
}

passed=0
ok() { passed=$((passed + 1)) && echo "ok: $1"; }
fail() { echo "FAILED: $1" >&2 && exit 1; }
# proves TEXT COMMAND...: the command must succeed, refutes: it must not.
proves() { if "${@:2}"; then ok "$1"; else fail "$1"; fi; }
refutes() { if "${@:2}"; then fail "$1"; else ok "$1"; fi; }
# A function that ends its process, as a process of its own.
subshell() ("$@")
# ends_with CODE TEXT LOG COMMAND...: the command must end with this code.
ends_with() {
  local code=0
  "${@:4}" >"$3" 2>&1 || code=$?
  [ "$code" -eq "$1" ] || { cat "$3" >&2 && fail "$2 ($code)"; }
  ok "$2"
}

# answer ADDRESS [CURL ARGUMENTS...]: the body, whatever the status.
answer() { curl --silent --max-time 5 "${@:2}" "$1"; }
until_answers() {
  for _ in $(seq 150); do
    curl --silent --fail --max-time 2 --output /dev/null "$1" && return 0
    sleep 0.2
  done
  return 1
}
# serves TEXT ADDRESS LOG: waits until what was started last answers there.
serves() { until_answers "$2" && ok "$1" || { cat "$3" >&2 && fail "$1"; }; }
# says TEXT PATTERN ADDRESS [CURL ARGUMENTS...]: the answer, with its head, has a line like that.
says() {
  answer "$3" --include "${@:4}" >"$work/answer"
  grep --quiet --ignore-case --extended-regexp -- "$2" "$work/answer" || { cat "$work/answer" >&2 && fail "$1"; }
  ok "$1"
}
# ends_in_order TEXT PID
ends_in_order() { kill -TERM "$2" && wait "$2" && ok "$1" || fail "$1 ($?)"; }
