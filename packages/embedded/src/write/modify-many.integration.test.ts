import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Document } from 'mongodb'
import { isDeep } from '@stage0/testkit'
import { failureOf, useServer } from '../testing/test-server.ts'

interface Row {
  _id: number
  n: number
  bucket?: number
}

const rows = (count: number): Row[] => Array.from({ length: count }, (_, _id) => ({ _id, n: 0, bucket: _id % 10 }))
const RUNS = isDeep ? 200 : 8

describe('an update of many documents', () => {
  const use = useServer()

  it('lets other clients have their turn, and is shown while it runs', async () => {
    const { db, client } = use()
    const many = db.collection<Row>('many')
    await many.insertMany(rows(30_000))
    const other = db.collection<Row>('other')
    await other.insertOne({ _id: 1, n: 0 })
    let isDone = false
    const update = many
      .updateMany({}, { $inc: { n: 1 } }, { comment: 'the long one' })
      .finally(() => void (isDone = true))
    let turns = 0
    let shown: Document | undefined
    while (!isDone) {
      await other.updateOne({ _id: 1 }, { $inc: { n: 1 } })
      turns++
      const { inprog } = await client.db('admin').command({ currentOp: 1 })
      shown ??= (inprog as Document[]).find(({ comment }) => comment === 'the long one')
    }
    expect(await update).toMatchObject({ matchedCount: 30_000, modifiedCount: 30_000 })
    expect(turns).toBeGreaterThan(5)
    expect(shown).toMatchObject({ ns: 'test.many', active: true, command: { update: 'many' } })
    expect(await many.countDocuments({ n: 1 })).toBe(30_000)
  })
})

