import { isLookedAt, ownerOf, type Observed, type ObservedCollection } from '@stage0/core'
import type { RecordNames, TargetResult } from '@stage0/engine'
import type { Db } from 'mongodb'
import { readIndexes } from '../act/indexes.ts'
import type { Connection } from '../connection/connect.ts'
import { HISTORY, RUNS } from '../records/names.ts'
import { listCollections, type ListedCollection } from './list-collections.ts'
import { readPrivileges } from './privileges.ts'
import { readEnumerators, readHistory, readRuns, readVersions } from './read-records.ts'
import { readServerFacts } from './server-facts.ts'

/** Collections that are asked about at the same time. */
const PARALLEL = 8

/**
 * Reads what the target holds, and creates nothing: a collection that is not there is not asked. Four commands for the
 * database, two per collection of data, and one to three per collection of records that is read at all.
 */
export async function observe(
  { db, attempt }: Connection,
  names: RecordNames,
  signal: AbortSignal | undefined,
): TargetResult<Observed> {
  return attempt(`observe database "${db.databaseName}"`, async () => {
    signal?.throwIfAborted()
    const [server, privileges, listed] = await Promise.all([
      readServerFacts(db),
      readPrivileges(db),
      listCollections(db),
    ])
    const exists = new Set(listed.map((entry) => entry.name))
    const ifThere = async <T>(name: string, read: () => Promise<T>, otherwise: T): Promise<T> =>
      exists.has(name) ? read() : otherwise
    const mayLook = (name: string): boolean => isLookedAt(db.databaseName, name, privileges)
    const collections = await describe(db, listed, { names, mayLook, signal })
    const [versions, enumerators, history, runs] = await Promise.all([
      ifThere(names.versions, () => readVersions(db, names.versions), []),
      ifThere(names.enumerators, () => readEnumerators(db, names.enumerators), []),
      ifThere(HISTORY, () => readHistory(db), []),
      ifThere(RUNS, () => readRuns(db), { interrupted: undefined, journal: [] }),
    ])
    return { database: db.databaseName, server, collections, versions, enumerators, history, ...runs, privileges }
  })
}

interface Looking {
  readonly names: RecordNames
  readonly mayLook: (collection: string) => boolean
  readonly signal: AbortSignal | undefined
}

/** Adds indexes and document counts, a few collections at a time. */
async function describe(db: Db, listed: readonly ListedCollection[], looking: Looking): Promise<ObservedCollection[]> {
  const { signal } = looking
  const described: ObservedCollection[] = []
  for (let from = 0; from < listed.length; from += PARALLEL) {
    signal?.throwIfAborted()
    const some = listed.slice(from, from + PARALLEL)
    described.push(...(await Promise.all(some.map((entry) => withFacts(db, looking, entry)))))
  }
  return described
}

/**
 * Not of a view, which has none; nor of our own records, whose names no configuration may have: nobody looks at them; nor of what the
 * connected user may not look at, such as the collections of others: planning for one of these is refused.
 */
async function withFacts(db: Db, looking: Looking, entry: ListedCollection): Promise<ObservedCollection> {
  const { names, mayLook } = looking
  if (entry.type === 'view' || ownerOf(entry.name, names) === 'Stage0' || !mayLook(entry.name))
    return { ...entry, indexes: [], estimatedDocuments: 0 }
  const [indexes, estimatedDocuments] = await Promise.all([
    readIndexes(db, entry.name),
    db.collection(entry.name).estimatedDocumentCount(),
  ])
  return { ...entry, indexes, estimatedDocuments }
}
