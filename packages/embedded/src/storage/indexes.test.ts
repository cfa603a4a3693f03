import { doc, encode, isArray, type Plain, type Value } from '@stage0/bson-schema'
import fc from 'fast-check'
import type { Document } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { failureOf, useServer } from '../testing/test-server.ts'
import { Budget } from './budget.ts'
import { Catalog } from './catalog.ts'
import { NO_OPTIONS, type Collection } from './collection.ts'
import { expireDocuments } from './expire.ts'
import { WriteUnit } from './write-unit.ts'
import { IndexTree } from './index-tree.ts'

const PLAIN_INDEX = {
  kind: 'btree',
  unique: false,
  sparse: false,
  hidden: false,
  prepareUnique: false,
  partial: undefined,
  collation: undefined,
  expireAfterSeconds: undefined,
} as const

function newCollection(): { readonly catalog: Catalog; readonly collection: Collection } {
  const catalog = new Catalog(new Budget(1_000_000, 1 << 30))
  return { catalog, collection: catalog.add(catalog.build('d', 'c', NO_OPTIONS)) }
}

const indexOn = (key: Record<string, Plain>, options: Partial<IndexTree['spec']> = {}): IndexTree =>
  new IndexTree({ ...PLAIN_INDEX, name: 'i', key: doc(key), spec: doc({}), ...options })

const put = (collection: Collection, _id: Value, fields: Record<string, Plain>): void => {
  collection.insert(encode(doc({ _id, ...fields })), _id)
}