describe.each([
  ['on a standalone', {}],
  ['on a replica set', { replicaSet: 'rs' }],
])('a write of many documents that stops after each of them, %s', (_, options) => {
  const use = useServer(options, {}, 0)
  let named = 0
  const filled = async (count: number) => {
    const c = use().db.collection<Row>(`c${named++}`)
    await c.insertMany(rows(count))
    return c
  }
  const running = async (comment: string): Promise<Document> => {
    for (;;) {
      const [found] = await use()
        .client.db('admin')
        .aggregate([{ $currentOp: { allUsers: true } }, { $match: { comment } }])
        .toArray()
      if (found !== undefined) return found
    }
  }

  it('never meets a document twice that its own update moves along the index', async () => {
    const c = await filled(500)
    await c.createIndex({ n: 1 })
    await c.updateMany({ n: { $lt: 3 } }, { $inc: { n: 1 } }, { hint: 'n_1' })
    expect(await c.countDocuments({ n: 1 })).toBe(500)
  })

  it('updates every document once that is there throughout, whatever others do', async () => {
    const act = fc.oneof(
      fc.record({ kind: fc.constant('insert' as const), at: fc.nat(99) }),
      fc.record({ kind: fc.constant('remove' as const), at: fc.nat(99) }),
      fc.record({ kind: fc.constant('move' as const), at: fc.nat(99) }),
      fc.record({ kind: fc.constant('again' as const), at: fc.nat(99) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 30 }), fc.boolean(), async (acts, byIndex) => {
        const c = await filled(100)
        await c.createIndex({ bucket: 1 })
        const filter = byIndex ? { bucket: { $lt: 5 } } : { n: { $gte: 0 }, bucket: { $lt: 5 } }
        const update = c.updateMany(filter, { $inc: { n: 1 } })
        const touched = new Set<number>()
        for (const [i, { kind, at }] of acts.entries()) {
          if (kind === 'insert') await c.insertOne({ _id: 1000 + i, n: 0, bucket: at % 10 })
          else touched.add(at)
          if (kind === 'remove' || kind === 'again') await c.deleteOne({ _id: at })
          if (kind === 'again') await c.insertOne({ _id: at, n: 0, bucket: at % 10 })
          if (kind === 'move') await c.updateOne({ _id: at }, { $set: { bucket: 9 } })
        }
        const { matchedCount, modifiedCount } = await update
        const after = await c.find().toArray()
        for (const { _id, n, bucket } of after) {
          if (_id < 100 && !touched.has(_id))
            expect([_id, n]).toEqual([_id, bucket !== undefined && bucket < 5 ? 1 : 0])
          else expect(n).toBeLessThanOrEqual(1)
        }
        expect(modifiedCount).toBe(matchedCount)
        await c.drop()
      }),
      { numRuns: RUNS },
    )
  })

  it('removes what is there throughout and still matches, and tells how many', async () => {
    const c = await filled(300)
    const removal = c.deleteMany({ bucket: { $lt: 5 } })
    await c.insertOne({ _id: 1000, n: 0, bucket: 9 })
    const { modifiedCount } = await c.updateOne({ _id: 294, bucket: 4 }, { $set: { bucket: 9 } })
    expect(await removal).toMatchObject({ deletedCount: 150 - modifiedCount })
    expect(await c.countDocuments()).toBe(151 + modifiedCount)
    expect(await c.countDocuments({ bucket: { $lt: 5 } })).toBe(0)
  })

  it.each([
    ['dropped', (c: string) => use().db.dropCollection(c)],
    ['renamed', (c: string) => use().db.renameCollection(c, `${c}-later`)],
  ])('fails with code 175 when the collection is %s meanwhile', async (what, change) => {
    const c = await filled(1000)
    const update = failureOf(c.updateMany({}, { $inc: { n: 1 } }, { comment: what }))
    await running(what)
    await change(c.collectionName)
    expect(await update).toMatchObject({ code: 175 })
    expect(await use().db.collection(c.collectionName).countDocuments()).toBe(0)
  })

  it('is ended by killOp, and keeps what it did', async () => {
    const c = await filled(1000)
    const update = failureOf(c.updateMany({}, { $inc: { n: 1 } }, { comment: 'kill me' }))
    const { opid, numYields } = await running('kill me')
    await use().client.db('admin').command({ killOp: 1, op: opid })
    expect(await update).toMatchObject({ code: 11601, codeName: 'Interrupted' })
    const done = await c.countDocuments({ n: 1 })
    expect(done).toBeGreaterThanOrEqual(numYields as number)
    expect(done).toBeLessThan(1000)
  })

  it('is ended by killSessions', async () => {
    const c = await filled(1000)
    const update = failureOf(c.deleteMany({}, { comment: 'end me' }))
    const { lsid } = await running('end me')
    await use()
      .client.db('admin')
      .command({ killSessions: [lsid] })
    expect(await update).toMatchObject({ code: 11601 })
  })

  it('fails with code 50 when its time is over', async () => {
    const c = await filled(1000)
    expect(await failureOf(c.updateMany({}, { $inc: { n: 1 } }, { maxTimeMS: 1 }))).toMatchObject({ code: 50 })
    expect(await c.countDocuments({ n: 1 })).toBeLessThan(1000)
  })

  it('keeps what it did before a document that fails, and counts nothing of the statement', async () => {
    const c = await filled(20)
    await c.createIndex({ n: 1 }, { unique: true, partialFilterExpression: { n: { $gt: 0 } } })
    const reply = await use().db.command({
      update: c.collectionName,
      updates: [
        { q: { _id: 19 }, u: { $set: { n: 5 } } },
        {
          q: { _id: { $lt: 10 } },
          u: [{ $set: { n: { $cond: [{ $eq: ['$_id', 4] }, 5, { $add: ['$_id', 10] }] } } }],
          multi: true,
        },
      ],
    })
    expect(reply).toMatchObject({ n: 1, nModified: 1, writeErrors: [{ index: 1, code: 11000 }] })
    expect(
      await c
        .find({ n: { $gt: 0 } })
        .sort({ _id: 1 })
        .map(({ _id }) => _id)
        .toArray(),
    ).toEqual([0, 1, 2, 3, 19])
  })

  it('goes on with the next statement in a collection that was made anew', async () => {
    const c = await filled(2000)
    const name = c.collectionName
    const bulk = use().db.command({
      update: name,
      updates: [
        { q: {}, u: { $inc: { n: 1 } }, multi: true },
        { q: { _id: 1 }, u: { $inc: { n: 1 } } },
      ],
      ordered: false,
      comment: 'anew',
    })
    await running('anew')
    await c.drop()
    await use().db.collection<Row>(name).insertOne({ _id: 1, n: 7 })
    const reply = await bulk
    expect(reply).toMatchObject({ writeErrors: [{ index: 0, code: 175 }] })
    expect(await use().db.collection<Row>(name).find().toArray()).toEqual([{ _id: 1, n: 7 + (reply.n as number) }])
  })

  it('inserts the documents of one command into a collection that is dropped meanwhile', async () => {
    const c = await filled(1)
    const insert = use().db.command({ insert: c.collectionName, documents: rows(2000).slice(1), comment: 'drop it' })
    await running('drop it')
    await c.drop()
    expect(await insert).toMatchObject({ n: 1999 })
    const left = await use().db.collection<Row>(c.collectionName).find().toArray()
    expect(left.at(-1)?._id).toBe(1999)
  })
})

