import type { LockHolder, LockState } from '@stage0/engine'
import type { Db } from 'mongodb'
import { LOCK } from './names.ts'

/** The one document of `stage0_lock`. It stays when the lock is released, since its token must only grow. */
export interface LockDocument {
  readonly _id: 'lock'
  readonly holder: {
    readonly host: string
    readonly pid: number
    readonly user: string
    readonly run_id: string
    readonly command: string
  }
  readonly token: number
  /** Of this claim alone: tells a claimer that the lock is its own. */
  readonly claim: string
  readonly since: Date
  readonly lease_end: Date
  readonly step: string | null
}

const LOCK_ID = 'lock'
/** A 32-bit integer comes back as a plain number. */
const LONGEST_LEASE_MS = 2_147_483_647
/** A lock document whose lease has not ended, by the server's clock. */
export const HELD = { $gt: ['$lease_end', '$$NOW'] }

const lockCollection = (db: Db) => db.collection<LockDocument>(LOCK)

/** The lock document while somebody holds the lock, with the milliseconds that are left, both by the server's clock. */
export async function readHeldLock(
  db: Db,
  signal?: AbortSignal,
): Promise<(LockDocument & { readonly left_ms: number }) | undefined> {
  const left = { $toInt: { $min: [{ $subtract: ['$lease_end', '$$NOW'] }, LONGEST_LEASE_MS] } }
  const pipeline = [{ $match: { _id: LOCK_ID, $expr: HELD } }, { $set: { left_ms: left } }]
  const [found] = await lockCollection(db)
    .aggregate<LockDocument & { readonly left_ms: number }>(pipeline, signal ? { signal } : {})
    .toArray()
  return found
}

/** Run that holds the lock under an unexpired lease. */
export const lockIsHeldBy = async (db: Db): Promise<string | undefined> => (await readHeldLock(db))?.holder.run_id

export const toHolderDocument = ({ host, pid, user, runId, command }: LockHolder): LockDocument['holder'] => ({
  host,
  pid,
  user,
  run_id: runId,
  command,
})

export const toHolder = ({ host, pid, user, run_id, command }: LockDocument['holder']): LockHolder => ({
  host,
  pid,
  user,
  runId: run_id,
  command,
})

export function toLockState(document: LockDocument): LockState {
  return {
    holder: toHolder(document.holder),
    token: document.token,
    since: document.since.toISOString(),
    leaseEnd: document.lease_end.toISOString(),
    step: document.step ?? undefined,
  }
}
