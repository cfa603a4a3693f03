import type { Problem, Result } from '../problem.ts'
import type { Claim, Claims } from './claims.ts'
import type { Context } from './context.ts'
import { bodyNames, itemsOf, outputNames } from './items.ts'
import type { Names } from './lookup.ts'
import type { PlannedFile } from './merge-plan.ts'
import { outputPath } from './output-path.ts'
import type { Prepared } from './prepare.ts'
import { plural } from './words.ts'

/** So many items of one entry tell what is wrong; the others are counted. */
const TOLD_PER_ENTRY = 5

/** What is around an entry: what it sees, and what is known about the other entries. */
export interface Around {
  readonly context: Context
  readonly environment: Names
  readonly claims: Claims
  /** Files of all entries with their turn: what is written where a later one is would be read as a template. */
  readonly order: ReadonlyMap<string, number>
}

export interface Expanded {
  readonly files: readonly PlannedFile[]
  readonly dropped: number
  readonly problems: readonly Problem[]
}

interface Turn {
  readonly body: Names
  readonly output: Names
  readonly label?: string
}

/** Renders one entry: once, or for each of its items. */
export function expand(prepared: Prepared, around: Around): Expanded {
  const turns = turnsOf(prepared, around)
  if (!turns.ok) return { files: [], dropped: 0, problems: turns.problems }
  const files: PlannedFile[] = []
  const problems: Problem[] = []
  let dropped = 0
  let silent = 0
  for (const turn of turns.value) {
    const result = render(prepared, around, turn)
    if (Array.isArray(result)) {
      if (problems.length < TOLD_PER_ENTRY) problems.push(...result)
      else silent += 1
    } else if (result === 'dropped') dropped += 1
    else files.push(result)
  }
  const [first] = problems
  if (silent > 0 && first !== undefined)
    problems.push({ ...first, message: `${prepared.path} has problems with ${plural(silent, 'more item')}.` })
  return { files, dropped, problems }
}

function turnsOf({ entry }: Prepared, { context, environment }: Around): Result<readonly Turn[]> {
  const { mode } = entry
  if (mode.kind === 'mergeFor' || mode.kind === 'mergeFrom') return itemsOf(mode, context)
  return { ok: true, value: [{ body: bodyNames(context), output: outputNames(context, environment) }] }
}

/** One file; that there is none; or what is wrong. */
function render(prepared: Prepared, around: Around, turn: Turn): PlannedFile | 'dropped' | Problem[] {
  const who = turn.label === undefined ? prepared.path : `${prepared.path}, ${turn.label}`
  const withItem = (problem: Problem): Problem =>
    turn.label === undefined ? problem : { ...problem, message: inBrackets(problem.message, turn.label) }
  const body = prepared.body.render(turn.body)
  const output = prepared.output?.render(turn.output)
  const failures = [...(body.ok ? [] : body.problems), ...(output === undefined || output.ok ? [] : output.problems)]
  if (!body.ok || output?.ok === false) return failures.map(withItem)
  const { entry, path: from, isExecutable } = prepared
  const { at } = entry.mode.kind === 'inPlace' ? entry.path : entry.mode.output
  const judged = outputPath(output?.value ?? from)
  if (judged.kind === 'dropped') return 'dropped'
  if (judged.kind === 'refused') {
    const message = `The output "${output?.value ?? from}" of ${who} cannot be written: ${judged.why}.`
    const code = judged.isOutside ? 'MERGE_OUTPUT_OUTSIDE' : 'MERGE_OUTPUT_INVALID'
    return [{ code, message, ...hintAbout(prepared, turn), at }]
  }
  const claim = { path: judged.path, who, at }
  const problem = onTemplate(claim, prepared, around) ?? around.claims.take(claim)
  return problem === undefined ? { path: judged.path, text: body.value, isExecutable, from } : [problem]
}

/** The template is right where the specifications hold what it makes a name of. */
function hintAbout({ entry: { mode } }: Prepared, { label }: Turn): { readonly hint?: string } {
  if (label === undefined || (mode.kind !== 'mergeFor' && mode.kind !== 'mergeFrom')) return {}
  return { hint: `Correct ${label}, in "${mode.items.text}" of the specifications, or let the output be another path.` }
}

/** The full stop goes behind what is said besides. */
const inBrackets = (sentence: string, besides: string): string => `${sentence.replace(/\.$/, '')} (${besides}).`

function onTemplate({ path, who, at }: Claim, prepared: Prepared, { order }: Around): Problem | undefined {
  const code = 'MERGE_OUTPUT_INVALID'
  if (prepared.output !== undefined && path === prepared.path) {
    const message = `The output ${path} of ${who} is its own template, which is removed.`
    return { code, message, hint: 'Leave "output" out to rewrite a file in its place.', at }
  }
  if ((order.get(path) ?? -1) <= (order.get(prepared.path) ?? -1)) return undefined
  return { code, message: `The output ${path} of ${who} is a template that is merged later.`, at }
}
