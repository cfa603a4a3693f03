import type { HeldLock, LockHolder, LockPort } from '@stage0/engine'
import { MongoNetworkError, MongoServerError, type Document } from 'mongodb'
import { randomUUID } from 'node:crypto'
import { MAJORITY, runCommand } from '../act/run-command.ts'
import type { Connection } from '../connection/connect.ts'
import { fail, TargetFailure } from '../errors/target-error.ts'
import { HELD, readFate, readHeldLock, toHolderDocument, toLockState, type LockDocument } from './lock-document.ts'
import { endSessions, sessionsOfOpenRuns } from './end-sessions.ts'
import { LOCK, RUNS } from './names.ts'

const DUPLICATE_KEY = 11000
/** A claim loses against a concurrent first claim at most once; the rest is for a network that comes back. */
const CLAIM_TRIES = 5
/** Where a third of the lease is less: a busy server takes its time. */
const SHORTEST_RENEWAL_MS = 5000
const MS_PER_SECOND = 1000
/** A person waits for it. */
const REVOKE_WAIT_MS = 10_000

/**
 * The lock of a database: one document, claimed by one `findAndModify` that the server's clock judges.
 *
 * `newClaim` gives a value that no other claim has. A waiting time is limited here alone: an answer that comes after the
 * lease is worth nothing.
 */
export function createLock({ db, attempt }: Connection, newClaim: () => string = randomUUID): LockPort {
  const modify = async (fields: Document, waitMs: number): Promise<LockDocument | undefined> => {
    const command = {
      findAndModify: LOCK,
      query: { _id: 'lock' },
      new: true,
      maxTimeMS: waitMs,
      writeConcern: MAJORITY,
    }
    const late = AbortSignal.timeout(waitMs)
    try {
      const reply = await runCommand(db, { ...command, ...fields }, { signal: late })
      return (reply['value'] ?? undefined) as LockDocument | undefined
    } catch (cause) {
      if (!late.aborted) throw cause
      const seconds = (waitMs / MS_PER_SECOND).toFixed(1)
      fail(
        'unreachable',
        'TARGET_UNREACHABLE',
        `The database did not answer within ${seconds} s when it was asked for the lock.`,
      )
    }
  }

  return {
    claim: (holder, leaseMs) =>
      attempt('claim the lock', async () => {
        const claim = newClaim()
        const document = await retrying(() =>
          modify({ update: claimPipeline(holder, claim, leaseMs), upsert: true }, leaseMs),
        )
        if (document === undefined) throw new TypeError('findAndModify with upsert and new returned no document')
        if (document.claim !== claim) {
          // Only the server can tell by its clock how long it is still to be waited for.
          const leftMs = (await readHeldLock(db))?.left_ms ?? 0
          return { claimed: false, held: { ...toLockState(document), leftMs } } as const
        }
        // Before the fence: a transaction that a dead process left open would keep it waiting.
        await endSessions(db, await sessionsOfOpenRuns(db, document.token))
        await fenceOpenRuns(document.token)
        return { claimed: true, token: document.token } as const
      }),

    renew: (token, leaseMs, step) =>
      attempt('extend the lease of the lock', async () => {
        const update = [{ $set: { lease_end: { $add: ['$$NOW', leaseMs] }, step: { $literal: step ?? null } } }]
        // Short of the lease, so that there is time for another attempt, on a connection that is not broken.
        const waitMs = Math.min(leaseMs, Math.max(SHORTEST_RENEWAL_MS, Math.ceil(leaseMs / 3)))
        return (await modify({ query: { _id: 'lock', token }, update }, waitMs)) !== undefined
      }),

    release: (token) =>
      attempt('release the lock', async () => {
        const updates = [{ q: { _id: 'lock', token }, u: [{ $set: { lease_end: '$$NOW', step: null } }] }]
        await runCommand(db, { update: LOCK, updates, writeConcern: MAJORITY })
      }),

    read: () =>
      attempt('read the lock', async (): Promise<HeldLock | undefined> => {
        const held = await readHeldLock(db)
        return held && { ...toLockState(held), leftMs: held.left_ms }
      }),

    revoke: (token, { user, host }) =>
      attempt('take the lock away from its holder', async () => {
        const query = { _id: 'lock', token, $expr: HELD }
        const freed = { user: { $literal: user }, host: { $literal: host }, at: '$$NOW' }
        const update = [
          { $set: { token: { $add: ['$token', 1] }, claim: null, lease_end: '$$NOW', step: null, freed } },
        ]
        const document = await modify({ query, update }, REVOKE_WAIT_MS)
        if (document === undefined) return false
        await fenceOpenRuns(document.token)
        return true
      }),

    fate: (token) => attempt('look what became of the lock', () => readFate(db, token)),
  }

  /** From here on a process that was suspended and wakes up cannot write into its run any more. */
  async function fenceOpenRuns(token: number): Promise<void> {
    const query = { kind: 'run', outcome: null, token: { $lt: token } }
    const updates = [{ q: query, u: { $set: { token } }, multi: true }]
    await runCommand(db, { update: RUNS, updates, writeConcern: MAJORITY })
  }
}

/**
 * Takes the lock if it is free by the server's clock, else changes nothing; a repeated claim whose first answer got lost finds
 * its own claim. In a pipeline, since a filter with `$expr` is refused in an upsert (code 224).
 */
export function claimPipeline(holder: LockHolder, claim: string, leaseMs: number): Document[] {
  const free = { $lte: [{ $ifNull: ['$lease_end', '$$NOW'] }, '$$NOW'] }
  const taken = {
    holder: { $literal: toHolderDocument(holder) },
    token: { $add: [{ $ifNull: ['$token', 0] }, 1] },
    claim: { $literal: claim },
    since: '$$NOW',
    lease_end: { $add: ['$$NOW', leaseMs] },
    step: null,
    freed: null,
  }
  return [{ $replaceWith: { $cond: [free, { $mergeObjects: ['$$ROOT', taken] }, '$$ROOT'] } }]
}

/**
 * A time that is up says little of the server: this process may have been suspended, with the answer waiting for it. So it asks
 * once more, and is told who has the lock by now, itself perhaps.
 */
async function retrying<T>(work: () => Promise<T>): Promise<T> {
  let late = 0
  for (let tries = 1; ; tries += 1) {
    try {
      return await work()
    } catch (cause) {
      if (cause instanceof TargetFailure) late += 1
      const again =
        (cause instanceof TargetFailure && late === 1) ||
        (cause instanceof MongoServerError && cause.code === DUPLICATE_KEY) ||
        cause instanceof MongoNetworkError
      if (!again || tries >= CLAIM_TRIES) throw cause
    }
  }
}
