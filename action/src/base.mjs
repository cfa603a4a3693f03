import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './stage0.mjs'

/**
 * @typedef {object} Event What the runner tells of what happened; of it only what is used here.
 * @property {{ number: number, base: { sha: string, repo: { full_name: string } }, head: { repo: { full_name: string } | null } }} [pull_request]
 * @property {{ base_sha: string }} [merge_group]
 * @property {string} [before]
 */

/**
 * @param {string | undefined} file
 * @returns {Event}
 */
export const readEvent = (file) => (file && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {})

/** @param {Event} event */
export const isFromFork = ({ pull_request: pull }) =>
  pull !== undefined && pull.head.repo?.full_name !== pull.base.repo.full_name

/**
 * @typedef {object} Git
 * @property {string} workspace
 * @property {string} token
 * @property {Record<string, string | undefined>} env
 */

/**
 * @param {Git} git
 * @param {readonly string[]} args
 */
const git = ({ workspace, env }, args) =>
  run(['git', '-c', `safe.directory=${workspace}`, '-c', 'core.hooksPath=/dev/null', ...args], { cwd: workspace, env })

/**
 * The commit that the pull request is compared with. What is checked out for one is its merge into the base branch,
 * whose first parent is the base as it is now; the event may name an older one.
 *
 * @param {Git} repository
 * @param {Event} event
 * @returns {Promise<string | undefined>} A full hash.
 */
export async function baseCommit(repository, event) {
  if (event.pull_request !== undefined) {
    const { stdout } = await git(repository, ['cat-file', '-p', 'HEAD'])
    const parents = [
      ...stdout
        .split('\n\n', 1)
        .join()
        .matchAll(/^parent ([0-9a-f]{40,64})$/gm),
    ].map((one) => one[1])
    if (parents.length === 2) return parents[0]
  }
  const named = event.pull_request?.base.sha ?? event.merge_group?.base_sha ?? event.before
  return named !== undefined && /^(?!0+$)[0-9a-f]{40,64}$/.test(named) ? named : undefined
}

/**
 * Lays the tree of a commit into a folder; it is fetched where the checkout does not have it.
 *
 * @param {Git} repository
 * @param {string} commit
 * @param {string} folder Must not exist.
 * @returns {Promise<boolean>} Whether it is there.
 */
export async function layTree(repository, commit, folder) {
  const isHere = await git(repository, ['cat-file', '-e', `${commit}^{commit}`])
  if (isHere.code !== 0) {
    const fetched = await git(signedIn(repository), ['fetch', '--no-tags', '--depth=1', 'origin', commit])
    if (fetched.code !== 0) return false
  }
  const laid = await git(repository, ['worktree', 'add', '--detach', '--force', folder, commit])
  return laid.code === 0
}

/**
 * @param {Git} repository
 * @param {string} folder
 */
export const removeTree = async (repository, folder) => {
  if (existsSync(join(folder, '.git'))) await git(repository, ['worktree', 'remove', '--force', folder])
}

/**
 * A checkout may have been made without leaving its token behind: git then gets ours, through its environment, where no
 * list of processes shows it.
 *
 * @param {Git} repository
 * @returns {Git}
 */
function signedIn(repository) {
  const { token, env } = repository
  const server = env.GITHUB_SERVER_URL
  if (token === '' || !server?.startsWith('https://')) return repository
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64')
  const header = {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${server}/.extraheader`,
    GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${basic}`,
  }
  return { ...repository, env: { ...env, ...header, GIT_TERMINAL_PROMPT: '0' } }
}
