#!/usr/bin/env bash
# Makes the release of a version, unless it is there, and moves the tag of its major version to it, unless that is newer:
#   tag-release.sh <version> <file of its notes>
# Needs GH_TOKEN, GITHUB_SHA. Can be run again.
set -euo pipefail

version=$1
notes=$2
rank=$("$(dirname "$0")/release-rank.sh" "$version")
of() { sed -n "s/^$1=//p" <<<"$rank"; }

if ! gh release view "v$version" >/dev/null 2>&1; then
  gh release create "v$version" --target "$GITHUB_SHA" --title "v$version" --notes-file "$notes" "--latest=$(of of-all)"
fi
if [ "$(of of-major)" = true ]; then
  major="v${version%%.*}"
  refs="repos/$GITHUB_REPOSITORY/git/refs"
  gh api --method PATCH "$refs/tags/$major" --raw-field sha="$GITHUB_SHA" --field force=true >/dev/null 2>&1 ||
    gh api --method POST "$refs" --raw-field ref="refs/tags/$major" --raw-field sha="$GITHUB_SHA" >/dev/null
fi
