import type { RunState, RunSummary } from '@stage0/types'

/** What the console has seen of the runs of a database, whoever began them. */
export interface WatchState {
  /** Start of the newest run that was seen, ISO 8601; undefined until the history was read once. */
  readonly since: string | undefined
  /** Runs that were at work when they were seen last. */
  readonly running: ReadonlySet<string>
}
export const NOTHING_SEEN: WatchState = { since: undefined, running: new Set() }

/** Something to tell about a run, once. */
export interface RunNotice {
  readonly kind: 'started' | 'ended'
  readonly run: RunSummary
}

const isNew = ({ since }: WatchState, run: RunSummary): boolean => since !== undefined && run.started_at > since

/** Whether there may be runs between the newest one listed and those seen before: then more of the history is needed. */
export const mayHaveMissed = (state: WatchState, items: readonly RunSummary[]): boolean =>
  items.length > 0 && items.every((run) => isNew(state, run))

/**
 * What a page of the history (newest first) tells that was not known. What was there when the page was opened is no news;
 * a run that began and ended between two looks is told once, by its end.
 */
export function watchRuns(
  state: WatchState,
  items: readonly RunSummary[],
): { readonly state: WatchState; readonly notices: readonly RunNotice[] } {
  const running = new Set(state.running)
  const notices: RunNotice[] = []
  for (const run of items.toReversed()) {
    if (run.status === 'running') {
      if (isNew(state, run) && !running.has(run.run_id)) notices.push({ kind: 'started', run })
      if (isNew(state, run) || state.since === undefined) running.add(run.run_id)
    } else if (running.delete(run.run_id) || isNew(state, run)) notices.push({ kind: 'ended', run })
  }
  const since = items.reduce((newest, run) => (run.started_at > newest ? run.started_at : newest), state.since ?? '')
  return { state: { since, running }, notices }
}

/** How an end is told: what is not plain success never looks like it (C-01, C-02). */
export type EndKind = 'succeeded' | 'leftovers' | 'failed' | 'cancelled' | 'interrupted' | 'other'
const ENDS: Readonly<Partial<Record<RunState, EndKind>>> = {
  succeeded: 'succeeded',
  succeeded_with_leftovers: 'leftovers',
  failed: 'failed',
  cancelled: 'cancelled',
  interrupted: 'interrupted',
}
export const endKind = (status: RunState): EndKind =>
  (Object.hasOwn(ENDS, status) ? ENDS[status] : undefined) ?? 'other'
