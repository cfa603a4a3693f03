import {
  compileSchema,
  isDoc,
  relaxedJson,
  violations,
  type Doc,
  type Value,
  type Violation,
} from '@stage0/bson-schema'
import type { FoundLeftovers, LeftoversQuery, TargetResult } from '@stage0/engine'
import type { Db, Document } from 'mongodb'
import type { Connection } from '../connection/connect.ts'
import { AS_BYTES, readDocument, toDriver, toDriverDocument } from '../driver-values.ts'
import { toStage } from './pipelines.ts'
import { MAJORITY, runCommand } from './run-command.ts'

/** Documents per update: others wait for one of them only. */
const BATCH = 1000
/** What others wrote last counts. */
const LATEST = { ...AS_BYTES, readConcern: { level: 'local' } } as const

/**
 * Counts the documents that a schema refuses and explains the first ones, after it has updated them once more where stages are
 * given. An update meets only documents that still do not match when it comes to them.
 */
export async function findLeftovers({ db, attempt }: Connection, query: LeftoversQuery): TargetResult<FoundLeftovers> {
  const { collection, schema, repeat, limit, signal, comment } = query
  const failing = { $nor: [{ $jsonSchema: toDriverDocument(schema) }] } as Document
  return attempt(`look for documents of collection "${collection}" that do not match`, async () => {
    const repeated = repeat.length === 0 ? 0 : await updateAgain(db, query, failing)
    const options = { comment, readConcern: LATEST.readConcern, signal }
    const count = await db.collection(collection).countDocuments(failing, options)
    // No samples asked for: no document leaves the database. A limit of 0 would mean all of them to the server.
    if (count === 0 || limit === 0) return { count, repeated, samples: [] }
    const first = { ...LATEST, sort: { _id: 1 }, limit, comment, signal } as const
    const found = await db.collection(collection).find(failing, first).toArray()
    return { count, repeated, samples: found.map((bytes) => explained(readDocument(bytes), schema)) }
  })
}

/** @returns how many documents were updated. */
async function updateAgain(
  db: Db,
  { collection, repeat, signal, comment }: LeftoversQuery,
  failing: Document,
): Promise<number> {
  const options = { ...LATEST, projection: { _id: 1 }, sort: { _id: 1 }, batchSize: BATCH, comment, signal } as const
  const u = repeat.map(toStage)
  let updated = 0
  let ids: unknown[] = []
  const update = async (): Promise<void> => {
    if (ids.length === 0) return
    const updates = [{ q: { _id: { $in: ids }, ...failing }, u, multi: true }]
    const command = { update: collection, updates, bypassDocumentValidation: true, comment, writeConcern: MAJORITY }
    updated += Number((await runCommand(db, command, { signal }))['n'])
    ids = []
  }
  for await (const bytes of db.collection(collection).find(failing, options)) {
    ids.push(toDriver(idOf(readDocument(bytes)), '_id'))
    if (ids.length >= BATCH) await update()
  }
  await update()
  return updated
}

const idOf = (document: Doc): Value => document.get('_id') ?? null

function explained(document: Doc, schema: Doc): FoundLeftovers['samples'][number] {
  const compiled = compileSchema(schema)
  const [first] = compiled.ok ? violations(compiled.value.explain(document)) : []
  const id = relaxedJson(idOf(document))
  return first === undefined ? { id } : { id, why: sentence(first) }
}

function sentence({ path, rule, expected, actual }: Violation): string {
  const where = path.length === 0 ? 'the document' : path.join('.')
  // The keyword itself stands there: {minimum: 0} is shown as 0.
  const inner = isDoc(expected) ? (expected.get(rule) ?? expected) : expected
  const wanted = inner === undefined ? '' : ` ${shortened(relaxedJson(inner))}`
  return `${where}: ${rule}${wanted}${actual === undefined ? '' : `, found ${shortened(relaxedJson(actual))}`}`
}

const LONGEST = 200
const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text)
