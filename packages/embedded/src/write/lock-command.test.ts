import { Binary, BSON, Decimal128, Double, Int32, Long, ObjectId, Timestamp, type Document } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { failureOf, useServer } from '../testing/test-server.ts'

describe('writes', () => {
  const use = useServer()

  it('take a lease with one findOneAndUpdate, judged by the clock of the server', async () => {
    const c = use().db.collection<{ _id: string; token?: number; lease_end?: Date }>('lock')
    const claim = (token: number, ms: number): Promise<Document | null> =>
      c.findOneAndUpdate(
        { _id: 'lock' },
        [
          { $set: { free: { $lte: [{ $ifNull: ['$lease_end', new Date(0)] }, '$$NOW'] } } },
          {
            $set: {
              token: { $cond: ['$free', token, '$token'] },
              lease_end: { $cond: ['$free', { $add: ['$$NOW', ms] }, '$lease_end'] },
            },
          },
          { $unset: 'free' },
        ],
        { upsert: true, returnDocument: 'after' },
      )
    expect(await claim(1, 60_000)).toMatchObject({ _id: 'lock', token: 1 })
    expect(await claim(2, 60_000)).toMatchObject({ token: 1 })
    await c.updateOne({ _id: 'lock', token: 1 }, { $set: { lease_end: new Date(0) } })
    expect(await claim(3, 60_000)).toMatchObject({ token: 3 })
    const withExpr = c.findOneAndUpdate(
      { _id: 'lock', $expr: { $lt: ['$lease_end', '$$NOW'] } },
      { $set: { token: 9 } },
      { upsert: true },
    )
    expect(await failureOf(withExpr)).toMatchObject({ code: 224, codeName: 'QueryFeatureNotAllowed' })
  })

  it('keep every type and the order of fields, with _id in front', async () => {
    const { db } = use()
    const document = {
      10: new Int32(1),
      9: new Double(1),
      long: Long.fromString('9007199254740993'),
      decimal: Decimal128.fromString('1.10'),
      date: new Date(0),
      binary: new Binary(Buffer.from('abc')),
      stamp: new Timestamp({ t: 1, i: 2 }),
      list: [new Double(2), null, 'x'],
      _id: new ObjectId('650000000000000000000001'),
    }
    await db.collection('types').insertOne(document)
    const [raw] = await db.collection('types').find({}, { raw: true }).toArray()
    expect(
      BSON.EJSON.stringify(BSON.deserialize(raw as unknown as Uint8Array, { promoteValues: false }), {
        relaxed: false,
      }),
    ).toContain('"list":[{"$numberDouble":"2.0"},null,"x"]')
    const { _id, ...rest } = document
    expect(BSON.deserialize(raw as unknown as Uint8Array, { promoteValues: false })).toEqual(
      BSON.deserialize(BSON.serialize({ _id, ...rest }), { promoteValues: false }),
    )
    expect((raw as unknown as Uint8Array)[4]).toBe(0x07)
  })

  it('report each failure at its place, ordered and unordered', async () => {
    const { db } = use()
    const insert = (ordered: boolean, name: string): Promise<Document> =>
      db.command({ insert: name, documents: [{ _id: 1 }, { _id: 1 }, { _id: 2 }, { _id: 2 }], ordered })
    expect(await insert(true, 'ordered')).toMatchObject({ n: 1, writeErrors: [{ index: 1, code: 11000 }] })
    expect(await insert(false, 'unordered')).toMatchObject({
      n: 2,
      writeErrors: [{ index: 1 }, { index: 3, keyPattern: { _id: 1 }, keyValue: { _id: 2 } }],
    })
    expect(await failureOf(db.command({ insert: 'x', documents: [] }))).toMatchObject({ code: 16 })
  })

  it.for([
    [{ _id: [1] }, 53],
    [{ _id: /x/ }, 53],
    [{ _id: { $a: 1 } }, 52],
  ] as const)('refuse the document %j with code %i', async ([document, code]) => {
    expect(await use().db.command({ insert: 'ids', documents: [document] })).toMatchObject({
      n: 0,
      writeErrors: [{ code }],
    })
  })

  it.for([
    [
      {
        delete: 'shape',
        deletes: [
          { q: {}, limit: 1 },
          { q: {}, limit: 2 },
        ],
      },
      9,
    ],
    [{ delete: 'shape', deletes: [{ q: {}, limit: 1 }, { q: {} }] }, 40414],
    [
      {
        delete: 'shape',
        deletes: [
          { q: {}, limit: 1 },
          { q: {}, limit: 1, colour: 1 },
        ],
      },
      40415,
    ],
    [
      {
        update: 'shape',
        updates: [
          { q: {}, u: { a: 1 } },
          { q: {}, u: { a: 1 }, colour: 1 },
        ],
      },
      40415,
    ],
    [{ update: 'shape', updates: [{ q: {}, u: { a: 1 } }, { q: {} }] }, 40414],
  ] as const)('write nothing of a command with a wrong part: %j is %i', async ([command, code]) => {
    const { db } = use()
    const c = db.collection<{ _id: number }>('shape')
    await c.replaceOne({ _id: 1 }, {}, { upsert: true })
    expect(await failureOf(db.command(command))).toMatchObject({ code })
    expect(await c.find().toArray()).toEqual([{ _id: 1 }])
  })

  it('refuse documents above 16 MB and above 100 levels', async () => {
    const { db } = use()
    const c = db.collection<{ _id: number; a?: unknown }>('limits')
    await c.insertOne({ _id: 1, a: 'x'.repeat(9_000_000) })
    expect(await failureOf(c.updateOne({ _id: 1 }, [{ $set: { b: '$a' } }]))).toMatchObject({ code: 17419 })
    let deep: unknown = 1
    for (let i = 0; i < 101; i++) deep = { a: deep }
    expect(await failureOf(c.insertOne({ _id: 2, a: deep }))).toMatchObject({ code: 15 })
    expect(await c.countDocuments()).toBe(1)
  })

  it('count what matched and what changed, and tell what an upsert made', async () => {
    const c = use().db.collection<{ _id: number; a?: number }>('counts')
    await c.insertMany([
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ])
    expect(await c.updateMany({}, { $set: { a: 1 } })).toMatchObject({ matchedCount: 2, modifiedCount: 1 })
    expect(await c.updateOne({ _id: 3 }, { $set: { a: 3 } }, { upsert: true })).toMatchObject({
      upsertedId: 3,
      upsertedCount: 1,
      matchedCount: 0,
    })
    expect(await c.replaceOne({ _id: 3 }, { a: 4 })).toMatchObject({ modifiedCount: 1 })
    expect(await failureOf(c.updateOne({ _id: 3 }, { $set: { _id: 4 } }))).toMatchObject({ code: 66 })
    expect(
      await failureOf(
        use()
          .db.command({ update: 'counts', updates: [{ q: {}, u: { a: 1 }, multi: true }] })
          .then((r) => Promise.reject({ ...r['writeErrors'][0] })),
      ),
    ).toMatchObject({ code: 9 })
    expect(await c.findOneAndDelete({ _id: 3 }, { includeResultMetadata: true })).toMatchObject({
      value: { _id: 3, a: 4 },
      lastErrorObject: { n: 1 },
    })
    expect(await c.deleteMany({ a: 1 })).toMatchObject({ deletedCount: 2 })
    expect(await c.distinct('a')).toEqual([])
    expect(await c.estimatedDocumentCount()).toBe(0)
  })
})
