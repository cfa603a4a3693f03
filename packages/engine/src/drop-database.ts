import { err, ok, type Result, type RunError } from '@stage0/types'
import { MIN_LEASE_MS } from './apply/apply-input.ts'
import { claimLock } from './apply/claim.ts'
import { LockKeeper, lockLost } from './apply/lock-keeper.ts'
import { runError } from './apply/run-steps.ts'
import type { Clock, IsGone, LockHolder, TargetError, TargetPort } from './ports.ts'

export interface DropInput {
  readonly target: TargetPort
  /** Name of the database that `target` leads to. */
  readonly database: string
  /** The name that a person typed. */
  readonly confirm: string
  readonly localMode: boolean
  readonly enabled: boolean
  /** The most documents that a collection may hold. */
  readonly safety: number
  readonly holder: LockHolder
  /** Lease of the lock in milliseconds, at least 500. */
  readonly leaseMs: number
  /** Tells of the holder of the lock that its process is gone, where this machine can know. */
  readonly isGone?: IsGone | undefined
  readonly clock: Clock
  readonly signal: AbortSignal
}

export interface Dropped {
  readonly database: string
  /** Names of the collections that are gone, ascending. */
  readonly collections: readonly string[]
}

interface FullCollection {
  readonly collection: string
  /** Estimated by the server, but not below what was counted. */
  readonly documents: number
}

/** Records of Stage0 itself: every run adds some, so they say nothing about the worth of a database. */
const OWN_RECORDS = /^stage0_/

/**
 * Drops the database, with everything in it, if all of this holds: local mode, dropping is enabled, the name was typed, no
 * collection holds more than `safety` documents, and no run is at work. The lock is held meanwhile, and gone with the database.
 *
 * The first thing that does not hold is the error: DROP_NOT_LOCAL, DROP_NOT_ENABLED, DROP_NOT_CONFIRMED,
 * DROP_TOO_MANY_DOCUMENTS (all such collections as detail), LOCK_HELD, LOCK_LOST, CANCELLED, or a failure of the target.
 * Before the lock is claimed nothing is written, so a refusal leaves no trace.
 *
 * @throws RangeError for a lease shorter than 500 ms.
 */
export async function dropDatabase(input: DropInput): Promise<Result<Dropped, RunError>> {
  const { target, holder, leaseMs, isGone, clock, signal, database } = input
  if (!(leaseMs >= MIN_LEASE_MS)) throw new RangeError(`a lease of ${leaseMs} ms is shorter than ${MIN_LEASE_MS}`)
  const against = refusal(input) ?? (await checked(input))
  if (!against.ok) return err(runError(against.error))
  const claim = await claimLock({ target, holder, leaseMs, isGone, clock, signal, waitMs: 0 })
  if (!claim.ok) return err(runError(claim.error))
  let isLockThere = true
  const keeper = new LockKeeper({ target, runId: holder.runId, token: claim.value, leaseMs, clock })
  keeper.start()
  try {
    // Once more: until the lock was claimed a run may have filled a collection.
    const still = await checked(input)
    if (!still.ok) return err(runError(still.error))
    const doubt = await keeper.confirm(`drop database ${database}`)
    if (doubt !== undefined || keeper.isLeaseOver()) return err(runError(doubt ?? lockLost()))
    if (signal.aborted) return err({ code: 'CANCELLED', message: 'Cancelled before anything was dropped.' })
    const dropped = await target.dropDatabase(signal)
    // Gone with the database, and so may be its numbers: the same token may be that of the next holder by now.
    isLockThere = !dropped.ok && dropped.error.kind !== 'unreachable'
    return dropped.ok ? ok({ database, collections: still.value }) : err(runError(dropped.error))
  } finally {
    await keeper.stop()
    if (isLockThere) await target.lock.release(claim.value)
  }
}

/** What speaks against dropping before anybody asks the database. */
function refusal({ localMode, enabled, confirm, database }: DropInput): Result<never, RunError> | undefined {
  if (!localMode) {
    return err({
      code: 'DROP_NOT_LOCAL',
      message: `The database "${database}" is not dropped: the service does not run in local mode.`,
    })
  }
  if (!enabled) {
    return err({
      code: 'DROP_NOT_ENABLED',
      message: `The database "${database}" is not dropped: ENABLE_DROP_DATABASE is not true.`,
    })
  }
  if (confirm === database) return undefined
  return err({
    code: 'DROP_NOT_CONFIRMED',
    message: `The database "${database}" is not dropped: "${confirm}" was typed instead of its name.`,
  })
}

/** The names of all collections, if none of them holds too much. */
async function checked({
  target,
  safety,
  database,
  signal,
}: DropInput): Promise<Result<readonly string[], RunError | TargetError>> {
  const observed = await target.observe({ signal })
  if (!observed.ok) return observed
  const full: FullCollection[] = []
  for (const { name, type, estimatedDocuments } of observed.value.collections) {
    // What a view shows is counted where it is stored.
    if (type === 'view' || OWN_RECORDS.test(name)) continue
    const counted = await target.countUpTo(name, safety + 1, signal)
    if (!counted.ok) return counted
    if (counted.value > safety) full.push({ collection: name, documents: Math.max(counted.value, estimatedDocuments) })
  }
  if (full.length === 0) return ok(observed.value.collections.map(({ name }) => name).sort())
  const names = full.map(({ collection, documents }) => `"${collection}" (${documents})`).join(', ')
  return err({
    code: 'DROP_TOO_MANY_DOCUMENTS',
    message: `The database "${database}" is not dropped: ${names} ${full.length === 1 ? 'holds' : 'hold'} more than ${safety} ${safety === 1 ? 'document' : 'documents'}.`,
    detail: { safety, collections: full },
  })
}
