import { type Doc } from '@stage0/bson-schema'
import type {
  AppliedVersion,
  InterruptedRun,
  JournalEntry,
  ObservedEnumerators,
  RecordedVersion,
  RememberedLeftovers,
} from '@stage0/core'
import type { Db, Document, FindOptions } from 'mongodb'
import { AS_BYTES, readDocument } from '../driver-values.ts'
import { ENUMERATORS_HASH, HISTORY, RUNS } from '../records/names.ts'
import { toJournalEntry } from '../records/journal-entry.ts'
import { lockIsHeldBy } from '../records/lock-document.ts'
import { dateAt, docAt, docsAt, numberAt, textAt } from './fields.ts'

async function readAll(db: Db, collection: string, filter: Document, options: FindOptions = {}): Promise<Doc[]> {
  const found: Doc[] = []
  for await (const bytes of db.collection(collection).find(filter, { ...options, ...AS_BYTES })) {
    found.push(readDocument(bytes))
  }
  return found
}

/** All version documents, in `_id` order, duplicates included. */
export async function readVersions(db: Db, collection: string): Promise<RecordedVersion[]> {
  const documents = await readAll(db, collection, {}, { sort: { _id: 1 } })
  return documents.map((document) => ({
    document,
    collection: textAt(document, 'collection_name'),
    current: textAt(document, 'current_version'),
    schemaHash: textAt(document, 'schema_hash'),
    leftovers: leftoversAt(document),
  }))
}

function leftoversAt(document: Doc): RememberedLeftovers | undefined {
  const left = docAt(document, 'leftovers')
  const [count, runId] = [numberAt(left, 'count'), textAt(left, 'run_id')]
  return count === undefined || runId === undefined || !(count > 0) ? undefined : { count, runId }
}

/** All enumerators documents whose `version` is a number; others are not ours to judge. */
export async function readEnumerators(db: Db, collection: string): Promise<ObservedEnumerators[]> {
  const documents = await readAll(db, collection, {}, { sort: { version: 1 } })
  return documents.flatMap((document) => {
    const version = numberAt(document, 'version')
    if (version === undefined) return []
    const stored = document.without('_id').without(ENUMERATORS_HASH)
    return [{ version, document: stored, hash: textAt(document, ENUMERATORS_HASH) }]
  })
}

/** Applied versions, oldest first; without the schemas, which are the bulk of the collection. */
export async function readHistory(db: Db): Promise<AppliedVersion[]> {
  const documents = await readAll(db, HISTORY, {}, { projection: { schema: 0 } })
  return documents.sort(byTime).map((document) => ({
    collection: textAt(document, 'collection') ?? '',
    version: textAt(document, 'version') ?? '',
    schemaHash: textAt(document, 'schema_hash') ?? '',
    indexes: docsAt(document, 'indexes').map((index) => ({
      name: textAt(index, 'name') ?? '',
      key: docAt(index, 'key'),
      options: docAt(index, 'options'),
    })),
    migrations: docsAt(document, 'migrations').map((migration) => ({
      file: textAt(migration, 'file') ?? '',
      hash: textAt(migration, 'hash') ?? '',
    })),
    enumeratorsHash: textAt(document, 'enumerators_hash'),
    runId: textAt(document, 'run_id') ?? '',
  }))
}

/** Within one millisecond the order of the versions decides: those of one collection are applied ascending. */
function byTime(a: Doc, b: Doc): number {
  const time = Number(dateAt(a, 'applied_at') ?? 0) - Number(dateAt(b, 'applied_at') ?? 0)
  return time !== 0 ? time : compareVersions(textAt(a, 'version') ?? '', textAt(b, 'version') ?? '')
}

function compareVersions(a: string, b: string): number {
  const right = b.split('.').map(Number)
  const differences = a.split('.').map((part, place) => Number(part) - (right[place] ?? 0))
  return differences.find((difference) => difference !== 0) ?? 0
}

export interface ObservedRuns {
  readonly interrupted: InterruptedRun | undefined
  readonly journal: readonly JournalEntry[]
}

/** The journal of the newest run, and the newest run without an outcome unless it is the one that holds the lock. */
export async function readRuns(db: Db): Promise<ObservedRuns> {
  const sort = { claimed_token: -1 } as const
  const newest = await readAll(db, RUNS, { kind: 'run' }, { sort, limit: 1 })
  const open = await readAll(db, RUNS, { kind: 'run', outcome: null }, { sort, limit: 2, projection: { journal: 0 } })
  const journal = newest.flatMap((run) => docsAt(run, 'journal').map(toJournalEntry))
  if (open.length === 0) return { interrupted: undefined, journal }
  const holding = await lockIsHeldBy(db)
  const interrupted = open.find((run) => textAt(run, '_id') !== holding)
  return { interrupted: interrupted && toInterrupted(interrupted), journal }
}

function toInterrupted(run: Doc): InterruptedRun {
  const holder = docAt(run, 'holder')
  return {
    runId: textAt(run, '_id') ?? '',
    planHash: textAt(run, 'plan_hash') ?? '',
    startedAt: dateAt(run, 'started_at')?.toISOString() ?? '',
    holder: `${textAt(holder, 'user') ?? '?'} on ${textAt(holder, 'host') ?? '?'} (process ${numberAt(holder, 'pid') ?? '?'})`,
  }
}
