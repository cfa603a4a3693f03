#!/usr/bin/env bash
# Prints the version, whether changesets wait for the next one, whether it is to be released now, and when its commit was
# made, as outputs of a step. MAY_PUBLISH: the owners have enabled releases.
set -euo pipefail

# Node reads the types away: nothing is built for this.
release() { node packages/tooling/src/release/main.ts "$@"; }

version=$(release version)
waiting=$(find .changeset -maxdepth 1 -name '*.md' ! -name README.md -print -quit)
is_waiting=$([ -n "$waiting" ] && echo true || echo false)
is_new=false
# A version that the changelog does not know was never raised for a release.
if [ "$is_waiting" = false ] &&
  release notes >/dev/null 2>&1 &&
  ! git rev-parse --verify --quiet "refs/tags/v$version" >/dev/null; then
  is_new=true
fi
# A later commit has other contents: a release that broke off is completed by the run of the commit that raised the version.
if [ "$is_new" = true ]; then
  raised=$(release raised)
  if [ "$raised" != "$(git rev-parse HEAD)" ]; then
    echo "::notice::$version is released by the run of $raised, which raised it: where that broke off, run its failed jobs again" >&2
    is_new=false
  fi
fi
# Only what was reviewed and merged: the workflow can be started for any branch.
if [ "$is_new" = true ] && ! git merge-base --is-ancestor HEAD refs/remotes/origin/main; then
  echo "::notice::$version is not released from here: this commit is not on main" >&2
  is_new=false
fi
if [ "$is_new" = true ] && [ "${MAY_PUBLISH:-}" != true ]; then
  echo "::notice::$version would be released: set the variable RELEASE_ENABLED to true (docs/guides/releasing.md)" >&2
  is_new=false
fi
printf 'version=%s\nwaiting=%s\nis-new=%s\nbuilt-at=%s\n' "$version" "$is_waiting" "$is_new" "$(git log -1 --format=%cI)"
