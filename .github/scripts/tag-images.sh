#!/usr/bin/env bash
# Gives the images of a release their tags: the version first, for all of them, then the names that move, unless a released
# version is newer there (release-rank.sh). The tag of a version never moves: images that were built anew have other bytes.
#   tag-images.sh <version> <folder>
# The folder has a file for each target with the reference of its image, name@digest. Each tag must then lead to that digest.
# Needs GH_TOKEN, GITHUB_REPOSITORY, npm. Can be run again.
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

for image in "${images[@]}"; do
  name=${image%@*}:$version
  # It fails where there is none; what it said decides.
  found=$(docker buildx imagetools inspect "$name" --format '{{.Manifest.Digest}}' 2>&1) || {
    [[ $found =~ 'not found'|'manifest unknown'|'name unknown' ]] || {
      printf 'Whether %s is there is not known:\n%s\n' "$name" "$found" >&2
      exit 1
    }
    continue
  }
  [ "$found" = "${image#*@}" ] || {
    echo "$name is $found already, and not ${image#*@}: run the failed jobs of the run that made it, or raise the version" >&2
    exit 1
  }
done

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

# Another release may have overlapped with this one.
if [ "$("$(dirname "$0")/release-rank.sh" "$version")" != "$rank" ]; then
  echo "A newer version was released meanwhile: run its job that gives the tags again, so that ${moving[*]:-nothing} lead to it" >&2
  exit 1
fi
