import { command } from './log.mjs'

/**
 * @typedef {object} Problem As `stage0 check --json` prints it.
 * @property {string} code
 * @property {'error' | 'warning' | 'notice'} severity
 * @property {string} text
 * @property {string} [hint]
 * @property {string} [file]
 * @property {number} [line]
 * @property {number} [column]
 */

/** What a code host shows of each kind for one step; the rest stands in the log and in the comment. */
const SHOWN = 10

/**
 * Problems as annotations of their lines, the worst first.
 *
 * @param {readonly Problem[]} problems
 * @param {string} place Where the repository is in the checkout, with `/` at its end, or nothing.
 * @returns {string[]} Lines for the runner.
 */
export function annotations(problems, place) {
  const kinds = /** @type {const} */ (['error', 'warning', 'notice'])
  return kinds.flatMap((kind) => {
    const those = problems.filter(({ severity }) => severity === kind)
    const lines = those.slice(0, SHOWN).map((problem) => annotation(kind, problem, place))
    if (those.length <= SHOWN) return lines
    return [...lines, `${those.length - SHOWN} more of kind ${kind} without an annotation: see the summary of the job.`]
  })
}

/**
 * @param {Problem['severity']} kind
 * @param {Problem} problem
 * @param {string} place
 */
function annotation(kind, { code, text, hint, file, line, column }, place) {
  const message = hint === undefined ? text : `${text}\n${hint}`
  const where = file === undefined ? {} : { file: `${place}${file}`, line, col: column }
  return command(kind, message, { ...where, title: code })
}
