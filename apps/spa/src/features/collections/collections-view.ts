import type { CollectionList, CollectionRow, CollectionState } from '@stage0/types'
import { collectionMark, rowMark, runMark, type Mark } from '../../shared/marks.ts'
import { fileOf, paths, placePath } from '../../shared/paths.ts'

/** A collection as a row of the table. */
export interface CollectionLine {
  readonly name: string
  readonly description: string
  readonly recorded: string | undefined
  readonly newest: string | undefined
  /** Whether the database could be read: without, an absent `recorded` says nothing. */
  readonly isRecordedKnown: boolean
  readonly state: CollectionState
  readonly mark: Mark
  readonly locked: boolean
  readonly errors: number
  readonly warnings: number
  /** What drifted, what is broken, or why the state is not known: said beside the state, never only in a tooltip. */
  readonly reason: string | undefined
  /** Where the finding that breaks it is shown. */
  readonly problemPath: string | undefined
  readonly documents: number | undefined
  /** Documents that do not match, by the last run that looked. */
  readonly left: number | undefined
  readonly lastRun: { readonly id: string; readonly mark: Mark; readonly at: string } | undefined
  readonly path: string
  /** Only what is in the repository and can be read can be planned. */
  readonly canBePlanned: boolean
}

const reasonOf = (row: CollectionRow, targetError: string | undefined): string | undefined => {
  if (row.state === 'invalid') return row.first_problem?.text
  if (row.state === 'unknown') return targetError
  return row.drift.length === 0 ? undefined : row.drift.join('; ')
}

const problemPathOf = ({ first_problem: problem, file }: CollectionRow): string | undefined => {
  if (problem === undefined) return undefined
  return placePath(problem) ?? (file === undefined ? paths.problems() : paths.problems({ file }))
}

/** The row of a collection; broken files are rows as well (C-14). */
export const collectionLine = (row: CollectionRow, targetError?: string): CollectionLine => ({
  name: row.name,
  description: row.description === '' ? row.title : row.description,
  recorded: row.recorded,
  newest: row.newest,
  isRecordedKnown: targetError === undefined,
  state: row.state,
  mark: rowMark(row),
  locked: row.locked,
  errors: row.problems.errors,
  warnings: row.problems.warnings,
  reason: reasonOf(row, targetError),
  problemPath: problemPathOf(row),
  documents: row.documents,
  left: row.leftovers?.count,
  lastRun: row.last_run && { id: row.last_run.run_id, mark: runMark(row.last_run.status), at: row.last_run.at },
  // A name of a broken file may be anything: its page is found by the file.
  path: paths.collection((row.file === undefined ? undefined : fileOf(row.file)?.fileName)?.split('.')[0] ?? row.name),
  canBePlanned: row.newest !== undefined && row.state !== 'invalid',
})

export const collectionLines = (list: CollectionList): readonly CollectionLine[] =>
  list.items.map((row) => collectionLine(row, list.target_error?.message))

/** Lines whose name, description or file contains every word of the query, in one of the states. */
export function filterLines(
  lines: readonly CollectionLine[],
  query: string,
  states: readonly string[],
): readonly CollectionLine[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return lines.filter((line) => {
    const text = `${line.name} ${line.description}`.toLowerCase()
    return words.every((word) => text.includes(word)) && (states.length === 0 || states.includes(line.state))
  })
}

/** States that occur, the gravest first, with how often. */
export function stateCounts(
  lines: readonly CollectionLine[],
): readonly { readonly state: CollectionState; readonly mark: Mark; readonly count: number }[] {
  const counts = new Map<CollectionState, number>()
  for (const { state } of lines) counts.set(state, (counts.get(state) ?? 0) + 1)
  return GRAVEST_FIRST.flatMap((state) => {
    const count = counts.get(state)
    return count === undefined ? [] : [{ state, mark: collectionMark(state), count }]
  })
}

const GRAVEST_FIRST: readonly CollectionState[] = [
  'invalid',
  'interrupted',
  'drifted',
  'behind',
  'ahead',
  'unknown',
  'in sync',
]

/** Columns that the table can be sorted by. */
export const SORTS = ['name', 'state', 'newest', 'problems', 'lastRun'] as const
export type SortKey = (typeof SORTS)[number]

/** What a line is sorted by: the gravest state first, versions by their numbers (the table compares digits as numbers). */
export function sortValue(line: CollectionLine, key: string): string | number | undefined {
  switch (key as SortKey) {
    case 'state':
      return GRAVEST_FIRST.indexOf(line.state)
    case 'newest':
      return line.newest ?? line.recorded
    case 'problems':
      return line.errors * 1_000_000 + line.warnings
    case 'lastRun':
      return line.lastRun?.at
    default:
      return line.name
  }
}
