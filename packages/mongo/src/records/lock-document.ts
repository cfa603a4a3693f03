import type { LockFate, LockHolder, LockState } from '@stage0/engine'
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
    /** Absent in records of older versions, and where the system does not tell. */
    readonly process_space?: string
  }
  readonly token: number
  /** Of this claim alone: tells a claimer that the lock is its own. */
  readonly claim: string | null
  /** By whom and when it was taken away, where nobody has claimed it since. */
  readonly freed?: { readonly user: string; readonly host: string; readonly at: Date } | null
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

/** What has become of the claim with this token. */
export async function readFate(db: Db, token: number): Promise<LockFate> {
  const document = await lockCollection(db).findOne({ _id: LOCK_ID })
  if (document === null) return { state: 'absent' }
  if (document.token === token) return { state: 'unchanged' }
  const { freed } = document
  if (freed) return { state: 'freed', by: { user: freed.user, host: freed.host }, at: freed.at.toISOString() }
  return { state: 'taken', by: toHolder(document.holder), since: document.since.toISOString() }
}

/** Run that holds the lock under an unexpired lease. */
export const lockIsHeldBy = async (db: Db): Promise<string | undefined> => (await readHeldLock(db))?.holder.run_id

export const toHolderDocument = (holder: LockHolder): LockDocument['holder'] => ({
  host: holder.host,
  pid: holder.pid,
  user: holder.user,
  run_id: holder.runId,
  command: holder.command,
  ...(holder.processSpace !== undefined && { process_space: holder.processSpace }),
})

export const toHolder = (holder: LockDocument['holder']): LockHolder => ({
  host: holder.host,
  pid: holder.pid,
  user: holder.user,
  runId: holder.run_id,
  command: holder.command,
  ...(holder.process_space !== undefined && { processSpace: holder.process_space }),
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
