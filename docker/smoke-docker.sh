# Images that a registry has, and containers of docker, for docker/smoke-pushed.sh. Sourced, not run.
# shellcheck shell=bash disable=SC2154

# --rm and the signals at the end take containers away.
remove_containers() { :; }

# container stage0-TARGET: the image as it was pushed, in $name; a container is made for each process.
container() { name=$(<"$images/${1#stage0-}"); }

# inside NAME ENVIRONMENT... -- COMMAND...: runs a command in a container, in place of what the image starts.
inside() {
  local name=$1 given=()
  shift
  while [ "$1" != -- ]; do given+=(--env "$1") && shift; done
  shift
  docker run --rm --platform "$platform" --network host "${given[@]}" --entrypoint "$1" "$name" "${@:2}"
}

# part_of NAME FIELD: a list in the configuration of an image, one entry a line.
part_of() { docker image inspect --format "{{range .Config.$2}}{{println .}}{{end}}" "$1" | sed "/^$/d"; }

# read_only NAME ENVIRONMENT... -- [ARGUMENTS...]: what the image starts (with other arguments), on a root file system that is
# read-only but for an empty /tmp. Signals go through the process that is started.
read_only() {
  local name=$1 given=()
  shift
  while [ "$1" != -- ]; do given+=(--env "$1") && shift; done
  shift
  [ -z "${mounted:-}" ] || given+=(--volume "$mounted:/input:ro")
  exec docker run --rm --platform "$platform" --network host --read-only --tmpfs /tmp "${given[@]}" "$name" "$@"
}