describe('beside transactions, a write of many documents that stops after each of them', () => {
  const use = useServer({ replicaSet: 'rs' }, {}, 0)

  it('leaves their snapshot alone, waits for what they wrote, and makes them conflict where it was first', async () => {
    const { client, db } = use()
    const c = db.collection<Row>('accounts')
    await c.insertMany(rows(200))
    const update = c.updateMany({}, { $inc: { n: 1 } })
    // A look at one document takes no turns.
    while ((await c.findOne({ _id: 0 }))?.n === 0);
    const session = client.startSession()
    session.startTransaction()
    const seen = await c.countDocuments({ n: 1 }, { session })
    expect(seen).toBeLessThan(200)
    await c.updateOne({ _id: 199 }, { $inc: { n: 10 } }, { session })
    while ((await c.countDocuments({ n: 1 })) < 199);
    expect(await c.countDocuments({ n: 1 }, { session })).toBe(seen)
    expect(await failureOf(c.updateOne({ _id: 198 }, { $inc: { n: 1 } }, { session }))).toMatchObject({ code: 112 })
    await session.endSession()
    expect(await update).toMatchObject({ modifiedCount: 200 })
    const again = client.startSession()
    again.startTransaction()
    await c.updateOne({ _id: 199 }, { $inc: { n: 10 } }, { session: again })
    const second = c.updateMany({ n: 1 }, { $inc: { n: 1 } })
    while ((await c.countDocuments({ n: 2 })) < 199);
    await again.commitTransaction()
    // The document that it waited for does not match any more.
    expect(await second).toMatchObject({ matchedCount: 199 })
    expect(await c.findOne({ _id: 199 })).toMatchObject({ n: 11 })
    await again.endSession()
  })
  it('can be ended by killOp while it waits for one', async () => {
    const { client, db } = use()
    const c = db.collection<Row>('waiting')
    await c.insertMany(rows(3))
    const session = client.startSession()
    session.startTransaction()
    await c.updateOne({ _id: 1 }, { $inc: { n: 10 } }, { session })
    const update = failureOf(c.updateMany({}, { $inc: { n: 1 } }, { comment: 'waits' }))
    while ((await c.countDocuments({ n: 1 })) === 0);
    const { inprog } = await client.db('admin').command({ currentOp: 1 })
    const waiting = (inprog as Document[]).find(({ comment }) => comment === 'waits')
    await client.db('admin').command({ killOp: 1, op: waiting?.['opid'] as number })
    expect(await update).toMatchObject({ code: 11601 })
    await session.commitTransaction()
    expect(
      await c
        .find()
        .map(({ n }) => n)
        .toArray(),
    ).toEqual([1, 10, 0])
    await session.endSession()
  })
})
