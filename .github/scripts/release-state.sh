#!/usr/bin/env bash
# Prints the version, whether it is to be released now, and when its commit was made, as outputs of a step.
# WAITING: changesets wait for the pull request of a release. MAY_PUBLISH: the owners have enabled releases.
set -euo pipefail

version=$(node packages/tooling/dist/release/main.js version)
is_new=false
# A version that the changelog does not know was never raised for a release.
if [ "${WAITING:-true}" = false ] &&
  node packages/tooling/dist/release/main.js notes >/dev/null 2>&1 &&
  ! git rev-parse --verify --quiet "refs/tags/v$version" >/dev/null; then
  is_new=true
fi
if [ "$is_new" = true ] && [ "${MAY_PUBLISH:-}" != true ]; then
  echo "::notice::$version would be released: set the variable RELEASE_ENABLED to true (docs/guides/releasing.md)" >&2
  is_new=false
fi
printf 'version=%s\nis-new=%s\nbuilt-at=%s\n' "$version" "$is_new" "$(git log -1 --format=%cI)"
