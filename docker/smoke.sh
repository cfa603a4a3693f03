#!/usr/bin/env bash
# Builds every image with buildah and runs it as its user would: what it answers, what it may write, how it ends.
# Needs root, buildah, debootstrap and curl, to make the base image of Debian and Node as well. Where one is missing it says so and
# ends with 77, which is neither a success nor a failure.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
skip() { echo "SKIPPED: no image was built or run: $1" >&2 && exit 77; }
for tool in buildah debootstrap curl unshare; do
  command -v "$tool" >/dev/null || skip "$tool is not installed (apt-get install buildah debootstrap curl)"
done
[ "$(id -u)" -eq 0 ] || skip 'building without an engine needs root'

work=$(mktemp -d)
. docker/smoke-lib.sh
. docker/smoke-buildah.sh
. docker/smoke-checks.sh
trap finish EXIT

base
npm_settings
git clone --quiet --no-hardlinks . "$work/source"
of_ours=(--build-arg "NODE_IMAGE=$BASE" --build-arg BUILT_AT=2000-01-02T03:04:05Z -f "$work/source/docker/Dockerfile" "$work/source")
for target in api batch spa packaged service; do
  build "stage0-$target" --target "$target" "${of_ours[@]}" || { tail -n 30 "$work/build.log" >&2 && fail "$target is built"; }
  container "stage0-$target"
  ok "$target is built: $(size_of "localhost/stage0-$target"), of which $(megabytes_of "$root/app") are ours, on a base of $(size_of "$BASE")"
done
build stage0 "${of_ours[@]}"
id_of() { buildah images --quiet --no-trunc "localhost/$1"; }
proves 'without a target it is the service' [ "$(id_of stage0)" = "$(id_of stage0-service)" ]

check_images 2000-01-02T03:04:05Z

echo '-- a packaged repository'
mkdir -p "$work/repository/api_config" "$work/repository/other"
for folder in . api_config other; do echo Local >"$work/repository/$folder/BUILT_AT"; done
package() { build "$1" --build-arg "STAGE0=localhost/${3:-stage0-service}" -f docker/repository.Dockerfile "$2"; }
package stage0-shop "$work/repository" || { tail -n 30 "$work/build.log" >&2 && fail 'a repository is packaged by three lines'; }
ok 'a repository is packaged by three lines'
refutes 'a broken one is not' package stage0-broken "$work/broken"
proves 'and the build says what is wrong' grep -q ATTRIBUTE_MISSING "$work/build.log"
package stage0-shop-batch "$work/repository" stage0-batch && container stage0-shop-batch
unset mounted
ends_with 0 'as a batch job it applies what it carries' "$work/batch.log" subshell read_only "$name" "${database[@]}" --
container stage0-shop
for file in BUILT_AT api_config/BUILT_AT configurations/user.yaml new.yaml configurations/new.yaml; do
  refutes "$file cannot be written" inside "$name" -- node -e "require('node:fs').writeFileSync('$file', 'Local')" 2>/dev/null
done
# What init makes says in files that it is for local work, and has a Dockerfile of its own, which names a published image.
container stage0-service
inside "$name" -- stage0 init /tmp/shop --yes >"$work/init.log" 2>&1 || { cat "$work/init.log" >&2 && fail 'init makes a repository'; }
cp -r "$root/tmp/shop" "$work/shop" && sed -i 's|^FROM .*|FROM localhost/stage0-service|' "$work/shop/Dockerfile"
build stage0-init -f "$work/shop/Dockerfile" "$work/shop" || { tail -n 30 "$work/build.log" >&2 && fail 'a repository of init is packaged'; }
container stage0-init
proves 'a repository of init is packaged by its own Dockerfile' grep -q '^20' "$root/input/BUILT_AT"
found=$(find "$root/input" \( -name BUILT_AT -o -name .git -o -name Dockerfile \) -printf '%P ')
proves 'and has one stamp, and nothing that is not for the database' [ "$found" = 'BUILT_AT ' ]
# What a template made of specifications, with the Dockerfile that it made as well.
cp -r packages/templates/mentorhub/mentorhub_mongodb_api "$work/mentorhub" && echo '{}' >"$work/mentorhub/.stage0_merge.json"
sed -i 's|^FROM .*|FROM localhost/stage0-batch|' "$work/mentorhub/Dockerfile"
build stage0-mentorhub -f "$work/mentorhub/Dockerfile" "$work/mentorhub" || { tail -n 30 "$work/build.log" >&2 && fail 'a merged repository is packaged'; }
container stage0-mentorhub
found=$(find "$root/input" \( -name BUILT_AT -o -name '.stage0*' -o -name Dockerfile -o -name 'Journey.*' \) -printf '%P\n' | sort | xargs)
wanted='BUILT_AT configurations/Journey.yaml dictionaries/Journey.0.1.0.yaml test_data/Journey.0.1.0.0.json'
proves 'a merged repository is packaged by its own Dockerfile, with what is for the database' [ "$found" = "$wanted" ]
# Which database is said by a file that it carries.
mapfile -t mentorhub < <(printf '%s\n' "${database[@]}" | grep -v '^MONGO_DB_NAME=')
ends_with 0 'as a batch job it applies its catalog' "$work/batch.log" subshell read_only "$name" "${mentorhub[@]}" --
proves 'to each collection' grep -q Subscription "$work/batch.log"
ends_with 0 'once more there is nothing to do' "$work/batch.log" subshell read_only "$name" "${mentorhub[@]}" --
refutes 'to any' grep -q 'build indexes' "$work/batch.log"
container stage0-shop

drop() { says "$1" "$2" "$api/api/database" --request DELETE --header 'content-type: application/json' --data '{"database":"smoke"}'; }
liberties=(BUILT_AT=Local ENABLE_DROP_DATABASE=true API_CONFIG_FOLDER=other API_PORT=8181 API_HOST=127.0.0.1)
read_only "$name" "${database[@]}" "${liberties[@]}" AUTO_PROCESS=true -- >"$work/packaged.log" 2>&1 &
serving=$! && pids+=("$serving")
serves 'it is ready when it has been applied' "$api/api/health/ready" "$work/packaged.log"
says 'it is read-only, whatever the environment says' '"mode":"packaged","mode_reason":"The repository was packaged: 20[0-9-]+T' "$api/api/config"
drop 'it refuses to drop the database, and says why' 'DROP_NOT_LOCAL'
ends_in_order 'SIGTERM ends it' "$serving"
# The same image with the same repository as a person mounts it: then it is the file that says so.
mounted=$work/repository
read_only "$service" "${database[@]}" "${liberties[@]}" -- >"$work/local.log" 2>&1 &
serving=$! && pids+=("$serving")
serves 'the repository is mounted' "$api/api/health/ready" "$work/local.log"
says 'mounted it is in local mode' '"mode":"local"' "$api/api/config"
drop 'and the database may be dropped' '"dropped":true'
ends_in_order 'SIGTERM ends it, too' "$serving"
echo "$passed passed, 0 failed"
