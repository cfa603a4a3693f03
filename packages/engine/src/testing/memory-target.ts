import { doc, hashKey, type Doc } from '@stage0/bson-schema'
import type { IndexChange, IndexSpec } from '@stage0/core'
import { err, ok } from '@stage0/types'
import type { HeldLock, LockFate, LockHolder, TargetError, TargetPort } from '../ports.ts'
import type { FakeClock } from './fake-clock.ts'
import { sameId, type MemoryDatabase, type StoredCollection } from './memory-database.ts'
import { memoryEvidence } from './memory-evidence.ts'
import { memoryRanges } from './memory-ranges.ts'
import { memoryRuns, type Calls } from './memory-runs.ts'

/** What is to go wrong; operations that write are counted from 1 in the order of the calls. */
export interface Faults {
  /** The operation is refused; with a number, by the server with this code. */
  readonly refuse?: (operation: string, count: number) => boolean | number
  /** The operation meets a write of somebody else: nothing of it takes effect. */
  readonly conflict?: (operation: string, count: number) => boolean
  /** The process dies right before or right after the operation: nothing that follows reaches the database. */
  readonly die?: (operation: string, count: number) => 'before' | 'after' | undefined
  /** Called before each operation, to move clocks or to change the database behind the engine's back. */
  readonly before?: (operation: string, count: number) => void | Promise<void>
}

/** Thrown in place of the death of a process. */
export class Death extends Error {}

export interface MemoryTarget extends TargetPort {
  /** Names of the operations that wrote, in order. */
  readonly operations: readonly string[]
}

const refused = (operation: string, by: true | number): TargetError => ({
  code: 'TARGET_REFUSED',
  ...(by !== true && { serverCode: by }),
  kind: 'refused',
  message: `refused: ${operation}`,
})

/** A target over a database in memory, for one "process". Development only. */
export function memoryTarget(database: MemoryDatabase, clock: FakeClock, faults: Faults = {}): MemoryTarget {
  const operations: string[] = []
  let isDead = false
  const assertAlive = (): void => {
    if (isDead) throw new Death('the process is dead')
  }
  const act: Calls['act'] = async (operation, work) => {
    assertAlive()
    operations.push(operation)
    const count = operations.length
    await faults.before?.(operation, count)
    const death = faults.die?.(operation, count)
    isDead = death !== undefined
    if (death === 'before') assertAlive()
    const refusal = faults.refuse?.(operation, count) ?? false
    if (refusal !== false) return err(refused(operation, refusal))
    if (faults.conflict?.(operation, count) === true) return err({ ...refused(operation, true), transient: true })
    const value = work()
    assertAlive()
    return ok(value)
  }
  const read: Calls['read'] = async (work) => {
    assertAlive()
    return ok(work())
  }
  const stored = (name: string): StoredCollection => database.collections.get(name) ?? database.create(name)
  const nowMs = (): number => clock.monotonicMs()
  const setValidator = (one: StoredCollection, schema: Doc, level: string, action: string): void => {
    Object.assign(one, { validator: doc({ $jsonSchema: schema }), level, action })
  }

  return {
    operations,
    observe: () => read(() => database.observe(nowMs())),
    findByIds: (name, ids) => {
      const keys = new Set(ids.map((id) => hashKey(id)))
      return read(() =>
        (database.collections.get(name)?.documents ?? []).filter((one) => keys.has(hashKey(one.get('_id') ?? null))),
      )
    },
    findByKeys: (name, index, documents, limit) => {
      const keyOf = (one: Doc): string => index.key.keys.map((path) => hashKey(one.get(path) ?? null)).join()
      const keys = new Set(documents.map(keyOf))
      return read(() =>
        stored(name)
          .documents.filter((one) => keys.has(keyOf(one)))
          .slice(0, limit),
      )
    },
    createCollection: (name, validator) =>
      act('createCollection', () => {
        const one = stored(name)
        if (validator !== undefined) setValidator(one, validator.schema, validator.level, validator.action)
      }),
    dropIndex: (name, index) =>
      act('dropIndex', () => {
        const one = stored(name)
        const before = one.indexes.length
        one.indexes = one.indexes.filter((each) => each.name !== index.name)
        return one.indexes.length === before ? ('already' as const) : ('done' as const)
      }),
    buildIndexes: (name, indexes) =>
      act('buildIndexes', () => {
        const one = stored(name)
        const missing = indexes.filter((each) => !one.indexes.some((there) => there.name === each.name))
        one.indexes.push(...missing)
        return missing.length === 0 ? ('already' as const) : ('done' as const)
      }),
    changeIndex: (name, index, change) =>
      act('changeIndex', () => {
        const one = stored(name)
        one.indexes = one.indexes.map((each) => (each.name === index ? changed(each, change) : each))
      }),
    setValidator: (name, schema, level, action) =>
      act('setValidator', () => setValidator(stored(name), schema, level, action)),
    runPipeline: (name, pipeline) => act('runPipeline', () => database.run(name, pipeline)),
    runUpdate: (name, pipeline) =>
      act('runUpdate', () => {
        database.run(name, [...pipeline, doc({ $merge: { into: name } })])
        return { modified: stored(name).documents.length }
      }),
    ...memoryRanges(database, { act, read }),
    endOperations: ({ comment, session }, token) =>
      act('endOperations', () => {
        database.ended.push(comment)
        const writing = database.runs.find(({ header }) => header.runId === session?.runId)
        if (writing !== undefined) writing.fence = token
        return { ended: 0 }
      }),
    collectionUuid: (name) => read(() => database.collections.get(name)?.uuid),
    insertDocuments: (name, documents, { onProgress }) =>
      act('insertDocuments', () => {
        const one = stored(name)
        const fresh = documents.filter((each) => !one.documents.some((there) => sameId(there, each)))
        fresh.forEach((each, i) => {
          one.documents.push(each)
          onProgress(i + 1)
        })
        return { inserted: fresh.length, already: documents.length - fresh.length }
      }),
    recordEnumerators: (document, hash) =>
      act('recordEnumerators', () => {
        const version = Number(document.get('version'))
        database.enumerators.set(version, { version, document, hash })
      }),
    recordVersion: (record) =>
      act('recordVersion', () => {
        const { collection, stored: text, schemaHash, leftovers: count, ...rest } = record
        const before = database.versions.get(collection)?.leftovers
        const leftovers = count === undefined ? before : count > 0 ? { count, runId: record.runId } : undefined
        database.versions.set(collection, { stored: text, schemaHash, leftovers })
        database.history.push({ collection, schemaHash, ...rest })
      }),
    recordLeftovers: async (collection, { current, runId }, leftovers) => {
      const written = await act('recordLeftovers', () => {
        const one = database.versions.get(collection)
        if (one?.stored !== current || one.leftovers?.runId !== runId) return false
        database.versions.set(collection, { ...one, leftovers })
        return true
      })
      if (!written.ok) return written
      return written.value
        ? ok(undefined)
        : err({ code: 'LOCK_LOST', kind: 'lost-lock', message: 'written by another' })
    },
    countUpTo: (name, limit) => read(() => Math.min(limit, database.collections.get(name)?.documents.length ?? 0)),
    dropDatabase: () => act('dropDatabase', () => database.drop()),
    ping: () => read(() => undefined),
    evidence: memoryEvidence(database, () => clock.now().getTime()),
    lock: {
      claim: (holder, leaseMs) => act('claim', () => claim(database, nowMs(), holder, leaseMs)),
      renew: async (token, leaseMs, step) => {
        assertAlive()
        const { lock } = database
        if (lock?.token !== token) return ok(false)
        Object.assign(lock, { leaseEndMs: nowMs() + leaseMs, step })
        return ok(true)
      },
      release: (token) =>
        act('release', () => {
          if (database.lock?.token === token) database.lock.leaseEndMs = nowMs()
        }),
      read: () => read(() => heldBy(database, nowMs())),
      revoke: (token, by) =>
        act('revoke', () => {
          const { lock } = database
          if (lock?.token !== token || heldBy(database, nowMs()) === undefined) return false
          const freed = { user: by.user, host: by.host, at: new Date(nowMs()).toISOString() }
          Object.assign(lock, { token: token + 1, leaseEndMs: nowMs(), step: undefined, freed })
          fenceOpenRuns(database, token + 1)
          return true
        }),
      fate: (token) => read(() => fateOf(database, token)),
    },
    runs: memoryRuns(database, clock, { act, read }),
    close: async () => {},
  }
}

