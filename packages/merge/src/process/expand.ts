import type { Gap } from '../language/gap.ts'
import { ok, type Problem, type Result } from '../problem.ts'
import type { Claim, Claims } from './claims.ts'
import type { Context } from './context.ts'
import { missingIn, type Missing } from './gaps.ts'
import { bodyNames, outputNames, type Items } from './items.ts'
import type { Names } from './lookup.ts'
import type { PlannedFile } from './merge-plan.ts'
import { outputPath } from './output-path.ts'
import type { Prepared } from './prepare.ts'
import type { Rendered } from './render.ts'
import { plural } from './words.ts'

/** So many items of one entry tell what is wrong; the others are counted. */
const TOLD_PER_ENTRY = 5

const NO_NAMES: Names = new Map()

/** What is around an entry: what it sees, and what is known about the other entries. */
export interface Around {
  readonly context: Context
  readonly environment: Names
  readonly items: Items
  readonly claims: Claims
  /** Files of all entries with their turn: what is written where a later one is would be read as a template. */
  readonly order: ReadonlyMap<string, number>
}

export interface Expanded {
  readonly files: readonly PlannedFile[]
  readonly dropped: number
  readonly problems: readonly Problem[]
  readonly warnings: readonly Problem[]
}

interface Turn {
  readonly body: Names
  readonly output: Names
  readonly label?: string
}

/** Renders one entry: once, or for each of its items. */
export function expand(prepared: Prepared, around: Around): Expanded {
  const turns = turnsOf(prepared, around)
  if (!turns.ok) return { files: [], dropped: 0, problems: turns.problems, warnings: [] }
  const files: PlannedFile[] = []
  const [problems, warnings] = [new Told(prepared.path), new Told(prepared.path)]
  let dropped = 0
  for (const turn of turns.value) {
    const { result, gaps } = render(prepared, around, turn)
    if (Array.isArray(result)) problems.add(result)
    else if (result === 'dropped') dropped += 1
    else {
      files.push(result)
      warnings.add(gaps)
    }
  }
  return { files, dropped, problems: problems.all(), warnings: warnings.all() }
}

/** What is told about the items of one entry. */
class Told {
  readonly #path: string
  readonly #problems: Problem[] = []
  #silent = 0

  constructor(path: string) {
    this.#path = path
  }

