import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { Told } from './log.mjs'

/**
 * @typedef {object} Inputs What the step was asked for.
 * @property {string} workspace The checkout.
 * @property {string} folder The configuration repository, absolute.
 * @property {string} place The same as seen from the checkout, with `/` at its end, or nothing where both are one.
 * @property {string | undefined} uri
 * @property {string | undefined} database
 * @property {string | undefined} version
 * @property {string | undefined} command
 * @property {boolean} loadTestData
 * @property {string} samples
 * @property {boolean} comment
 * @property {string} token
 * @property {string} author
 * @property {string} marker First line of our comment: by it the comment is found again.
 * @property {string} temporary A folder for what is made on the way.
 */

/**
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @returns {Inputs}
 * @throws {Error} With a sentence for the author of the workflow.
 */
export function readInputs(environment) {
  const workspace = resolve(environment.GITHUB_WORKSPACE ?? '.')
  const repository = environment.ACTION_REPOSITORY || '.'
  const folder = resolve(workspace, repository)
  if (folder !== workspace && !folder.startsWith(workspace + sep))
    throw new Told('`repository` names a folder outside of the checkout.')
  const version = environment.ACTION_VERSION || undefined
  if (version !== undefined && !/^[\w.^~-]+$/.test(version))
    throw new Told('`version` is a version or a tag of npm, for example 1.2.3, ^1.2.0 or latest.')
  const samples = environment.ACTION_EVIDENCE_SAMPLES || '0'
  if (!/^\d+$/.test(samples)) throw new Told('`evidence-samples` is a whole number.')
  const database = environment.ACTION_DATABASE || undefined
  const place =
    folder === workspace
      ? ''
      : `${folder
          .slice(workspace.length + 1)
          .split(sep)
          .join('/')}/`
  const key = createHash('sha256')
    .update(JSON.stringify([place, database ?? '']))
    .digest('hex')
  return {
    ...{ workspace, folder, place, database, version, samples },
    uri: environment.ACTION_URI || undefined,
    command: environment.ACTION_COMMAND ? resolve(workspace, environment.ACTION_COMMAND) : undefined,
    loadTestData: flag(environment.ACTION_LOAD_TEST_DATA, 'load-test-data', false),
    comment: flag(environment.ACTION_COMMENT, 'comment', true),
    token: environment.ACTION_TOKEN ?? '',
    author: environment.ACTION_COMMENT_AUTHOR || 'github-actions[bot]',
    // Several repositories, or databases, of one pull request have a comment each.
    marker: `<!-- stage0 plan ${key.slice(0, 16)} -->`,
    temporary: join(environment.RUNNER_TEMP ?? '/tmp', `stage0-${key.slice(0, 16)}`),
  }
}

/**
 * Whether a folder is where its path says, with links followed: a pull request may have made one of it, and what else is on
 * the runner is not for a comment. One that is not there leads nowhere.
 *
 * @param {string} root
 * @param {string} folder
 */
export function isWithin(root, folder) {
  try {
    const [outer, inner] = [realpathSync(root), realpathSync(folder)]
    return inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : outer + sep)
  } catch (error) {
    return Object(error).code === 'ENOENT'
  }
}

/**
 * @param {string | undefined} text
 * @param {string} name
 * @param {boolean} without
 */
function flag(text, name, without) {
  if (text === undefined || text === '') return without
  if (text === 'true' || text === 'false') return text === 'true'
  throw new Told(`\`${name}\` is true or false.`)
}
