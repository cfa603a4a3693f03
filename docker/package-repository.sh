#!/bin/sh
# Makes the repository in INPUT_FOLDER a packaged one: checked, stamped with the time, read-only from now on.
# For the Dockerfile of a configuration repository. SOURCE_DATE_EPOCH gives the time for a build that can be repeated.
set -eu
cd "$INPUT_FOLDER"
stage0 check
# Wherever a setting could make the service look for the stamp: only the one below is left to be found.
find . -name BUILT_AT -prune -exec rm -rf {} +
at=now
[ -z "${SOURCE_DATE_EPOCH:-}" ] || at="@$SOURCE_DATE_EPOCH"
date --utc --date="$at" +%Y-%m-%dT%H:%M:%SZ >BUILT_AT
chmod -R a-w .
