#!/usr/bin/env bash
# Keeps the pull request of a release current, from what raise-version.sh wrote into a folder:
#   propose-release.sh <folder>
# Nothing of the project is run here, where a token may write. Needs GH_TOKEN, GITHUB_SHA.
set -euo pipefail

folder=$1
branch=release/next
gh auth setup-git
if [ "$(git ls-remote origin refs/heads/main | cut -f1)" != "$GITHUB_SHA" ]; then
  echo '::notice::main has moved on: its own run proposes the release'
  exit 0
fi

git switch --quiet --force-create "$branch"
git apply --index "$folder/release.patch"
# What names the version: the manifests, and the template of a repository with what the tests say it makes.
named='([^/]+/)*package\.json|packages/templates/(mongodb-api|mentorhub/mentorhub_mongodb_api)/.+'
number='[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]*[0-9A-Za-z])?'
# As packages/tooling/src/release/pins.ts names them, and as a manifest does.
unversioned="s#(/stage0(-[a-z]+)?:|/action@v|@stage0/cli@|wherever these files name )$number#\1VERSION#g
  s#^( *\"(version|@stage0/[a-z-]+)\": *\"[\^~]?)$number(\",?)\$#\1VERSION\4#"
# A rename would show its new name alone, and a mode is nothing that a version needs.
foreign=$({
  git diff --cached --no-renames --name-only --diff-filter=a | grep -vE "^(CHANGELOG\.md|\.changeset/[^/]+\.md|$named)\$"
  git diff --cached --no-renames --name-only --diff-filter=A | grep -vx 'CHANGELOG\.md'
  git diff --cached --no-renames --name-only --diff-filter=D | grep -vE '^\.changeset/[^/]+\.md$'
  git diff --cached --no-renames --summary | sed -nE 's/^ mode change [0-9]+ => [0-9]+ //p'
  # Of these only numbers: with each version written as one word, nothing differs.
  git diff --cached --no-renames --name-only --diff-filter=M | { grep -E "^($named)\$" || true; } | while IFS= read -r file; do
    [ "$(git show "HEAD:$file" | sed -E "$unversioned")" = "$(git show ":$file" | sed -E "$unversioned")" ] || echo "$file"
  done
} || true)
if [ -n "$foreign" ]; then
  printf 'A release changes versions, changesets and the changelog, not:\n%s\n' "$foreign" >&2
  exit 1
fi
title="chore: release $(cat "$folder/version")"
author=(-c user.name='github-actions[bot]' -c user.email='41898282+github-actions[bot]@users.noreply.github.com')
git "${author[@]}" commit --quiet --message "$title"
git push --quiet --force origin "HEAD:refs/heads/$branch"

number=$(gh pr list --head "$branch" --base main --state open --json number --jq '.[0].number // empty')
if [ -n "$number" ]; then
  gh pr edit "$number" --title "$title" --body-file "$folder/notes.md"
else
  gh pr create --head "$branch" --base main --title "$title" --body-file "$folder/notes.md"
fi