describe('indexes', () => {
  const use = useServer()

  it('are made once; the same again is no error, another of its name or keys is', async () => {
    const { db } = use()
    const create = (spec: Document): Promise<Document> => db.command({ createIndexes: 'conf', indexes: [spec] })
    expect(await create({ key: { a: 1 }, name: 'a_1' })).toMatchObject({
      numIndexesBefore: 1,
      numIndexesAfter: 2,
      createdCollectionAutomatically: true,
    })
    expect(await create({ key: { a: 1 }, name: 'a_1' })).toMatchObject({
      numIndexesBefore: 2,
      numIndexesAfter: 2,
      note: 'all indexes already exist',
    })
    expect(await failureOf(create({ key: { a: 1 }, name: 'other' }))).toMatchObject({
      code: 85,
      codeName: 'IndexOptionsConflict',
    })
    expect(await failureOf(create({ key: { a: 1 }, name: 'a_1', expireAfterSeconds: 5 }))).toMatchObject({ code: 85 })
    expect(await failureOf(create({ key: { b: 1 }, name: 'a_1' }))).toMatchObject({
      code: 86,
      codeName: 'IndexKeySpecsConflict',
    })
    expect(await failureOf(create({ key: { a: 1 }, name: 'a_1', unique: true }))).toMatchObject({ code: 86 })
    expect(await create({ key: { _id: 1 }, name: '_id_' })).toMatchObject({ note: 'all indexes already exist' })
  })

  it.for([
    [{ key: {}, name: 'x' }, 67],
    [{ key: { a: 0 }, name: 'x' }, 67],
    [{ key: { a: 'moon' }, name: 'x' }, 67],
    [{ key: { a: true }, name: 'x' }, 67],
    [{ key: { 'a..b': 1 }, name: 'x' }, 67],
    [{ key: { $a: 1 }, name: 'x' }, 67],
    [{ key: { a: 1 }, name: '' }, 67],
    [{ key: { a: 1 } }, 9],
    [{ name: 'x' }, 9],
    [{ key: { a: 1 }, name: 'x', colour: 1 }, 197],
    [{ key: { _id: 1 }, name: '_id_', sparse: true }, 197],
    [{ key: { b: 1 }, name: '_id_' }, 2],
    [{ key: { a: 1 }, name: 'x', expireAfterSeconds: -1 }, 67],
    [{ key: { a: 1, b: 1 }, name: 'x', expireAfterSeconds: 1 }, 67],
    [{ key: { a: 1 }, name: 'x', sparse: true, partialFilterExpression: { b: 1 } }, 67],
    [{ key: { a: 1 }, name: 'x', partialFilterExpression: { b: { $ne: 1 } } }, 67],
    [{ key: { a: 'hashed' }, name: 'x', unique: true }, 67],
    [{ key: { a: 1 }, name: 'x', collation: { locale: 'xx-nowhere-at-all-9' } }, 2],
  ] as const)('with the specification %j are refused with code %i, and nothing is made', async ([spec, code]) => {
    const { db } = use()
    expect(
      await failureOf(db.command({ createIndexes: 'refused', indexes: [{ key: { ok: 1 }, name: 'ok_1' }, spec] })),
    ).toMatchObject({ code })
    expect(await db.listCollections({ name: 'refused' }).toArray()).toEqual([])
  })

  it('that are unique say which document is in the way, also when they are built', async () => {
    const c = use().db.collection('unique')
    await c.createIndex({ a: 1, 'b.c': -1 }, { unique: true })
    await c.insertOne({ a: 1, b: { c: 'x' } })
    expect(await failureOf(c.insertOne({ a: 1, b: { c: 'x' } }))).toMatchObject({
      code: 11000,
      message: 'E11000 duplicate key error collection: test.unique index: a_1_b.c_-1 dup key: { a: 1, b.c: "x" }',
      keyPattern: { a: 1, 'b.c': -1 },
      keyValue: { a: 1, 'b.c': 'x' },
    })
    await c.insertOne({})
    expect(await failureOf(c.insertOne({ a: null }))).toMatchObject({ code: 11000, keyValue: { a: null, 'b.c': null } })
    await c.insertMany([
      { z: 1, a: 5 },
      { z: 1, a: 6 },
    ])
    const failure = await failureOf(c.createIndex({ z: 1 }, { unique: true }))
    expect(failure).toMatchObject({ code: 11000, codeName: 'DuplicateKey' })
    expect(failure['message']).toMatch(
      /^Index build failed: [0-9a-f-]{36}: Collection test\.unique \( [0-9a-f-]{36} \) :: caused by :: E11000/,
    )
    expect(await c.indexes()).toHaveLength(2)
    expect(await failureOf(c.insertOne({ a: [1, 2], b: [{ c: 1 }] }))).toMatchObject({ code: 171 })
  })

  it('that are sparse or partial leave documents out', async () => {
    const c = use().db.collection('partial')
    await c.createIndex({ s: 1 }, { unique: true, sparse: true })
    await c.createIndex({ p: 1 }, { unique: true, partialFilterExpression: { on: true } })
    await c.insertMany([{ p: 1 }, { p: 1 }, { p: 1, on: true }])
    expect(await failureOf(c.insertOne({ p: 1, on: true }))).toMatchObject({ code: 11000 })
    expect(await c.countDocuments({ s: null })).toBe(3)
    expect(await c.countDocuments({ p: 1 })).toBe(3)
    expect(await c.countDocuments({ p: 1, on: true })).toBe(1)
  })

  it('follow a collation, and are used by queries of the same one only', async () => {
    const c = use().db.collection('collated')
    const collation = { locale: 'en', strength: 2 }
    await c.createIndex({ a: 1 }, { unique: true, collation })
    await c.insertOne({ a: 'Straße' })
    expect(await failureOf(c.insertOne({ a: 'STRASSE'.replace('SS', 'ß') }))).toMatchObject({ code: 11000 })
    expect(await c.find({ a: 'sTRAßE' }, { collation }).toArray()).toHaveLength(1)
    expect(await c.find({ a: 'sTRAßE' }).toArray()).toHaveLength(0)
    expect(await stageOf(c.find({ a: 'x' }, { collation }).explain())).toBe('IXSCAN')
    expect(await stageOf(c.find({ a: 'x' }).explain())).toBe('COLLSCAN')
  })

  it('are told truthfully by explain', async () => {
    const c = use().db.collection('explained')
    await c.createIndex({ a: 1, b: 1 })
    await c.insertOne({ a: 1, b: 2 })
    expect(await stageOf(c.find({ _id: 1 as never }).explain())).toBe('IDHACK')
    expect(await stageOf(c.find({ a: 1, b: { $gt: 1 } }).explain())).toBe('IXSCAN')
    expect(await stageOf(c.find({ b: 1 }).explain())).toBe('COLLSCAN')
    await use().db.command({ collMod: 'explained', index: { name: 'a_1_b_1', hidden: true } })
    expect(await stageOf(c.find({ a: 1 }).explain())).toBe('COLLSCAN')
    expect(await failureOf(c.find({ a: 1 }).hint('nope').toArray())).toMatchObject({ code: 2 })
  })

  it('are changed by collMod and dropped by name, key or all together', async () => {
    const { db } = use()
    const c = db.collection('changed')
    await c.createIndexes([
      { key: { a: 1 } },
      { key: { t: 1 }, expireAfterSeconds: 10 },
      { key: { z: 'hashed' } },
      { key: { '$**': 1 } },
    ])
    await c.insertMany([{ a: 1 }, { a: 1 }])
    expect(await db.command({ collMod: 'changed', index: { name: 't_1', expireAfterSeconds: 99 } })).toMatchObject({
      expireAfterSeconds_old: 10,
      expireAfterSeconds_new: 99,
    })
    await db.command({ collMod: 'changed', index: { keyPattern: { a: 1 }, prepareUnique: true } })
    expect(await failureOf(c.insertOne({ a: 1 }))).toMatchObject({ code: 11000 })
    const refused = await failureOf(
      db.command({ collMod: 'changed', index: { name: 'a_1', unique: true }, dryRun: true }),
    )
    expect(refused).toMatchObject({ code: 359, codeName: 'CannotConvertIndexToUnique' })
    expect(refused['violations'][0].ids).toHaveLength(2)
    await c.deleteOne({ a: 1 })
    expect(await db.command({ collMod: 'changed', index: { name: 'a_1', unique: true } })).toMatchObject({
      unique_new: true,
    })
    expect(await c.indexes()).toMatchObject([
      {},
      { name: 'a_1', unique: true },
      { name: 't_1', expireAfterSeconds: 99 },
      {},
      {},
    ])
    expect(await failureOf(c.dropIndex('nope'))).toMatchObject({ code: 27 })
    expect(await failureOf(c.dropIndex('_id_'))).toMatchObject({ code: 72 })
    await db.command({ dropIndexes: 'changed', index: { a: 1 } })
    expect(await db.command({ dropIndexes: 'changed', index: '*' })).toMatchObject({ nIndexesWas: 4 })
    expect(await failureOf(db.collection('nowhere').indexes())).toMatchObject({ code: 26 })
  })

  it('of the TTL kind let old documents go, by the earliest date', () => {
    const { catalog, collection } = newCollection()
    collection.addIndex(indexOn({ at: 1 }, { expireAfterSeconds: 60 }))
    const at = (second: number): Date => new Date(second * 1_000)
    put(collection, 1, { at: at(0) })
    put(collection, 2, { at: [at(500), at(10)] })
    put(collection, 3, { at: at(500) })
    put(collection, 4, { at: 'never' })
    expect(expireDocuments(catalog, at(100), new WriteUnit(catalog, { noting: false, guard: undefined }))).toBe(2)
    expect([...collection.records()].map(({ id }) => id)).toEqual([3, 4])
  })
})

