import { err, ok } from '@stage0/types'
import type { RunStorePort, StoredRun, TargetError, TargetResult } from '../ports.ts'
import type { FakeClock } from './fake-clock.ts'
import type { MemoryDatabase, MemoryRun } from './memory-database.ts'

/** How one "process" reaches the database: faults are put in here. Development only. */
export interface Calls {
  readonly act: <T>(operation: string, work: () => T) => TargetResult<T>
  readonly read: <T>(work: () => T) => TargetResult<T>
}

const lost: TargetError = { code: 'LOCK_LOST', kind: 'lost-lock', message: 'fenced' }
const used: TargetError = { code: 'IDEMPOTENCY_KEY_USED', kind: 'refused', message: 'used' }

/** The records of runs in memory. Development only. */
export function memoryRuns(database: MemoryDatabase, clock: FakeClock, { act, read }: Calls): RunStorePort {
  const find = (runId: string): MemoryRun | undefined => database.runs.find((one) => one.header.runId === runId)
  const runOf = (runId: string): MemoryRun => {
    const run = find(runId)
    if (run === undefined) throw new TypeError(`no run ${runId}`)
    return run
  }
  const withKey = (key: string | undefined): MemoryRun | undefined =>
    key === undefined ? undefined : database.runs.find((one) => one.header.idempotencyKey === key)
  /** Writes only while the run's fence is the token. */
  const fenced = async (
    operation: string,
    runId: string,
    token: number,
    write: (run: MemoryRun) => void,
  ): TargetResult => {
    const written = await act(operation, () => {
      const run = find(runId)
      if (run?.fence !== token) return false
      write(run)
      return true
    })
    return written.ok ? (written.value ? ok(undefined) : err(lost)) : written
  }

  return {
    begin: async (header) => {
      const begun = await act('begin', () => {
        if (withKey(header.idempotencyKey) !== undefined) return false
        const journal = [...header.journal]
        const startedAtMs = clock.monotonicMs()
        const open = { outcome: undefined, finishedAtMs: undefined, cancelRequested: false, pauseRequested: false }
        database.runs.push({ header, fence: header.token, startedAtMs, journal, events: [], ...open })
        return true
      })
      return begun.ok ? (begun.value ? ok(undefined) : err(used)) : begun
    },
    journal: (runId, token, entry) =>
      fenced(`journal ${entry.state}`, runId, token, (run) => void run.journal.push(entry)),
    appendEvents: (runId, events) => act('appendEvents', () => void runOf(runId).events.push(...events)),
    readFlags: (runId) =>
      read(() => ({ cancel: find(runId)?.cancelRequested ?? false, pause: find(runId)?.pauseRequested ?? false })),
    finish: (runId, token, outcome) =>
      fenced('finish', runId, token, (run) => Object.assign(run, { outcome, finishedAtMs: clock.monotonicMs() })),
    supersede: (runId, by) =>
      act('supersede', () => {
        const outcome = { status: 'superseded', error: undefined, counts: {} } as const
        Object.assign(runOf(runId), { outcome, finishedAtMs: clock.monotonicMs(), fence: by.token })
      }),

    list: ({ status, collection, offset, limit }) =>
      read(() => {
        const found = database.runs
          .map(stored)
          .filter((one) => status === undefined || one.status === status)
          .filter((one) => collection === undefined || one.collections.includes(collection))
          .reverse()
        return { runs: found.slice(offset, offset + limit), total: found.length }
      }),
    read: (runId) => read(() => storedOrNone(find(runId))),
    readPlan: (runId) => read(() => find(runId)?.header.plan),
    readEvents: (runId, afterSeq, limit) =>
      read(() => (find(runId)?.events ?? []).filter(({ seq }) => seq > afterSeq).slice(0, limit)),
    requestCancel: (runId) =>
      act('requestCancel', () => {
        const run = find(runId)
        if (run === undefined || run.outcome !== undefined) return false
        run.cancelRequested = true
        return true
      }),
    requestPause: (runId, paused) =>
      act('requestPause', () => {
        const run = find(runId)
        if (run === undefined || run.outcome !== undefined) return false
        run.pauseRequested = paused
        return true
      }),
    findByIdempotencyKey: (key) => read(() => storedOrNone(withKey(key))),
  }
}

const storedOrNone = (run: MemoryRun | undefined): StoredRun | undefined => run && stored(run)

const iso = (ms: number): string => new Date(ms).toISOString()

const stored = (run: MemoryRun): StoredRun => {
  const { runId, holder, planHash, agreedPlanHash, collections, steps, resumes } = run.header
  return {
    runId,
    status: run.outcome?.status ?? 'open',
    startedAt: iso(run.startedAtMs),
    finishedAt: run.finishedAtMs === undefined ? undefined : iso(run.finishedAtMs),
    holder,
    planHash,
    agreedPlanHash,
    collections,
    steps,
    token: run.fence,
    cancelRequested: run.cancelRequested,
    pauseRequested: run.pauseRequested,
    resumes,
    counts: run.outcome?.counts ?? {},
    error: run.outcome?.error,
  }
}
