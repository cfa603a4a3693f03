import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { annotations } from './annotations.mjs'
import { isWithin } from './inputs.mjs'
import { quoted, Told } from './log.mjs'
import { LIMIT } from './plan.mjs'
import { run } from './stage0.mjs'

/** Exit codes of the command where it says what it found: nothing wrong, errors, or a setting with which nothing can be checked. */
const CHECKED = [0, 4, 64]

/**
 * Checks the repository and writes its problems as annotations and as SARIF.
 *
 * @param {import('./plan.mjs').Job} job
 * @returns {Promise<{ errors: number, warnings: number, markdown: string, sarif: string }>}
 * @throws {Error} Where it cannot be checked.
 */
export async function check({ inputs, stage0, env, tell }) {
  if (!isWithin(inputs.workspace, inputs.folder))
    throw new Told('The folder of the repository leads out of the checkout.')
  const data = inputs.loadTestData ? ['--load-test-data'] : []
  /** @param {readonly string[]} form */
  const checked = async (form) => {
    const args = ['check', '--repository', inputs.folder, ...data, ...form]
    const { code, stdout, stderr } = await run([...stage0, ...args], { cwd: inputs.workspace, env })
    // Wrong use, such as an option that another version does not know, is told elsewhere and in no form.
    if (CHECKED.includes(code ?? -1) && stdout !== '') return stdout
    tell(quoted(`${stdout}${stderr}`))
    throw new Told(`The repository could not be checked: the command ended with ${code ?? 'a signal'}.`)
  }
  /** @type {{ problems: import('./annotations.mjs').Problem[] }} */
  const { problems } = JSON.parse(await checked(['--json']))
  for (const line of annotations(problems, inputs.place)) tell(line)
  const sarif = join(inputs.temporary, 'problems.sarif')
  writeFileSync(sarif, inCheckout(await checked(['--sarif']), inputs.place))
  /** @param {string} severity */
  const count = (severity) => problems.filter((one) => one.severity === severity).length
  const markdown = problems.length === 0 ? '' : await checked(['--markdown', ...LIMIT])
  return { errors: count('error'), warnings: count('warning'), markdown, sarif }
}

/**
 * SARIF whose paths begin at the checkout: a code host knows of no other folder that they could begin at.
 *
 * @param {string} sarif As the command prints it, with paths from the repository.
 * @param {string} place Where the repository is in the checkout, with `/` at its end, or nothing.
 */
export function inCheckout(sarif, place) {
  const prefix = place.split('/').map(encodeURIComponent).join('/')
  /** @param {string} key @param {unknown} value */
  const moved = (key, value) => {
    // What they began at before.
    if (key === 'originalUriBaseIds') return undefined
    if (key !== 'artifactLocation') return value
    const { uri } = Object(value)
    // The repository itself.
    return { uri: uri === '.' ? prefix.replace(/\/$/, '') || uri : `${prefix}${uri}` }
  }
  return `${JSON.stringify(JSON.parse(sarif, moved), undefined, 2)}\n`
}
