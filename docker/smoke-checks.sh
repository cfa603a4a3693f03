# What is checked of the four images, with either engine (smoke-buildah.sh, smoke-docker.sh), which gives: container, inside,
# part_of, read_only. Sourced, not run.
# shellcheck shell=bash disable=SC2154

# check_images TIME: everything, of images that were built at this time. Leaves the service in $service, and a database that it
# started in $database.
check_images() {
  built_at=$1
  check_every_image
  start_database
  check_batch
  check_service
  check_api_and_spa
}

# healthcheck NAME PORT: as the image says it, in a container of it.
healthcheck() {
  local words
  mapfile -t words < <(part_of "$1" Healthcheck.Test)
  inside "$1" "$2" -- "${words[@]:1}"
}

has_no_tools() {
  local found
  found=$(inside "$1" -- find /app -type d \( -name vite -o -name vuetify -o -name typescript \)) && [ -z "$found" ]
}

check_every_image() {
  echo '-- every image'
  for target in api batch spa service; do
    container "stage0-$target"
    proves "$target does not run as root" [ "$(inside "$name" -- node -p 'process.getuid()')" = 10001 ]
    refutes "$target cannot change itself" inside "$name" -- node -e 'require("node:fs").writeFileSync("/app/x", "")' 2>/dev/null
    proves "$target has no development dependencies" has_no_tools "$name"
  done
}

start_database() {
  echo '-- a database, in the service image'
  container stage0-service && service=$name
  read_only "$service" -- embedded --port 27117 --json >"$work/embedded.log" 2>&1 &
  pids+=($!)
  for _ in $(seq 100); do grep -q mongodb:// "$work/embedded.log" && break || sleep 0.2; done
  database=(MONGO_CONNECTION_STRING=mongodb://127.0.0.1:27117/ MONGO_DB_NAME=smoke MONGODB_REQUIRE_TLS=false)
}

check_batch() {
  echo '-- batch'
  cp -r packages/templates/sample "$work/repository"
  mkdir "$work/broken" "$work/nothing" && cp -r packages/templates/sample/. "$work/broken/"
  sed -i 's/^root:/rooot:/' "$work/broken/dictionaries/"*.yaml
  chmod -R a+rX "$work"
  container stage0-batch
  mounted=$work/repository
  ends_with 0 'a batch job applies the repository, on a read-only root, and ends with 0' "$work/batch.log" subshell read_only "$name" "${database[@]}" --
  proves 'it says what it did' grep -q 'organization' "$work/batch.log"
  ends_with 0 'once more there is nothing to do: 0' "$work/batch.log" subshell read_only "$name" "${database[@]}" --
  mounted=$work/broken
  ends_with 4 'with a broken repository it ends with 4' "$work/batch.log" subshell read_only "$name" "${database[@]}" --
  mounted=$work/nothing
  ends_with 4 'without a repository it ends with 4' "$work/batch.log" subshell read_only "$name" "${database[@]}" --
  mounted=$work/repository
  ends_with 7 'without its database it ends with 7' "$work/batch.log" subshell read_only "$name" \
    'MONGO_CONNECTION_STRING=mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=500' MONGODB_REQUIRE_TLS=false --
}

check_service() {
  echo '-- service'
  api=http://127.0.0.1:8181
  read_only "$service" "${database[@]}" API_PORT=8181 API_HOST=127.0.0.1 -- >"$work/serve.log" 2>&1 &
  serving=$! && pids+=("$serving")
  serves 'the service is ready, on a read-only root' "$api/api/health/ready" "$work/serve.log"
  says 'it knows what the batch job did' '"in sync"' "$api/api/collections"
  says 'it serves the console' '<div id="app">' "$api/"
  says 'it knows when it was built' "\"${built_at//+/\\+}\"" "$api/api/config"
  proves 'its healthcheck finds it healthy' healthcheck "$service" API_PORT=8181
  refutes 'its healthcheck finds out when it is not there' healthcheck "$service" API_PORT=8182 2>/dev/null
  ends_in_order 'SIGTERM ends it in order' "$serving"
}

check_api_and_spa() {
  echo '-- api, and spa in front of it'
  container stage0-api
  read_only "$name" "${database[@]}" API_PORT=8181 API_HOST=127.0.0.1 -- >"$work/api.log" 2>&1 &
  serving=$! && pids+=("$serving")
  serves 'the API is ready' "$api/api/health/ready" "$work/api.log"
  says 'it has no console' '^HTTP/1.1 404' "$api/" --header 'accept: text/html'
  refutes 'it does not say that one should be built' grep -q 'not built' "$work/api.log"
  ends_with 64 'and has none to serve' "$work/console.log" inside "$name" -- stage0 console

  container stage0-spa && spa=http://127.0.0.1:8282
  read_only "$name" "API_URL=$api" SPA_PORT=8282 SPA_HOST=127.0.0.1 -- >"$work/spa.log" 2>&1 &
  console=$! && pids+=("$console")
  serves 'the console answers, on a read-only root' "$spa/health" "$work/spa.log"
  proves 'its healthcheck finds it healthy' healthcheck "$name" SPA_PORT=8282
  refutes 'its healthcheck finds out when it is not there' healthcheck "$name" SPA_PORT=8283 2>/dev/null
  page=(--header 'accept: text/html')
  says 'it serves its page at every address' '<div id="app">' "$spa/collections/user" "${page[@]}"
  says 'with a policy for its content' "^content-security-policy: default-src 'self'.*frame-ancestors 'none'" "$spa/" "${page[@]}"
  says 'without guessing of types' '^x-content-type-options: nosniff' "$spa/" "${page[@]}"
  says 'without telling where one comes from' '^referrer-policy: no-referrer' "$spa/" "${page[@]}"
  says 'without leave to use devices' '^permissions-policy: .*camera=\(\)' "$spa/" "${page[@]}"
  asset=$(answer "$spa/" "${page[@]}" | grep -o '/assets/[^"]*\.js' | head -n 1)
  says 'its assets are kept' '^cache-control: public, max-age=31536000, immutable' "$spa$asset"
  says 'it reaches the API' '"in sync"' "$spa/api/collections" --header "origin: $spa"
  says 'which refuses pages of others' 'CROSS_SITE_REFUSED' "$spa/api/collections" --header 'origin: https://elsewhere.example'
  ends_in_order 'SIGTERM ends the API' "$serving"
  says 'without it the console says so' 'API_UNREACHABLE' "$spa/api/collections"
  ends_in_order 'SIGTERM ends the console' "$console"
}
