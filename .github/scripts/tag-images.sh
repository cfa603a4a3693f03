#!/usr/bin/env bash
# Gives the images of a release their tags: the version first, for all of them, then the names that move, unless a released
# version is newer there (release-rank.sh):
#   tag-images.sh <version> <folder>
# The folder has a file for each target with the reference of its image, name@digest. Each tag must then lead to that digest.
# Needs GH_TOKEN, GITHUB_REPOSITORY. Can be run again.
set -euo pipefail

version=$1
folder=$2
owner="ghcr.io/${GITHUB_REPOSITORY,,}"
rank=$("$(dirname "$0")/release-rank.sh" "$version")
is() { grep -qx "$1=true" <<<"$rank"; }

images=()
for target in service api spa batch; do
  suffix=$([ "$target" = service ] || echo "-$target")
  image=$(<"$folder/$target")
  [[ $image =~ ^"$owner$suffix"@sha256:[0-9a-f]{64}$ ]] || {
    echo "The image of $target is $owner$suffix with its digest, not: $image" >&2
    exit 1
  }
  images+=("$image")
done

moving=()
! is of-minor || moving+=("${version%.*}")
# Before 1.0.0 a minor version breaks what the last one was.
! is of-major || [ "${version%%.*}" = 0 ] || moving+=("${version%%.*}")
! is of-all || moving+=(latest)

for tag in "$version" "${moving[@]}"; do
  for image in "${images[@]}"; do
    name=${image%@*}:$tag
    docker buildx imagetools create --tag "$name" "$image"
    found=$(docker buildx imagetools inspect "$name" --format '{{.Manifest.Digest}}')
    [ "$found" = "${image#*@}" ] || {
      echo "$name leads to $found, and not to ${image#*@}" >&2
      exit 1
    }
    echo "$name is $found"
  done
done