function stateOf({ lock }: MemoryDatabase) {
  if (lock === undefined) return undefined
  const { holder, token, step, sinceMs, leaseEndMs } = lock
  return { holder, token, step, since: new Date(sinceMs).toISOString(), leaseEnd: new Date(leaseEndMs).toISOString() }
}

function fateOf(database: MemoryDatabase, token: number): LockFate {
  const state = stateOf(database)
  if (state === undefined) return { state: 'absent' }
  if (state.token === token) return { state: 'unchanged' }
  const { freed } = database.lock ?? {}
  if (freed !== undefined) return { state: 'freed', by: { user: freed.user, host: freed.host }, at: freed.at }
  return { state: 'taken', by: state.holder, since: state.since }
}

function claim(database: MemoryDatabase, nowMs: number, holder: LockHolder, leaseMs: number) {
  const held = heldBy(database, nowMs)
  if (held !== undefined) return { claimed: false, held } as const
  const token = (database.lock?.token ?? 0) + 1
  database.lock = { holder, token, sinceMs: nowMs, leaseEndMs: nowMs + leaseMs, step: undefined, freed: undefined }
  fenceOpenRuns(database, token)
  return { claimed: true, token } as const
}

function fenceOpenRuns(database: MemoryDatabase, token: number): void {
  for (const run of database.runs) if (run.outcome === undefined) run.fence = token
}

function heldBy(database: MemoryDatabase, nowMs: number): HeldLock | undefined {
  const state = stateOf(database)
  const leftMs = (database.lock?.leaseEndMs ?? 0) - nowMs
  return state !== undefined && leftMs > 0 ? { ...state, leftMs } : undefined
}

/** Options that are not wanted are not written down, as on a server. */
function changed(index: IndexSpec, change: IndexChange): IndexSpec {
  const options = Object.entries(change).reduce(
    (rest, [name, value]: [string, boolean | number]) =>
      value === false ? rest.without(name) : rest.with(name, value),
    index.options,
  )
  return { ...index, options: change.unique === true ? options.without('prepareUnique') : options }
}
