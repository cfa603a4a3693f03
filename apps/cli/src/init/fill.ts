import { extname } from 'node:path'

/** What the trees leave open: `@@NAME@@` and so on. */
export interface Values {
  readonly NAME: string
  readonly DATABASE: string
  readonly VERSION: string
  readonly PACKAGE: string
  readonly IMAGE: string
  readonly ACTION: string
  /** From the root of the git repository. */
  readonly FOLDER: string
}

const PLACEHOLDER = /@@([A-Z]+)@@/g
/** Reads in Markdown as it is written. */
const PLAIN = /^[A-Za-z0-9@./:-]*$/

/**
 * Puts the values into the text of a file, each once: what a value holds is never looked at again. A value is escaped for where the
 * trees have placeholders: in YAML between single quotes, in JSON between double quotes, in Markdown anywhere, elsewhere it is a
 * line of its own or part of one.
 *
 * @throws Error for a placeholder that there is no value for: a defect of the trees.
 */
export function fill(path: string, text: string, values: Values): string {
  const escape = ESCAPES[extname(path)] ?? ((value: string) => value)
  return text.replaceAll(PLACEHOLDER, (placeholder, name: string) => {
    if (!Object.hasOwn(values, name)) throw new Error(`${path} has a placeholder without a value: ${placeholder}`)
    return escape(values[name as keyof Values])
  })
}

const inYaml = (value: string): string => value.replaceAll("'", "''")

const ESCAPES: Readonly<Record<string, (value: string) => string>> = {
  '.yaml': inYaml,
  '.yml': inYaml,
  '.json': (value) => JSON.stringify(value).slice(1, -1),
  '.md': (value) => (PLAIN.test(value) ? value : codeSpan(value)),
}

/** Between backticks, of which there must be more than in the text. */
function codeSpan(value: string): string {
  const longest = Math.max(0, ...(value.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = /^`|`$/.test(value) ? ' ' : ''
  return `${fence}${pad}${value}${pad}${fence}`
}
