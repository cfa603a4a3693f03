import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './stage0.mjs'

/**
 * @typedef {object} Event What the runner tells of what happened; of it only what is used here.
 * @property {{ number: number, base: { sha: string, repo: { full_name: string } }, head: { sha: string, repo: { full_name: string } | null } }} [pull_request]
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

/** A full hash, and not the one of nothing but zeros that stands for no commit. */
const COMMIT = /^(?!0+$)[0-9a-f]{40,64}$/

/**
 * The commit that the pull request is compared with. What is checked out for one is as a rule its merge into the base
 * branch: its first parent is the base as it is now, where the event may name an older one. A workflow may check out the
 * head itself, which may be a merge of something else: it is compared with where it left the base branch.
 *
 * @param {Git} repository
 * @param {Event} event
 * @returns {Promise<string | undefined>} A full hash.
 */
export async function baseCommit(repository, event) {
  const pull = event.pull_request
  const named = pull?.base.sha ?? event.merge_group?.base_sha ?? event.before
  if (pull === undefined) return named !== undefined && COMMIT.test(named) ? named : undefined
  const [first, second, ...more] = await parentsOf(repository)
  if (first !== undefined && second === pull.head.sha && more.length === 0) return first
  return COMMIT.test(pull.base.sha) ? await forkPoint(repository, pull.base.sha) : undefined
}

/** @param {Git} repository @returns {Promise<string[]>} Of what is checked out. */
async function parentsOf(repository) {
  const { stdout } = await git(repository, ['cat-file', '-p', 'HEAD'])
  const [head = ''] = stdout.split('\n\n', 1)
  return [...head.matchAll(/^parent ([0-9a-f]{40,64})$/gm)].map(([, parent = '']) => parent)
}

/**
 * Where what is checked out left the base branch; the base itself where history does not tell.
 *
 * @param {Git} repository
 * @param {string} base
 * @returns {Promise<string>}
 */
async function forkPoint(repository, base) {
  const common = async () => (await git(repository, ['merge-base', base, 'HEAD'])).stdout.trim()
  const known = await common()
  if (known !== '') return known
  // A shallow checkout lacks the history that would tell.
  const { stdout } = await git(repository, ['rev-parse', '--is-shallow-repository'])
  const deepen = stdout.trim() === 'true' ? ['--unshallow'] : []
  await git(signedIn(repository), ['fetch', '--no-tags', ...deepen, 'origin', base])
  return (await common()) || base
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
