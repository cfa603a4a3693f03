import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sharedFolder } from '@stage0/testkit'
import { EJSON } from 'bson'
import { MongoClient, type Db, type Document, type Filter } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BEHAVIOUR_EXCEPTIONS } from './evaluate/behaviour-exceptions.ts'
import { startEmbedded, type EmbeddedServer } from './server.ts'

/*
 * The behaviour facts through driver and wire. `MONGO_CONNECTION_STRING` names a real server to run them on instead.
 */

interface Fact {
  readonly area: string
  readonly name: string
  readonly collections: Readonly<Record<string, readonly Document[]>>
  readonly indexes?: readonly Document[]
  readonly run: Document
  readonly then?: Document
  readonly expect: Document
}

const folder = sharedFolder('vectors')
if (folder === undefined) console.warn('behaviour facts skipped: the shared vectors are not beside the project')
// Numbers keep their BSON types on both ways.
const facts =
  folder === undefined
    ? []
    : (EJSON.parse(readFileSync(join(folder, 'behaviour.json'), 'utf8'), { relaxed: false }) as readonly Fact[])
const realServer = process.env['MONGO_CONNECTION_STRING'] ?? ''
const KEEP_TYPES = { promoteValues: false, promoteLongs: false } as const

const canonical = (value: unknown): string => EJSON.stringify(value, { relaxed: false })

async function read(db: Db, command: Document): Promise<Document[]> {
  const { find, filter, sort, collation, aggregate, pipeline } = command
  if (aggregate !== undefined)
    return db
      .collection(aggregate as string)
      .aggregate(pipeline as Document[], KEEP_TYPES)
      .toArray()
  let cursor = db
    .collection(find as string)
    .find(filter as Filter<Document>, { ...KEEP_TYPES, ...(collation === undefined ? {} : { collation }) })
  if (sort !== undefined) cursor = cursor.sort(sort as Document as never)
  return cursor.toArray()
}

async function run(db: Db, command: Document): Promise<Document[]> {
  if (command['update'] === undefined) return read(db, command)
  const { update, filter, update_with, many, ...options } = command
  const statement = { q: filter, u: update_with, multi: many, ...options }
  const reply = await db.command({ update, updates: [statement] })
  const [failure] = (reply['writeErrors'] ?? []) as Document[]
  if (failure !== undefined) throw Object.assign(new Error(failure['errmsg'] as string), { code: failure['code'] })
  return db
    .collection(update as string)
    .find({}, KEEP_TYPES)
    .toArray()
}

function shaped(expected: Document, found: readonly Document[]): unknown {
  if ('ids' in expected) return found.map((document) => document['_id'])
  if ('values' in expected) return found.map((document) => document[expected['of'] as string] ?? null)
  if ('docs_without_id' in expected) return found.map(({ _id: _, ...rest }) => rest)
  return found
}

const wanted = (expected: Document): unknown =>
  expected['ids'] ?? expected['values'] ?? expected['docs_without_id'] ?? expected['docs']

async function fill(db: Db, fact: Fact): Promise<void> {
  await db.dropDatabase()
  for (const [name, documents] of Object.entries(fact.collections)) {
    if (documents.length > 0)
      await db.collection(name).insertMany(
        documents.map((document) => ({ ...document })),
        { ignoreUndefined: false },
      )
  }
  for (const { collection, ...spec } of fact.indexes ?? [])
    await db.command({ createIndexes: collection, indexes: [spec] })
}

async function outcome(db: Db, fact: Fact): Promise<{ readonly expected: string; readonly actual: string }> {
  await fill(db, fact)
  const expected = 'error' in fact.expect ? `error ${String(fact.expect['error'])}` : canonical(wanted(fact.expect))
  try {
    const first = await run(db, fact.run)
    const found = fact.then === undefined ? first : await read(db, fact.then)
    return { expected, actual: canonical(shaped(fact.expect, found)) }
  } catch (error) {
    const { code, message } = error as { readonly code?: number; readonly message: string }
    if (code === undefined) throw error
    return { expected, actual: 'error' in fact.expect ? `error ${code}` : `error ${code} ${message}` }
  }
}

describe.skipIf(folder === undefined)(
  `behaviour facts, on ${realServer === '' ? 'the embedded server' : 'a real server'}`,
  () => {
    let server: EmbeddedServer | undefined
    let client: MongoClient
    beforeAll(async () => {
      server = realServer === '' ? await startEmbedded() : undefined
      client = new MongoClient(server?.uri ?? realServer)
    })
    afterAll(async () => {
      await client.close()
      await server?.close()
    })

    it('are all there', () => expect(facts.length).toBeGreaterThanOrEqual(192))

    it.for(facts.map((fact) => [`${fact.area}: ${fact.name}`, fact] as const))('%s', async ([name, fact]) => {
      const db = client.db('stage0_behaviour_facts')
      const { expected, actual } = await outcome(db, fact)
      const exception = realServer === '' ? BEHAVIOUR_EXCEPTIONS.find((each) => each.fact === name) : undefined
      // An exception is given with what the server answers instead; it must go as soon as the fact holds.
      if (exception === undefined) expect(actual).toBe(expected)
      else expect(actual).not.toBe(expected)
    })
  },
)
