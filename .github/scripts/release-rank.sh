#!/usr/bin/env bash
# Prints whether no released version is newer than one, of all, of its major and of its minor version, as outputs of a step:
#   release-rank.sh <version>
# A release may be run again when later ones are there, or overlap with one: what names the newest must not go back. A version counts
# as released as soon as npm has it, which is long before it has its tag. A version with a suffix, as 1.2.3-rc.1, is the newest of
# nothing. Needs GH_TOKEN.
set -euo pipefail

version=$1
refs=$(gh api --paginate "repos/$GITHUB_REPOSITORY/git/matching-refs/tags/v" --jq '.[].ref')
tagged=$(sed -nE 's#^refs/tags/v([0-9]+\.[0-9]+\.[0-9]+)$#\1#p' <<<"$refs")
package=$(sed -nE 's/^  "name": "(.+)",$/\1/p' "$(dirname "$0")/../../apps/cli/package.json")
# One text where there is one version, a list where there are more, and an error that says so where there is none yet.
if ! there=$(npm view "$package" versions --json --prefer-online); then
  grep -q '"E404"' <<<"$there" || {
    printf 'Which versions npm has is not known, and so not which is the newest:\n%s\n' "$there" >&2
    exit 1
  }
  there=
fi
published=$(tr -d ' \t[]",' <<<"$there" | { grep -xE '[0-9]+\.[0-9]+\.[0-9]+' || true; })

is_newest() { # is_newest <prefix>
  local newest
  [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || {
    echo false
    return
  }
  newest=$(printf '%s\n' "$version" "$tagged" "$published" | { grep -E "^${1//./\\.}" || true; } | sort -V | tail -n 1)
  [ "$newest" = "$version" ] && echo true || echo false
}
printf 'of-all=%s\nof-major=%s\nof-minor=%s\n' \
  "$(is_newest '')" "$(is_newest "${version%%.*}.")" "$(is_newest "${version%.*}.")"
