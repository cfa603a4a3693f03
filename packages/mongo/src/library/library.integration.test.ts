import { startEmbedded, type EmbeddedServer } from '@stage0/embedded'
import { docOf } from '@stage0/bson-schema'
import type { Result } from '@stage0/types'
import { Long, MongoClient } from 'mongodb'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as stage0 from '../index.ts'

const given = process.env['MONGO_CONNECTION_STRING']
let embedded: EmbeddedServer | undefined
let client: MongoClient
let folder: string
let uri: string
let name: string
let shop: stage0.Database

beforeAll(async () => {
  embedded = given === undefined ? await startEmbedded() : undefined
  uri = given ?? embedded?.uri ?? ''
  client = await new MongoClient(uri).connect()
  folder = await mkdtemp(join(tmpdir(), 'stage0-'))
})
afterAll(async () => {
  await client.close()
  await embedded?.close()
  await rm(folder, { recursive: true })
})
beforeEach(async () => {
  name = `stage0_test_${randomBytes(6).toString('hex')}`
  shop = value(await stage0.connect({ uri, database: name }))
})
afterEach(async () => {
  await shop.close()
  await client.db(name).dropDatabase()
})

function value<T, E extends { readonly message: string }>(result: Result<T, E>): T {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
const users = () =>
  client
    .db(name)
    .collection('user')
    .find({}, { projection: { _id: 0 } })
    .sort({ n: 1 })
    .toArray()
const file = async (text: string): Promise<string> => {
  const path = join(folder, `${randomBytes(4).toString('hex')}.json`)
  await writeFile(path, text)
  return path
}

describe('the library for other services', () => {
  it('upserts a document by its key', async () => {
    expect(value(await stage0.upsert(shop, 'user', { n: 1 }, { a: Long.fromNumber(5) }))).toEqual({ inserted: true })
    expect(value(await stage0.upsert(shop, 'user', { n: 1 }, { a: 6 }))).toEqual({ inserted: false })
    expect(await users()).toEqual([{ n: 1, a: 6 }])
  })

  it('lists, makes and drops indexes', async () => {
    expect(value(await stage0.listIndexes(shop, 'user'))).toEqual([])
    const indexes = [{ name: 'byName', key: { b: 1, a: -1 }, options: { unique: true } }]
    expect(value(await stage0.createIndexes(shop, 'user', indexes))).toBe('done')
    expect(value(await stage0.createIndexes(shop, 'user', indexes))).toBe('already')
    const [, byName] = value(await stage0.listIndexes(shop, 'user'))
    expect([byName?.name, byName?.key.keys, byName?.options.get('unique')]).toEqual(['byName', ['b', 'a'], true])
    expect(value(await stage0.dropIndex(shop, 'user', 'byName'))).toBe('done')
    expect(value(await stage0.dropIndex(shop, 'user', 'byName'))).toBe('already')
  })

  it('adds and drops a schema, and makes the collection where it is missing', async () => {
    const schema = docOf([
      ['bsonType', 'object'],
      ['required', ['n']],
    ])
    expect(value(await stage0.readSchema(shop, 'user'))).toBeUndefined()
    value(await stage0.addSchema(shop, 'user', { bsonType: 'object' }))
    value(await stage0.addSchema(shop, 'user', schema, { level: 'strict' }))
    expect(value(await stage0.readSchema(shop, 'user'))).toEqual(schema)
    expect(await stage0.upsert(shop, 'user', { x: 1 }, { y: 1 })).toMatchObject({
      ok: false,
      error: { code: 'DOCUMENT_INVALID' },
    })
    value(await stage0.dropSchema(shop, 'user'))
    expect(value(await stage0.readSchema(shop, 'user'))).toBeUndefined()
    value(await stage0.upsert(shop, 'user', { x: 1 }, { y: 1 }))
  })

  it('tells what is wrong with a schema, and that there is no collection to take one from', async () => {
    const refused = await stage0.addSchema(shop, 'user', { nullable: true })
    expect(refused).toMatchObject({ ok: false, error: { code: 'SCHEMA_REFUSED', detail: { keyword: 'nullable' } } })
    expect(await stage0.dropSchema(shop, 'absent')).toMatchObject({ ok: false, error: { serverCode: 26 } })
  })

  it('runs a pipeline', async () => {
    value(await stage0.upsert(shop, 'user', { n: 1 }, { a: 1 }))
    value(await stage0.runPipeline(shop, 'user', [{ $set: { a: { $add: ['$a', 1] } } }, { $out: 'user' }]))
    expect(await users()).toEqual([{ n: 1, a: 2 }])
  })

  it('runs a migration file, as written or in place', async () => {
    value(await stage0.upsert(shop, 'user', { n: 1 }, { a: 1 }))
    value(await stage0.migrate(shop, 'user', await file('[{"$set": {"b": 5.0}}, {"$out": "user"}]')))
    value(await stage0.migrate(shop, 'user', await file('[{"$set": {"c": {"$type": "$b"}}}]'), { mode: 'update' }))
    expect(await users()).toEqual([{ n: 1, a: 1, b: 5, c: 'double' }])
  })

  it.each([
    ['[{"$set": {"a": 1}}]', 'MIGRATION_HAS_NO_TARGET'],
    ['[]', 'MIGRATION_HAS_NO_TARGET'],
    ['{"$set": 1}', 'DATA_NOT_ARRAY'],
    ['[5]', 'DATA_ITEM_INVALID'],
    ['[{]', 'JSON_SYNTAX'],
  ])('refuses the migration %s: %s', async (text, code) => {
    expect(await stage0.migrate(shop, 'user', await file(text))).toMatchObject({ ok: false, error: { code } })
  })

  it('refuses a migration file that is not there', async () => {
    const missing = await stage0.migrate(shop, 'user', join(folder, 'nosuch.json'))
    expect(missing).toMatchObject({ ok: false, error: { code: 'FILE_UNREADABLE' } })
  })
})
