import type { RunStorePort } from '@stage0/engine'
import type { RunEvent } from '@stage0/types'
import type { Document } from 'mongodb'
import type { Connection } from '../connection/connect.ts'
import { RUNS } from './names.ts'
import { partsOf } from './run-parts.ts'
import { toFilter, toStoredRun, WITHOUT_JOURNAL, type RunHeaderDocument } from './stored-run.ts'

type RunHistory = Pick<RunStorePort, 'list' | 'read' | 'readPlan' | 'readEvents' | 'findByIdempotencyKey'>

/** Pages of events that are fetched at once: a reader that follows a run needs one. */
const PAGES_AT_ONCE = 2

/** What is recorded of runs. Reading only: a collection that is not there holds no runs. */
export function createRunHistory({ db, attempt }: Connection): RunHistory {
  const headers = db.collection<RunHeaderDocument & Document>(RUNS)
  const parts = db.collection<Document & { readonly _id: string }>(RUNS)
  const find = async (filter: Document) => {
    const found = await headers.findOne({ kind: 'run', ...filter }, { projection: WITHOUT_JOURNAL })
    return found === null ? undefined : toStoredRun(found)
  }

  return {
    list: (query) =>
      attempt('list the runs', async () => {
        const filter = toFilter(query)
        // The order of the index `stage0_newest`: tokens grow with every run, whatever the clocks say.
        const newest = headers.find(filter, { projection: WITHOUT_JOURNAL }).sort({ claimed_token: -1 })
        const [found, total] = await Promise.all([
          newest.skip(query.offset).limit(query.limit).toArray(),
          headers.countDocuments(filter),
        ])
        return { runs: found.map(toStoredRun), total }
      }),

    read: (runId) => attempt('read a run', () => find({ _id: runId })),

    findByIdempotencyKey: (key) => attempt('look for a run with this key', () => find({ idempotency_key: key })),

    readPlan: (runId) =>
      attempt('read the plan of a run', async () => {
        const found = await parts
          .find({ _id: partsOf(runId, 'plan') })
          .sort({ _id: 1 })
          .toArray()
        return found.length === 0 ? undefined : found.map((part) => String(part['text'])).join('')
      }),

    readEvents: (runId, afterSeq, limit) =>
      attempt('read the events of a run', async () => {
        const filter = { _id: partsOf(runId, 'events'), last_seq: { $gt: afterSeq } }
        const cursor = parts.find(filter, { batchSize: PAGES_AT_ONCE }).sort({ _id: 1 })
        const events: RunEvent[] = []
        let last = afterSeq
        for await (const page of cursor) {
          for (const event of page['events'] as readonly RunEvent[]) {
            if (events.length >= limit) return events
            // Events whose first write was not confirmed are written again: the number tells.
            if (event.seq <= last) continue
            events.push(event)
            last = event.seq
          }
        }
        return events
      }),
  }
}
