import type { CollectionList, CollectionRow, ProblemReport, RunList } from '@stage0/types'
import { rowMark, runStateMark, type Mark } from '../../shared/marks.ts'
import { paths } from '../../shared/paths.ts'

/** A collection that wants attention. */
export interface AttentionLine {
  readonly name: string
  readonly mark: Mark
  /** From where to where, or what is wrong. */
  readonly recorded: string | undefined
  readonly newest: string | undefined
  readonly reason: string | undefined
  /** Documents that do not match, by the last run that looked. */
  readonly left: { readonly count: number; readonly runPath: string } | undefined
  readonly path: string
}

/** What the overview says of the collections. */
export interface CollectionsSummary {
  readonly total: number
  /** The repository has no collection at all. */
  readonly isEmpty: boolean
  readonly inSync: number
  readonly attention: readonly AttentionLine[]
  /** Collections with a version recorded in the database. */
  readonly recorded: number
  readonly pendingVersions: number
  /** Collections that a plan would do something for. */
  readonly toPlan: number
  readonly targetError: string | undefined
}

/** Nothing to do, or nothing that can be done. */
const NOT_PLANNED: ReadonlySet<string> = new Set(['in sync', 'invalid', 'unknown'])
const RANK = ['invalid', 'interrupted', 'drifted', 'behind', 'ahead']
/** What is well but for documents that were left comes last. */
const rankOf = ({ state }: CollectionRow): number => (RANK.includes(state) ? RANK.indexOf(state) : RANK.length)

const attentionLine = (row: CollectionRow): AttentionLine => ({
  name: row.name,
  mark: rowMark(row),
  recorded: row.recorded,
  newest: row.newest,
  reason: row.state === 'invalid' ? row.first_problem?.text : row.drift.length > 0 ? row.drift.join('; ') : undefined,
  left: row.leftovers && { count: row.leftovers.count, runPath: paths.run(row.leftovers.run_id) },
  path: paths.collection(row.name),
})

/** Numbers and the collections that want attention, the gravest first. */
export function collectionsSummary({ items, target_error: error }: CollectionList): CollectionsSummary {
  return {
    total: items.length,
    isEmpty: items.length === 0,
    inSync: items.filter(({ state }) => state === 'in sync').length,
    attention: items
      .filter(({ state, leftovers }) => RANK.includes(state) || leftovers !== undefined)
      .toSorted((a, b) => rankOf(a) - rankOf(b) || (a.name < b.name ? -1 : 1))
      .map(attentionLine),
    recorded: items.filter(({ recorded }) => recorded !== undefined).length,
    pendingVersions: items.reduce((sum, { pending }) => sum + pending.length, 0),
    toPlan: items.filter(
      ({ state, newest, leftovers }) =>
        newest !== undefined && (!NOT_PLANNED.has(state) || (state === 'in sync' && leftovers !== undefined)),
    ).length,
    targetError: error?.message,
  }
}

/** A run as a line of the overview. */
export const runLines = ({ items }: RunList, limit: number) =>
  items.slice(0, limit).map((run) => ({
    id: run.run_id,
    mark: runStateMark(run),
    at: run.started_at,
    durationMs: run.duration_ms,
    user: run.user,
    collections: run.collections,
    path: paths.run(run.run_id),
  }))

/** What stands under "Problems": the gravest severity that occurs, or undefined where nothing is wrong. */
export function problemsSummary({ counts }: ProblemReport): {
  readonly mark: 'error' | 'warning' | 'info' | 'success'
  readonly total: number
} {
  const total = counts.errors + counts.warnings + counts.notices
  if (counts.errors > 0) return { mark: 'error', total }
  if (counts.warnings > 0) return { mark: 'warning', total }
  return { mark: total > 0 ? 'info' : 'success', total }
}
