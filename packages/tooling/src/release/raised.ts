import { spawnSync } from 'node:child_process'
import { notesOf } from './changelog.ts'
import type { Manifest } from './published.ts'

/** All packages have the version of this one. */
const MANIFEST = 'apps/cli/package.json'
const CHANGELOG = 'CHANGELOG.md'

/**
 * The commit that raised the version of a checkout: the first on its branch, without the commits that were merged into it, whose
 * manifest has that version and whose changelog knows it. What is released is made from that commit and from no other.
 *
 * @param checkout A folder with the whole history.
 * @returns Its full hash.
 * @throws Error where the history is cut off, or the changelog does not know the version.
 */
export function raisedBy(checkout: string): string {
  const git = (...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync('git', args, { cwd: checkout, encoding: 'utf8', maxBuffer: 2 ** 26 })
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr.trim()}`)
    return stdout.trim()
  }
  if (git('rev-parse', '--is-shallow-repository') !== 'false')
    throw new Error('Which commit raised the version is in the history, which is cut off here: fetch all of it.')
  const has = (commit: string, path: string): boolean => git('ls-tree', '--name-only', commit, '--', path) !== ''
  const versionAt = (commit: string): string | undefined =>
    has(commit, MANIFEST) ? (JSON.parse(git('show', `${commit}:${MANIFEST}`)) as Manifest).version : undefined
  const version = versionAt('HEAD')
  const isVersion = (commit: string): boolean =>
    version !== undefined &&
    versionAt(commit) === version &&
    has(commit, CHANGELOG) &&
    notesOf(git('show', `${commit}:${CHANGELOG}`), version) !== undefined
  let raised: string | undefined
  for (const commit of git('rev-list', '--first-parent', 'HEAD', '--', MANIFEST, CHANGELOG).split('\n')) {
    if (commit === '' || !isVersion(commit)) break
    raised = commit
  }
  if (raised === undefined) throw new Error(`The changelog has no section for ${version ?? 'a version'}.`)
  return raised
}

/**
 * Refuses to release from a commit that did not raise the version.
 *
 * @throws Error that says which did, and what to do.
 */
export function mustBeRaisedHere(checkout: string): void {
  const raised = raisedBy(checkout)
  const { stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: checkout, encoding: 'utf8' })
  const here = stdout.trim()
  if (here === raised) return
  throw new Error(
    [
      `Nothing is published from ${here}: the version was raised by ${raised}.`,
      'What was published of it before is of that commit, and a later one has other contents under the same number.',
      `Run the workflow of ${raised} again ("Re-run failed jobs"), or raise the version once more.`,
    ].join('\n'),
  )
}