  add(problems: readonly Problem[]): void {
    if (problems.length === 0) return
    if (this.#problems.length < TOLD_PER_ENTRY) this.#problems.push(...problems)
    else this.#silent += 1
  }

  all(): readonly Problem[] {
    const [first] = this.#problems
    if (this.#silent === 0 || first === undefined) return this.#problems
    return [
      ...this.#problems,
      { ...first, message: `${this.#path} has problems with ${plural(this.#silent, 'more item')}.` },
    ]
  }
}

function turnsOf({ entry }: Prepared, { context, environment, items }: Around): Result<readonly Turn[]> {
  const { mode } = entry
  if (mode.kind === 'mergeFor' || mode.kind === 'mergeFrom') return items.of(mode)
  return { ok: true, value: [{ body: bodyNames(context), output: outputNames(context, environment) }] }
}

interface RenderedTurn {
  /** One file; that there is none; or what is wrong. */
  readonly result: PlannedFile | 'dropped' | Problem[]
  /** What is missing in the name of the file. */
  readonly gaps: readonly Problem[]
}

function render(prepared: Prepared, around: Around, turn: Turn): RenderedTurn {
  const who = turn.label === undefined ? prepared.path : `${prepared.path}, ${turn.label}`
  const withItem = (problem: Problem): Problem =>
    turn.label === undefined ? problem : { ...problem, message: inBrackets(problem.message, turn.label) }
  const gaps: Gap[] = []
  const body = prepared.body.render(turn.body)
  // Names of items are made of the item alone.
  const environment = turn.label === undefined ? around.environment : NO_NAMES
  const output = prepared.output?.render(turn.output, environment, (gap) => gaps.push(gap)) ?? inPlace(prepared)
  if (!body.ok || !output.ok) {
    const failures = [...(body.ok ? [] : body.problems), ...(output.ok ? [] : output.problems)]
    return { result: failures.map(withItem), gaps: [] }
  }
  const { entry, path: from, isExecutable } = prepared
  const { at } = entry.mode.kind === 'inPlace' ? entry.path : entry.mode.output
  const { text, shown, isPrivate } = output.value
  const judged = outputPath(text)
  if (judged.kind === 'dropped') return { result: 'dropped', gaps: [] }
  const missing = gaps.length === 0 ? undefined : missingIn(text, gaps, turn.label !== undefined)
  const told = missing === undefined ? [] : [incomplete(`The output "${shown}" of ${who}`, missing, prepared, turn)]
  if (missing?.isRefused === true) return { result: told, gaps: [] }
  if (judged.kind === 'refused') {
    const why = isPrivate ? judged.whyInGeneral : judged.why
    const besides = missing === undefined ? '' : `, and ${missing.why}`
    const message = `The output "${shown}" of ${who} cannot be written: ${why}${besides}.`
    const code = judged.isOutside ? 'MERGE_OUTPUT_OUTSIDE' : 'MERGE_OUTPUT_INVALID'
    return { result: [{ code, message, ...hintAbout(prepared, turn), at }], gaps: [] }
  }
  const claim = { path: judged.path, shown: isPrivate ? shown : judged.path, isPrivate, who, at }
  const problem = onTemplate(claim, prepared, around) ?? around.claims.take(claim)
  if (problem !== undefined) return { result: [problem], gaps: [] }
  return { result: { path: judged.path, text: body.value, isExecutable, from }, gaps: told }
}

const inPlace = ({ path }: Prepared): Result<Rendered> => ok({ text: path, shown: path, isPrivate: false })

/** The template is right where the specifications hold what it makes a name of. */
function hintAbout({ entry: { mode } }: Prepared, { label }: Turn): { readonly hint?: string } {
  if (label === undefined || (mode.kind !== 'mergeFor' && mode.kind !== 'mergeFrom')) return {}
  return { hint: `Correct ${label}, in "${mode.items.text}" of the specifications, or let the output be another path.` }
}

/** Why a name is incomplete: the specifications may lack something, or the template may ask for another name than they have. */
function incomplete(output: string, { what, why, mayBeMeant }: Missing, { entry }: Prepared, { label }: Turn): Problem {
  const { mode } = entry
  const where =
    label === undefined || (mode.kind !== 'mergeFor' && mode.kind !== 'mergeFrom')
      ? 'the specifications'
      : `${label}, in "${mode.items.text}" of the specifications`
  const meant = mayBeMeant ? '; where nothing is meant, write `| default("")` into the output' : ''
  return {
    code: 'MERGE_OUTPUT_INCOMPLETE',
    message: `${output} ${what}, since ${why}.`,
    hint: `Add it to ${where}, or correct the name in the output${meant}.`,
    at: mode.kind === 'inPlace' ? entry.path.at : mode.output.at,
  }
}

/** The full stop goes behind what is said besides. */
const inBrackets = (sentence: string, besides: string): string => `${sentence.replace(/\.$/, '')} (${besides}).`

function onTemplate({ path, shown, who, at }: Claim, prepared: Prepared, { order }: Around): Problem | undefined {
  const code = 'MERGE_OUTPUT_INVALID'
  if (prepared.output !== undefined && path === prepared.path) {
    const message = `The output ${shown} of ${who} is its own template, which is removed.`
    return { code, message, hint: 'Leave "output" out to rewrite a file in its place.', at }
  }
  if ((order.get(path) ?? -1) <= (order.get(prepared.path) ?? -1)) return undefined
  return { code, message: `The output ${shown} of ${who} is a template that is merged later.`, at }
}
