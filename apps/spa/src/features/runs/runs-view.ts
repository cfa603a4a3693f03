import type { RunState, RunSummary } from '@stage0/types'
import type { RunPage, RunQuery } from '../../shared/api.ts'
import { runStateMark, type Mark } from '../../shared/marks.ts'
import { paths } from '../../shared/paths.ts'

export const PAGE_SIZE = 50
export const RUN_STATES: readonly RunState[] = [
  'running',
  'succeeded',
  'succeeded_with_leftovers',
  'failed',
  'cancelled',
  'interrupted',
  'superseded',
]
export const stateOf = (text: string): RunState | undefined => RUN_STATES.find((known) => known === text)
/** A page number of an address, from 1. */
export const pageOf = (text: string): number | undefined => (/^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined)

export interface HistoryFilter {
  readonly status: RunState | ''
  readonly collection: string
  /** From 1. */
  readonly page: number
}

/** What to ask for; one more than is shown tells whether there is a next page. */
export const historyQuery = ({ status, collection, page }: HistoryFilter): RunQuery => ({
  ...(status === '' ? {} : { status }),
  ...(collection === '' ? {} : { collection }),
  limit: PAGE_SIZE + 1,
  ...(page === 1 ? {} : { offset: (page - 1) * PAGE_SIZE }),
})

/** A run as a line of the history. */
export interface RunLine {
  readonly id: string
  readonly path: string
  readonly mark: Mark
  readonly startedAt: string
  readonly who: string
  readonly collections: readonly string[]
  /** Steps that did what they should, of all; undefined before the run has ended, when the history does not tell. */
  readonly done: number | undefined
  readonly steps: number
  readonly durationMs: number | undefined
  readonly error: { readonly code: string; readonly message: string } | undefined
}

const lineOf = (run: RunSummary): RunLine => ({
  id: run.run_id,
  path: paths.run(run.run_id),
  mark: runStateMark(run),
  startedAt: run.started_at,
  who: `${run.user}@${run.host}`,
  collections: run.collections,
  done:
    Object.keys(run.counts).length === 0 ? undefined : (run.counts['succeeded'] ?? 0) + (run.counts['already'] ?? 0),
  steps: run.steps,
  durationMs: run.duration_ms,
  // That a run was cancelled is recorded as its error, but nothing went wrong.
  error: run.status === 'cancelled' ? undefined : run.error,
})

/** A page of the history, newest first. */
export const historyPage = ({
  items,
}: Pick<RunPage, 'items'>): { readonly lines: readonly RunLine[]; readonly hasMore: boolean } => ({
  lines: items.slice(0, PAGE_SIZE).map(lineOf),
  hasMore: items.length > PAGE_SIZE,
})
