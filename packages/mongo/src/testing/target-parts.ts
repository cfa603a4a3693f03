import { doc, EMPTY_DOC, type Doc } from '@stage0/bson-schema'
import type { IndexSpec, JournalEntry } from '@stage0/core'
import type { LockHolder, RunHeader, RunOutcome } from '@stage0/engine'
import type { RunError } from '@stage0/types'
import { value, type Scratch } from './scratch.ts'

/** What a target is given in tests, in short words. Development only. */

export const never: AbortSignal = new AbortController().signal
export const recordNames = { versions: 'CollectionVersions', enumerators: 'DatabaseEnumerators' }
export const index = (name: string, key: Doc, options: Doc = EMPTY_DOC): IndexSpec => ({ name, key, options })
export const schema = doc({ bsonType: 'object', required: ['name'], properties: { name: { bsonType: 'string' } } })
export const holder = (runId: string): LockHolder => ({ host: 'here', pid: 1, user: 'ada', runId, command: 'apply' })
export const BY = { user: 'cleo', host: 'desk' }
export const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
export const run = (runId: string, token: number, journal: readonly JournalEntry[] = []): RunHeader => ({
  runId,
  token,
  planHash: 'hash',
  plan: '{}',
  holder: holder(runId),
  resumes: undefined,
  collections: ['user'],
  steps: 2,
  idempotencyKey: undefined,
  journal,
})
export const ended = (status: RunOutcome['status'], error?: RunError): RunOutcome => ({
  status,
  error,
  counts: { succeeded: 1 },
})
export const entry = (stepId: string, state: 'intended' | 'done'): JournalEntry => ({
  stepId,
  contentHash: 'h',
  state,
  targetUuid: undefined,
  comment: 'c',
})

/** Claims the lock of a database that nobody holds. @returns the token. */
export async function claimOf({ target }: Scratch, runId: string, leaseMs = 30_000): Promise<number> {
  const claimed = value(await target.lock.claim(holder(runId), leaseMs))
  if (!claimed.claimed) throw new Error('held by another')
  return claimed.token
}

/** As if the holder had been silent for as long as its lease. */
export const expireLease = ({ db }: Scratch) =>
  db.collection('stage0_lock').updateOne({}, { $set: { lease_end: new Date(0) } })
