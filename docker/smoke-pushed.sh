#!/usr/bin/env bash
# Starts the images that were pushed, each by its digest, on the platform of this machine, and checks them as docker/smoke.sh does:
#   smoke-pushed.sh <folder> <version> <time of the build>
# The folder has a file for each target with the reference of its image. Needs docker and curl; nothing is left out here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

images=$1
version=$2
platform=$(docker version --format '{{.Server.Os}}/{{.Server.Arch}}')
work=$(mktemp -d)
. docker/smoke-lib.sh
. docker/smoke-docker.sh
. docker/smoke-checks.sh
trap finish EXIT

echo "-- what was pushed, on $platform"
for target in api batch spa service; do
  container "stage0-$target"
  proves "$target is there for $platform" docker pull --quiet --platform "$platform" "$name"
  proves "$target runs on ${platform#*/}" [ "$(docker image inspect --format '{{.Os}}/{{.Architecture}}' "$name")" = "$platform" ]
  proves "$target is $version" [ "$(inside "$name" -- stage0 --version)" = "$version" ]
done

check_images "$3"
echo "$passed passed, 0 failed"
