import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

/** A file of a case: its text, its bytes, or where a symbolic link points to. */
export type CaseFile = string | { readonly base64: string } | { readonly link: string }
export type CaseFiles = Readonly<Record<string, CaseFile>>

/** What is wrong and where; not how it is said, but for names that the message must have. */
export interface CaseProblem {
  readonly code: string
  readonly file?: string
  readonly line?: number
  readonly says?: readonly string[]
}

interface Common {
  readonly group: string
  readonly name: string
  readonly rules: readonly string[]
  /** Why the expected result is not that of the first implementation. */
  readonly differs?: string
  readonly problems?: readonly CaseProblem[]
}

/** One template, `page.txt`, whose names are `d` for `data`, and `specifications`. */
export interface ShortCase extends Common {
  readonly body: string
  readonly data?: string
  readonly prints?: string
}

export interface LongCase extends Common {
  readonly control?: string
  readonly template: CaseFiles
  readonly specifications?: CaseFiles
  readonly environment?: Readonly<Record<string, string>>
  readonly product?: CaseFiles
}

export type ConformanceCase = ShortCase | LongCase

export const isShort = (one: ConformanceCase): one is ShortCase => 'body' in one

export const CONFORMANCE_FOLDER = fileURLToPath(new URL('../../conformance/', import.meta.url))

const KEYS: ReadonlySet<string> = new Set([
  ...['name', 'rules', 'differs', 'problems', 'body', 'data', 'prints'],
  ...['control', 'template', 'specifications', 'environment', 'product'],
])

/** The files of cases, by group. */
export const groupFiles = (): readonly string[] =>
  readdirSync(CONFORMANCE_FOLDER)
    .filter((name) => name.endsWith('.yaml'))
    .sort()

/**
 * Reads every case. All scalars are texts: what they mean as YAML is what the cases are about.
 *
 * @throws {Error} Where a file has something that is not known of cases, so that nothing is passed over.
 */
export function conformanceCases(): readonly ConformanceCase[] {
  return groupFiles().flatMap((file) => {
    const content = parse(readFileSync(`${CONFORMANCE_FOLDER}${file}`, 'utf8'), { schema: 'failsafe' }) as unknown
    const { cases } = content as { readonly cases: readonly Readonly<Record<string, unknown>>[] }
    return cases.map((one) => caseOf(file.replace(/\.yaml$/, ''), one))
  })
}

function caseOf(group: string, one: Readonly<Record<string, unknown>>): ConformanceCase {
  const unknown = Object.keys(one).filter((key) => !KEYS.has(key))
  const expected = ['prints', 'product', 'problems'].filter((key) => key in one)
  if (unknown.length > 0 || expected.length !== 1 || 'body' in one === 'template' in one)
    throw new Error(`${group}: ${String(one['name'])} is no case: ${[...unknown, ...expected].join(', ')}`)
  const problems = one['problems'] as readonly Readonly<Record<string, unknown>>[] | undefined
  return {
    ...(one as unknown as ConformanceCase),
    group,
    ...(problems === undefined ? {} : { problems: problems.map(problemOf) }),
  }
}

const problemOf = ({ line, ...problem }: Readonly<Record<string, unknown>>): CaseProblem => ({
  ...(problem as unknown as CaseProblem),
  ...(line === undefined ? {} : { line: Number(line) }),
})
