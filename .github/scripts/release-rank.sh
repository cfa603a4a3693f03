#!/usr/bin/env bash
# Prints whether no released version is newer than one, of all, of its major and of its minor version, as outputs of a step:
#   release-rank.sh <version>
# A release may be run again when later ones are there: what names the newest must not go back. Needs GH_TOKEN.
set -euo pipefail

version=$1
refs=$(gh api --paginate "repos/$GITHUB_REPOSITORY/git/matching-refs/tags/v" --jq '.[].ref')
released=$(sed -nE 's#^refs/tags/v([0-9]+\.[0-9]+\.[0-9]+)$#\1#p' <<<"$refs")

is_newest() { # is_newest <prefix>
  local newest
  newest=$(printf '%s\n%s\n' "$version" "$released" | { grep -E "^${1//./\\.}" || true; } | sort -V | tail -n 1)
  [ "$newest" = "$version" ] && echo true || echo false
}
printf 'of-all=%s\nof-major=%s\nof-minor=%s\n' \
  "$(is_newest '')" "$(is_newest "${version%%.*}.")" "$(is_newest "${version%.*}.")"
