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
import { MongoServerError, type Document } from 'mongodb'
import type { Connection } from '../connection/connect.ts'
import { AS_BYTES, readDocument, toDriver, toDriverDocument } from '../driver-values.ts'
import { TargetFailure } from '../errors/target-error.ts'
import { toStage } from './pipelines.ts'
import { MAJORITY } from './run-command.ts'

/** Documents per command: others wait for one of them only. */
const BATCH = 1000
/** What others wrote last counts. */
const LATEST = { ...AS_BYTES, readConcern: { level: 'local' } } as const

/**
 * Counts the documents that a schema refuses and explains the first ones, after it has updated them once more where stages are
 * given. An update meets only documents that still do not match when it comes to them; what the server refuses there is told, and
 * the documents are counted.
 */
export async function findLeftovers(connection: Connection, query: LeftoversQuery): TargetResult<FoundLeftovers> {
  const { db, attempt } = connection
  const { collection, schema, repeat, limit, signal, comment } = query
  const failing = { $nor: [{ $jsonSchema: toDriverDocument(schema) }] } as Document
  return attempt(`look for documents of collection "${collection}" that do not match`, async () => {
    const again = repeat.length === 0 ? { repeated: 0 } : await updateAgain(connection, query, failing)
    const options = { comment, readConcern: LATEST.readConcern, signal }
    const count = await db.collection(collection).countDocuments(failing, options)
    // No samples asked for: no document leaves the database. A limit of 0 would mean all of them to the server.
    if (count === 0 || limit === 0) return { count, ...again, samples: [] }
    const first = { ...LATEST, sort: { _id: 1 }, limit, comment, signal } as const
    const found = await db.collection(collection).find(failing, first).toArray()
    return { count, ...again, samples: found.map((bytes) => explained(readDocument(bytes), schema)) }
  })
}

/**
 * Each document by a statement of its own: what is refused for one of them stops no other.
 *
 * @returns how many documents were updated, and why the first one was not that the server refused.
 */
async function updateAgain(
  connection: Connection,
  { collection, repeat, signal, comment }: LeftoversQuery,
  failing: Document,
): Promise<Pick<FoundLeftovers, 'repeated' | 'refused'>> {
  const { db } = connection
  const options = { ...LATEST, projection: { _id: 1 }, sort: { _id: 1 }, batchSize: BATCH, comment, signal } as const
  const u = repeat.map(toStage)
  let repeated = 0
  let refused: string | undefined
  let updates: Document[] = []
  const update = async (): Promise<void> => {
    if (updates.length === 0) return
    const rest = { ordered: false, bypassDocumentValidation: true, comment, writeConcern: MAJORITY }
    const reply = await db.command({ update: collection, updates, ...rest }, { signal, readPreference: 'primary' })
    if (reply['writeConcernError'] !== undefined) throw new MongoServerError(reply['writeConcernError'] as Document)
    repeated += Number(reply['n'])
    refused ??= await refusalIn(connection, (reply['writeErrors'] ?? []) as readonly Document[])
    updates = []
  }
  for await (const bytes of db.collection(collection).find(failing, options)) {
    updates.push({ q: { _id: toDriver(idOf(readDocument(bytes)), '_id'), ...failing }, u })
    if (updates.length >= BATCH) await update()
  }
  await update()
  return { repeated, ...(refused !== undefined && { refused }) }
}

/** What a server says of a document that it does not want to have; anything else is about the server itself. */
const ABOUT_A_DOCUMENT: readonly string[] = ['DUPLICATE_KEY', 'DOCUMENT_INVALID', 'TARGET_REFUSED']

async function refusalIn({ attempt }: Connection, errors: readonly Document[]): Promise<string | undefined> {
  let first: string | undefined
  for (const one of errors) {
    const told = await attempt('migrate it once more', () => Promise.reject(new MongoServerError(one)))
    if (told.ok) continue
    if (!ABOUT_A_DOCUMENT.includes(told.error.code)) throw new TargetFailure(told.error)
    first ??= told.error.message
  }
  return first
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
