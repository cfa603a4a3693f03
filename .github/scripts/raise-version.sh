#!/usr/bin/env bash
# Raises the version in this checkout, and writes what that changes into a folder, for a job that may write:
#   raise-version.sh <folder>
set -euo pipefail

folder=$1
mkdir -p "$folder"
release() { node packages/tooling/src/release/main.ts "$@"; }

release raise
release version >"$folder/version"
release notes >"$folder/notes.md"
git add --all
git diff --cached --binary HEAD >"$folder/release.patch"
