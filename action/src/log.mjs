import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'

/** Why there is no plan, in a sentence for whoever reads the pull request: its first line holds nothing secret. */
export class Told extends Error {}

/** Lines that the runner reads as commands: the text of each is escaped as it reads them. */

/** @param {string} text */
const data = (text) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
/** @param {string} text */
const property = (text) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

/**
 * A line for the runner, such as an annotation of a line of a file.
 *
 * @param {'error' | 'warning' | 'notice'} kind
 * @param {string} message
 * @param {Readonly<Record<string, string | number | undefined>>} [place] `file`, `line`, `col`, `title`.
 */
export function command(kind, message, place = {}) {
  const named = Object.entries(place)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${property(String(value))}`)
  return `::${kind}${named.length > 0 ? ` ${named.join(',')}` : ''}::${data(message)}`
}

/**
 * Text of unknown origin for the log: nothing of it is a command to the runner.
 *
 * @param {string} text
 */
export function quoted(text) {
  const end = randomUUID()
  return `::stop-commands::${end}\n${text.trimEnd()}\n::${end}::`
}

/**
 * Sets an output of the step. The runner reads up to a line that nobody can guess.
 *
 * @param {string | undefined} file
 * @param {string} name
 * @param {string} value
 */
export function output(file, name, value) {
  if (!file) return
  const end = randomUUID()
  appendFileSync(file, `${name}<<${end}\n${value}\n${end}\n`)
}
