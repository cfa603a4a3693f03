import type { RunHeader, RunStorePort } from '@stage0/engine'
import { MongoServerError, type Document } from 'mongodb'
import type { Connection } from '../connection/connect.ts'
import { fail } from '../errors/target-error.ts'
import { EventPages } from './event-pages.ts'
import { toJournalDocument } from './journal-entry.ts'
import { RUNS } from './names.ts'
import { createRunHistory } from './run-history.ts'
import { runIndexes } from './run-indexes.ts'
import { partId, planParts } from './run-parts.ts'
import { toHeaderFields } from './stored-run.ts'

const DUPLICATE_KEY = 11000

interface RunDocument extends Document {
  readonly _id: string
  readonly kind: 'run' | 'plan' | 'events'
}

/**
 * Runs, their journal and their events. `claimed_token` is the run's place in time; `token` is its fence, and grows when
 * another run claims the lock: what a stale process writes with the old one matches nothing.
 */
export function createRunStore(connection: Connection): RunStorePort {
  const { db, attempt } = connection
  const runs = db.collection<RunDocument>(RUNS)
  const pages = new Map<string, EventPages>()
  const makeIndexes = runIndexes(db)
  const history = createRunHistory(connection)

  return {
    ...history,

    begin: (run) =>
      attempt('record the beginning of the run', async () => {
        await makeIndexes(run.idempotencyKey !== undefined)
        // The plan first: a header without its plan would be a run that nobody can understand.
        // One command for each part: the driver tells what cuts off a bulk as a refusal of the server.
        for (const [index, text] of planParts(run.plan).entries()) {
          const update = { $set: { kind: 'plan' as const, run_id: run.runId, text } }
          await runs.updateOne({ _id: partId(run.runId, 'plan', index + 1) }, update, { upsert: true })
        }
        await writeHeader(run)
      }),

    journal: (runId, token, entry) =>
      attempt('write the journal of the run', async () => {
        const update = { $push: { journal: toJournalDocument(entry) } } as Document
        expectOwn(await runs.updateOne({ _id: runId, token }, update))
      }),

    appendEvents: (runId, events) =>
      attempt('record events of the run', async () => {
        const ofRun = pages.get(runId) ?? new EventPages()
        pages.set(runId, ofRun)
        for (const part of ofRun.place(events)) {
          const seqs = part.events.map((event) => event.seq)
          const update: Document = {
            $setOnInsert: { kind: 'events', run_id: runId, first_seq: seqs[0] },
            $set: { last_seq: seqs.at(-1) },
            $push: { events: { $each: part.events } },
          }
          await runs.updateOne({ _id: partId(runId, 'events', part.page) }, update, { upsert: true })
        }
      }),

    readFlags: (runId) =>
      attempt('look what is asked of the run', async () => {
        const run = await runs.findOne({ _id: runId }, { projection: { cancel_requested: 1, pause_requested: 1 } })
        return { cancel: run?.['cancel_requested'] === true, pause: run?.['pause_requested'] === true }
      }),

    requestCancel: (runId) =>
      attempt('ask for the run to be cancelled', async () => {
        const open = { _id: runId, kind: 'run' as const, outcome: null }
        const { matchedCount } = await runs.updateOne(open, { $set: { cancel_requested: true } })
        return matchedCount > 0
      }),

    requestPause: (runId, paused) =>
      attempt(`ask for the run to be ${paused ? 'paused' : 'resumed'}`, async () => {
        const open = { _id: runId, kind: 'run' as const, outcome: null }
        const { matchedCount } = await runs.updateOne(open, { $set: { pause_requested: paused } })
        return matchedCount > 0
      }),

    finish: (runId, token, { status, error, counts }) =>
      attempt('record the end of the run', async () => {
        const outcome = { status, error: error === undefined ? null : storableError(error), counts }
        const update = { $set: { outcome }, $currentDate: { finished_at: true as const } }
        expectOwn(await runs.updateOne({ _id: runId, token }, update))
        pages.delete(runId)
      }),

    supersede: (runId, by) =>
      attempt('record that the interrupted run is taken over', async () => {
        const outcome = { status: 'superseded', by: by.runId }
        const older = { kind: 'run' as const, outcome: null, token: { $lte: by.token }, _id: { $ne: by.runId } }
        const update = { $set: { outcome, token: by.token }, $currentDate: { finished_at: true as const } }
        // Also runs that were interrupted while they took another one over: one successor ends them all.
        await runs.updateMany(
          { $and: [older, { $or: [{ _id: runId }, { claimed_token: { $lt: by.token } }] }] },
          update,
        )
      }),
  }

  async function writeHeader(run: RunHeader): Promise<void> {
    const update: Document = {
      $setOnInsert: { ...toHeaderFields(run), journal: run.journal.map(toJournalDocument) },
      $currentDate: { started_at: true },
    }
    try {
      await runs.updateOne({ _id: run.runId }, update, { upsert: true })
    } catch (cause) {
      if (cause instanceof MongoServerError && cause.code === DUPLICATE_KEY) {
        fail('refused', 'IDEMPOTENCY_KEY_USED', 'Another run was begun with the same key, so no second one is.')
      }
      throw cause
    }
  }
}

function expectOwn(result: { readonly matchedCount: number }): void {
  if (result.matchedCount > 0) return
  fail('lost-lock', 'LOCK_LOST', 'Another run has taken over: this one may not write into its journal any more.')
}

const storableError = (error: unknown): unknown =>
  JSON.parse(JSON.stringify(error, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)))
