import { doc, EMPTY_DOC, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import { hashKey } from '@stage0/bson-schema'
import type {
  AppliedVersion,
  IndexSpec,
  JournalEntry,
  Observed,
  ObservedEnumerators,
  RememberedLeftovers,
} from '@stage0/core'
import type { RunEvent, RunStatus } from '@stage0/types'
import type { LockHolder, RunHeader, RunOutcome } from '../ports.ts'

export interface StoredCollection {
  uuid: string
  validator: Doc | undefined
  level: string
  action: string
  indexes: IndexSpec[]
  documents: Doc[]
}

export interface MemoryRun {
  readonly header: RunHeader
  fence: number
  readonly journal: JournalEntry[]
  readonly events: RunEvent[]
  readonly startedAtMs: number
  finishedAtMs: number | undefined
  outcome: (Omit<RunOutcome, 'status'> & { readonly status: RunStatus | 'superseded' }) | undefined
  cancelRequested: boolean
  pauseRequested: boolean
}

export interface MemoryVersion {
  readonly stored: string
  readonly schemaHash: string
  readonly leftovers?: RememberedLeftovers | undefined
}

interface MemoryLock {
  readonly holder: LockHolder
  readonly token: number
  readonly sinceMs: number
  leaseEndMs: number
  readonly step: string | undefined
  /** By whom and when it was taken away, where nobody has claimed it since. */
  readonly freed?: { readonly user: string; readonly host: string; readonly at: string } | undefined
}

/** What survives the death of a process: the content of one database, with the few rules that the engine relies on. Development only. */
export class MemoryDatabase {
  readonly collections = new Map<string, StoredCollection>()
  readonly enumerators = new Map<number, ObservedEnumerators>()
  readonly versions = new Map<string, MemoryVersion>()
  readonly history: AppliedVersion[] = []
  readonly runs: MemoryRun[] = []
  readonly ended: string[] = []
  /** Without transactions unless a test says otherwise: migrations run as they are written. */
  kind: Observed['server']['kind'] = 'standalone'
  lock: MemoryLock | undefined
  #uuids = 0

  create(name: string): StoredCollection {
    const idIndex = { name: '_id_', key: doc({ _id: 1 }), options: EMPTY_DOC }
    const made: StoredCollection = {
      uuid: this.newUuid(),
      validator: undefined,
      level: 'strict',
      action: 'error',
      indexes: [idIndex],
      documents: [],
    }
    this.collections.set(name, made)
    return made
  }

  newUuid(): string {
    this.#uuids += 1
    return `uuid${this.#uuids}`
  }

  /** Runs the few stages that tests use: `$set` with constants or `{$add: ['$field', n]}`, `$unset`, `$out`, `$merge`. */
  run(name: string, pipeline: readonly Doc[]): void {
    const source = this.collections.get(name)
    if (source === undefined) return
    let documents = source.documents
    for (const stage of pipeline) {
      const [kind, argument] = [stage.keys[0], stage.values[0]]
      if (isUpdateStage(stage)) documents = documents.map((one) => updated(one, stage))
      else if (kind === '$out' && typeof argument === 'string') this.#swap(argument, documents)
      else if (kind === '$merge' && isDoc(argument)) this.#merge(String(argument.get('into')), documents)
      else throw new TypeError(`the fake does not know ${kind}`)
    }
  }

  /** Updates the documents that match, with `$set` and `$unset` as above. @returns how many there were. */
  update(name: string, matches: (document: Doc) => boolean, pipeline: readonly Doc[]): number {
    const target = this.collections.get(name)
    const found = target?.documents.filter(matches) ?? []
    if (target !== undefined)
      target.documents = target.documents.map((one) => (matches(one) ? pipeline.reduce(updated, one) : one))
    return found.length
  }

  #swap(name: string, documents: readonly Doc[]): void {
    const target = this.collections.get(name) ?? this.create(name)
    this.collections.set(name, { ...target, uuid: this.newUuid(), documents: [...documents] })
  }

  #merge(name: string, documents: readonly Doc[]): void {
    const target = this.collections.get(name) ?? this.create(name)
    for (const document of documents) {
      const at = target.documents.findIndex((one) => sameId(one, document))
      if (at < 0) target.documents.push(document)
      else target.documents[at] = document
    }
  }

  observe(nowMs: number): Observed {
    const byToken = [...this.runs].sort((a, b) => b.header.token - a.header.token)
    const holding = this.lock !== undefined && this.lock.leaseEndMs > nowMs ? this.lock.holder.runId : undefined
    const open = byToken.find((run) => run.outcome === undefined && run.header.runId !== holding)
    return {
      database: 'shop',
      server: { version: '7.0.0', kind: this.kind, modules: [] },
      collections: [...this.collections].map(([name, one]) => ({
        name,
        type: 'collection',
        uuid: one.uuid,
        validator: one.validator,
        validationLevel: one.level,
        validationAction: one.action,
        options: EMPTY_DOC,
        indexes: [...one.indexes],
        estimatedDocuments: one.documents.length,
      })),
      versions: [...this.versions].map(([name, { stored, schemaHash, leftovers }]) => ({
        document: doc({ _id: name, collection_name: name, current_version: stored }),
        collection: name,
        current: stored,
        schemaHash,
        leftovers,
      })),
      enumerators: [...this.enumerators.values()],
      history: [...this.history],
      interrupted: open && {
        runId: open.header.runId,
        planHash: open.header.planHash,
        startedAt: '',
        holder: open.header.holder.user,
      },
      journal: [...(byToken[0]?.journal ?? [])],
      privileges: undefined,
    }
  }

  /** Everything is gone, the records too. */
  drop(): void {
    for (const all of [this.collections, this.enumerators, this.versions]) all.clear()
    for (const all of [this.history, this.runs]) all.length = 0
    this.lock = undefined
  }

  /** What users see: everything but the records of runs and identities of collections. */
  content(): unknown {
    return {
      collections: [...this.collections]
        .map(([name, { documents, validator, level, action, indexes }]) => ({
          name,
          documents: documents.map((one) => hashKey(one)),
          validator: validator && hashKey(validator),
          level,
          action,
          indexes: indexes.map((one) => [one.name, hashKey(one.key), hashKey(one.options)]),
        }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
      versions: [...this.versions].map(([name, { leftovers, ...one }]) => [name, one, leftovers?.count]).sort(),
      enumerators: [...this.enumerators.keys()].sort(),
    }
  }
}

export const sameId = (a: Doc, b: Doc): boolean => hashKey(a.get('_id') ?? null) === hashKey(b.get('_id') ?? null)

const isUpdateStage = (stage: Doc): boolean => stage.has('$set') || stage.has('$unset')

export function updated(document: Doc, stage: Doc): Doc {
  const [kind, argument] = [stage.keys[0], stage.values[0]]
  if (kind === '$set' && isDoc(argument)) return set(document, argument)
  if (kind === '$unset' && typeof argument === 'string') return document.without(argument)
  throw new TypeError(`the fake does not update with ${kind}`)
}

function set(document: Doc, fields: Doc): Doc {
  let changed = document
  for (const [name, value] of fields.entries()) changed = changed.with(name, evaluate(document, value))
  return changed
}

function evaluate(document: Doc, value: Value): Value {
  const add = isDoc(value) ? value.get('$add') : undefined
  if (!Array.isArray(add)) return value
  const [field, amount] = add as [string, number]
  return Number(document.get(field.slice(1)) ?? 0) + amount
}