async function stageOf(explained: Promise<Document>): Promise<string> {
  const plan = (await explained)['queryPlanner'].winningPlan as Document
  return (plan['inputStage']?.stage ?? plan['stage']) as string
}

const scalar = fc.constantFrom<Value[]>(null, 0, 1, 2, 'a', 'b')
const value = fc.oneof(
  { weight: 4, arbitrary: scalar as fc.Arbitrary<Value> },
  fc.array(scalar as fc.Arbitrary<Value>, { maxLength: 3 }),
)

describe('a unique index', () => {
  it('holds exactly the documents that a naive model holds', () => {
    const step = fc.record({ id: fc.nat(5), a: value, remove: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const { collection } = newCollection()
        collection.addIndex(indexOn({ a: 1 }, { unique: true }))
        const model = new Map<number, Set<Value>>()
        for (const { id, a, remove } of steps) {
          const record = collection.byId(id)
          if (remove) {
            if (record !== undefined) collection.remove(record)
            model.delete(id)
            continue
          }
          // An empty array has a key of its own.
          const keys = new Set<Value>(isArray(a) ? (a.length === 0 ? ['<empty>'] : a) : [a])
          const taken = [...model].some(([other, set]) => other !== id && [...keys].some((key) => set.has(key)))
          const write = (): void => {
            if (record === undefined) put(collection, id, { a })
            else collection.replace(record, encode(doc({ _id: id, a })))
          }
          if (taken) expect(write).toThrow('E11000')
          else {
            write()
            model.set(id, keys)
          }
        }
        expect([...collection.records()].map(({ id }) => id).sort()).toEqual([...model.keys()].sort())
      }),
    )
  })
})

describe('a query with indexes', () => {
  const use = useServer()
  const field = fc.constantFrom('a', 'b', 'c.d')
  const condition = fc.oneof(
    value as fc.Arbitrary<unknown>,
    fc.record({ $gte: fc.nat(2) }),
    fc.record({ $gt: fc.nat(2), $lt: fc.nat(3) }),
    fc.record({ $in: fc.array(scalar as fc.Arbitrary<unknown>, { maxLength: 3 }) }),
    fc.record({ $lte: fc.constantFrom('a', 'b') }),
    fc.record({ $exists: fc.boolean() }),
  )
  const document = fc.record(
    {
      a: value,
      b: value,
      c: fc.oneof(fc.record({ d: value }), fc.array(fc.record({ d: scalar as fc.Arbitrary<Value> }), { maxLength: 2 })),
    },
    { requiredKeys: [] },
  )

  it('finds what a scan of the collection finds', async () => {
    const { db } = use()
    let round = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(document, { minLength: 1, maxLength: 12 }),
        fc.array(fc.dictionary(field, condition, { minKeys: 1, maxKeys: 3 }), { minLength: 1, maxLength: 8 }),
        async (documents, filters) => {
          const c = db.collection<Document & { _id: number }>(`q${round++}`)
          await c.createIndexes([{ key: { a: 1 } }, { key: { b: -1, a: 1 } }, { key: { 'c.d': 1 }, sparse: true }])
          await c.insertMany(documents.map((fields, _id) => ({ _id, ...fields }))).catch(() => undefined)
          for (const filter of filters) {
            const ids = async (hint: Document | undefined): Promise<number[]> =>
              (await c.find(filter as Document, hint === undefined ? {} : { hint }).toArray())
                .map(({ _id }) => _id)
                .sort((x, y) => x - y)
            expect(await ids(undefined)).toEqual(await ids({ $natural: 1 }))
          }
          await c.drop()
        },
      ),
      { numRuns: 60 },
    )
  })
})
