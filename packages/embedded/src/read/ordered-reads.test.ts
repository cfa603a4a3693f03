import fc from 'fast-check'
import type { Document, Filter } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { failureOf, useServer } from '../testing/test-server.ts'

const planOf = async (explained: Promise<Document>): Promise<Document> =>
  (await explained)['queryPlanner']['winningPlan'] as Document

describe('reads in the order of an index', () => {
  const use = useServer()
  const ids = (documents: readonly Document[]): unknown[] => documents.map(({ _id }) => _id as unknown)

  it('use the index on _id for ranges, lists and sorts, and say so', async () => {
    const c = use().db.collection<{ _id: number }>('order')
    await c.insertMany([5, 1, 4, 2, 3].map((_id) => ({ _id })))
    const onId = { stage: 'FETCH', inputStage: { stage: 'IXSCAN', indexName: '_id_', direction: 'forward' } }
    expect(await planOf(c.find({ _id: { $gt: 1 } }).explain())).toMatchObject(onId)
    expect(await planOf(c.find({ _id: { $in: [1, 2] } }).explain())).toMatchObject(onId)
    expect(await planOf(c.find().sort({ _id: 1 }).explain())).toMatchObject(onId)
    expect(await planOf(c.find().sort({ _id: -1 }).explain())).toMatchObject({ inputStage: { direction: 'backward' } })
    expect(await planOf(c.find({ _id: 3 }).sort({ _id: 1 }).explain())).toMatchObject({ stage: 'IDHACK' })
    expect(ids(await c.find().sort({ _id: -1 }).limit(2).toArray())).toEqual([5, 4])
    expect(ids(await c.find({ _id: { $in: [4, 1] } }).toArray())).toEqual([1, 4])
    expect(
      ids(
        await c
          .find({ _id: { $in: [4, 1, 5] } })
          .sort({ _id: -1 })
          .toArray(),
      ),
    ).toEqual([5, 4, 1])
  })

  it('keep the index on _id in step with writes', async () => {
    const c = use().db.collection<{ _id: number; a?: number }>('steps')
    await c.insertMany([2, 1].map((_id) => ({ _id })))
    expect(ids(await c.find().sort({ _id: 1 }).toArray())).toEqual([1, 2])
    await c.insertOne({ _id: 0 })
    await c.updateOne({ _id: 2 }, { $set: { a: 1 } })
    await c.deleteOne({ _id: 1 })
    expect(await c.find().sort({ _id: 1 }).toArray()).toEqual([{ _id: 0 }, { _id: 2, a: 1 }])
  })

  it('go on with min and a hint, range by range, and see every document once', async () => {
    const c = use().db.collection<{ _id: number }>('ranges')
    await c.insertMany(Array.from({ length: 25 }, (_, i) => ({ _id: (i * 7) % 25 })))
    const seen: number[] = []
    let min = 0
    for (let i = 0; i < 5; i++) {
      const found = await c.find().min({ _id: min }).hint({ _id: 1 }).sort({ _id: 1 }).limit(6).toArray()
      seen.push(...found.slice(0, 5).map(({ _id }) => _id))
      min = found.at(-1)?._id ?? 0
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => i))
    expect(
      ids(
        await c
          .find({ _id: { $ne: 3 } })
          .min({ _id: 2 })
          .max({ _id: 5 })
          .hint('_id_')
          .toArray(),
      ),
    ).toEqual([2, 4])
  })

  it.for([
    [{ min: { _id: 1 } }, 51173],
    [{ min: { _id: 1 }, hint: { $natural: 1 } }, 51173],
    [{ min: { a: 1 }, hint: { _id: 1 } }, 51174],
    [{ min: { _id: 2 }, max: { _id: 2 }, hint: { _id: 1 } }, 51175],
    [{ hint: { _id: -1 } }, 2],
  ] as const)('refuse %j with code %i', async ([options, code]) => {
    const { db } = use()
    await db.collection<{ _id: number }>('bounds').updateOne({ _id: 1 }, { $set: { a: 1 } }, { upsert: true })
    expect(await failureOf(db.command({ find: 'bounds', ...options }))).toMatchObject({ code })
  })

  it('leave a cursor of a limited read as it was when it was opened', async () => {
    const c = use().db.collection<{ _id: number }>('open')
    await c.insertMany(Array.from({ length: 9 }, (_, _id) => ({ _id })))
    const cursor = c.find().sort({ _id: 1 }).limit(8).batchSize(2)
    expect(await cursor.next()).toEqual({ _id: 0 })
    await c.deleteMany({})
    expect(ids(await cursor.toArray())).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  it('sort in memory where the index is multikey, sparse or turned another way, and say so', async () => {
    const c = use().db.collection('memory')
    await c.insertMany([
      { a: 2, m: [1, 9], s: 1 },
      { a: 1, m: [5] },
    ])
    await c.createIndexes([{ key: { m: 1 } }, { key: { s: 1 }, sparse: true }, { key: { a: 1, b: 1 } }])
    for (const sort of [{ m: 1 }, { s: 1 }, { a: 1, b: -1 }] as const) {
      expect(await planOf(c.find().sort(sort).explain())).toMatchObject({ stage: 'SORT', sortPattern: sort })
    }
    expect(await planOf(c.find().sort({ a: -1, b: -1 }).explain())).toMatchObject({
      inputStage: { indexName: 'a_1_b_1', direction: 'backward' },
    })
    expect(await planOf(c.find({ a: 1 }).sort({ b: 1 }).explain())).toMatchObject({ stage: 'FETCH' })
  })

  it('pass over what is skipped, and count a document that has several keys once', async () => {
    const c = use().db.collection<{ _id: number; m?: number | number[] }>('skipped')
    await c.insertMany(Array.from({ length: 12_000 }, (_, i) => ({ _id: (i * 7) % 12_000 })))
    const next = { sort: { _id: 1 }, hint: '_id_', limit: 2 } as const
    const read = (options: Document): Promise<Document[]> => c.find({}, { ...next, ...options }).toArray()
    expect(ids(await read({ skip: 11_000 }))).toEqual([11_000, 11_001])
    expect(ids(await read({ skip: 11_999 }))).toEqual([11_999])
    expect(ids(await read({ skip: 12_000 }))).toEqual([])
    expect(ids(await read({ skip: 3, min: { _id: 10 }, max: { _id: 14 } }))).toEqual([13])
    expect(ids(await read({ skip: 11_998, sort: { _id: -1 } }))).toEqual([1, 0])
    await c.createIndex({ m: 1 }, { sparse: true })
    await c.updateOne({ _id: 3 }, { $set: { m: [1, 2, 9] } })
    await c.updateOne({ _id: 4 }, { $set: { m: 5 } })
    expect(ids(await c.find({}, { hint: 'm_1', skip: 1 }).toArray())).toEqual([4])
  })

  interface Row {
    _id: number
    a?: unknown
    b?: unknown
  }

  it('find and order the same documents as a scan and a sort in memory', async () => {
    const { db } = use()
    const value = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom(null, 'a', 'B', true))
    const document = fc.record({ a: value, b: value }, { requiredKeys: [] })
    const direction = fc.constantFrom(1 as const, -1 as const)
    let run = 0
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { maxLength: 12 }),
        fc.array(document, { minLength: 12, maxLength: 12 }),
        fc.constantFrom<Filter<Row>>(
          {},
          { a: 1 },
          { a: { $gte: 1 } },
          { _id: { $gte: 10, $lt: 30 } },
          { a: { $in: [2, 'a', 1] } },
        ),
        direction,
        fc.nat({ max: 5 }),
        fc.nat({ max: 5 }),
        async (keys, documents, filter, way, skip, limit) => {
          const [indexed, plain] = [db.collection<Row>(`i${run}`), db.collection<Row>(`p${run++}`)]
          const rows = keys.map((_id, i) => ({ _id, ...documents[i] }))
          await indexed.createIndex({ a: 1, b: -1, _id: 1 })
          if (rows.length > 0) await Promise.all([indexed.insertMany(rows), plain.insertMany(rows)])
          for (const sort of [{ _id: way }, { a: way, b: -way as 1 | -1, _id: way }]) {
            const read = (c: typeof plain, hint: Document): Promise<Document[]> =>
              c.find(filter, { sort, skip, limit, hint }).toArray()
            expect(await read(indexed, {})).toEqual(await read(plain, { $natural: 1 }))
          }
        },
      ),
      { numRuns: 25 },
    )
  })
})
