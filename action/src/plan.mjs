import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { baseCommit, layTree, removeTree } from './base.mjs'
import { isWithin } from './inputs.mjs'
import { quoted, Told } from './log.mjs'
import { run, startEmbedded } from './stage0.mjs'

/**
 * @typedef {object} Job
 * @property {import('./inputs.mjs').Inputs} inputs
 * @property {readonly string[]} stage0 The command.
 * @property {Record<string, string | undefined>} env For the command and for git.
 * @property {import('./base.mjs').Event} event
 * @property {(line: string) => void} tell Writes a line to the log.
 *
 * @typedef {object} Planned
 * @property {string} from In words: what the plan begins from; the end of a sentence.
 * @property {string} markdown
 * @property {boolean} refused
 * @property {number | undefined} steps Of a plan that is not refused.
 */

/** What the summary before the plan takes of a comment, at most, in bytes. */
const ROOM = 2_000
/** Source: the API of the code host refuses a longer body. */
const COMMENT_BYTES = 65_536
export const LIMIT = ['--markdown-limit', String(COMMENT_BYTES - ROOM)]

/** Exit codes of the command, as its help lists them. */
const EXIT = { done: 0, changes: 2, invalid: 4, drift: 5, unsafe: 6, leftovers: 9 }
const REFUSED = [EXIT.invalid, EXIT.drift, EXIT.unsafe]
const APPLIED = [EXIT.done, EXIT.leftovers]

/** The database that the base is applied to; it ends with the job. */
const DATABASE = 'review'

const UNNAMED =
  'With `uri` the workflow names the database too, by `database`: a pull request does not choose what is read.'

/**
 * What decides where a connection string leads and how, from the workflow alone: a file of the pull request that sets
 * one of these does not count where the environment has it.
 *
 * @param {string} uri
 * @param {Record<string, string | undefined>} env Of the workflow.
 */
const targetOf = (uri, env) => ({
  MONGO_CONNECTION_STRING: uri,
  MONGODB_REQUIRE_TLS: env.MONGODB_REQUIRE_TLS || 'true',
  ENVIRONMENT_NAME: env.ENVIRONMENT_NAME || hostOf(uri),
})

/**
 * The name of an environment that the workflow does not name, as the command would name it.
 *
 * @param {string} uri
 * @returns {string} The first host without its port, or `local` for this machine.
 */
export function hostOf(uri) {
  const [address = ''] = uri.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').split('?', 1)
  // The last `@`: what stands before it may be of a password.
  const hosts = address.slice(address.lastIndexOf('@') + 1)
  const [, ipv6, name] = /^(?:\[([^\]]*)\]|([^:/,]*))/.exec(hosts) ?? []
  const host = ipv6 || name || 'local'
  return /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host) ? 'local' : host
}

/**
 * Plans against the database that the workflow names, or against an embedded one that is as the base branch says.
 *
 * @param {Job} job
 * @returns {Promise<Planned>}
 * @throws {Error} Where no plan can be made.
 */
export async function plan(job) {
  const { uri, database, samples } = job.inputs
  if (uri !== undefined) {
    const env = { ...job.env, ...targetOf(uri, job.env), EVIDENCE_SAMPLES: samples }
    const named = database ?? (job.env.MONGO_DB_NAME || undefined)
    if (named === undefined) throw new Told(UNNAMED)
    const from = 'planned against the database that the workflow names.'
    return { from, ...(await planFor({ ...job, env }, ['--for-review', '--database', named])) }
  }
  // Nothing of the workflow's settings leads to another database than the one that is started here.
  const { MONGO_CONNECTION_STRING: _, EMBEDDED_DATA: __, ENVIRONMENT_NAME: ___, ...env } = job.env
  const own = { ...job, env }
  const server = await startEmbedded(job.stage0, { cwd: job.inputs.workspace, env })
  try {
    const { from, name } = await applyBase(own, server.uri)
    return { from, ...(await planFor(own, ['--uri', server.uri, '--database', name])) }
  } finally {
    await server.stop()
  }
}

/**
 * @param {Job} job
 * @param {readonly string[]} target
 * @returns {Promise<Omit<Planned, 'from'>>}
 */
async function planFor({ inputs, stage0, env, tell }, target) {
  const out = join(inputs.temporary, 'plan.json')
  rmSync(out, { force: true })
  const data = inputs.loadTestData ? ['--load-test-data'] : []
  const asked = ['plan', '--repository', inputs.folder, ...target, ...data, '--markdown', ...LIMIT]
  const args = [...asked, '--out', out, '--detailed-exitcode']
  const { code, stdout, stderr } = await run([...stage0, ...args], { cwd: inputs.workspace, env })
  const refused = REFUSED.includes(code ?? -1)
  if (stdout === '' || !(refused || code === EXIT.done || code === EXIT.changes)) {
    tell(quoted(stderr))
    throw new Told(`No plan could be made: the command ended with ${code ?? 'a signal'}.`)
  }
  const steps = existsSync(out) ? JSON.parse(readFileSync(out, 'utf8')).steps.length : undefined
  return { markdown: stdout, refused, steps }
}

/**
 * Brings a database to what the base branch says. Where that cannot be, the plan begins from an empty one, and says why.
 *
 * @param {Job} job
 * @param {string} uri
 * @returns {Promise<{ from: string, name: string }>}
 */
async function applyBase(job, uri) {
  const { inputs, env, event } = job
  /** @param {string} why */
  const empty = (why) => ({ from: `planned for an empty embedded database, since ${why}.`, name: `${DATABASE}_empty` })
  const git = { workspace: inputs.workspace, token: inputs.token, env }
  const commit = await baseCommit(git, event)
  if (commit === undefined) return empty('there is no commit to compare with')
  const tree = join(inputs.temporary, 'base')
  await removeTree(git, tree)
  if (!(await layTree(git, commit, tree))) return empty('the commit to compare with could not be fetched')
  try {
    const folder = join(tree, inputs.place)
    if (!existsSync(folder)) return empty('the base branch has no such folder')
    if (!isWithin(tree, folder)) return empty('the folder of the base branch leads out of it')
    const base = `planned from the files of the base branch (\`${commit.slice(0, 12)}\`), applied to an embedded database`
    if (await apply(job, folder, uri, DATABASE, ['--load-test-data']))
      return { from: `${base} with their test data: this is what the pull request changes.`, name: DATABASE }
    const name = `${DATABASE}_without_data`
    if (await apply(job, folder, uri, name, []))
      return { from: `${base} without their test data, which cannot be applied there: see the log.`, name }
    return empty('the files of the base branch cannot be applied: see the log')
  } finally {
    await removeTree(git, tree)
  }
}

/**
 * @param {Job} job
 * @param {string} folder
 * @param {string} uri
 * @param {string} database
 * @param {readonly string[]} options
 * @returns {Promise<boolean>}
 */
async function apply({ inputs, stage0, env, tell }, folder, uri, database, options) {
  const args = ['apply', '--yes', '--repository', folder, '--uri', uri, '--database', database, ...options]
  const { code, stdout, stderr } = await run([...stage0, ...args], { cwd: inputs.workspace, env })
  const isApplied = APPLIED.includes(code ?? -1)
  if (!isApplied) tell(quoted(`${stdout}${stderr}`))
  return isApplied
}
