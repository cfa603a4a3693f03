import type { Document } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { failureOf, useServer } from '../testing/test-server.ts'

interface Row {
  _id: number
  n: number
}

const COUNT = 500

describe('$out, $merge and count, with a turn of others after each document', () => {
  const use = useServer({ replicaSet: 'rs' }, {}, 0)
  let named = 0
  const filled = async () => {
    const c = use().db.collection<Row>(`c${named++}`)
    await c.insertMany(Array.from({ length: COUNT }, (_, _id) => ({ _id, n: 0 })))
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
  it('$out reads the state of the beginning and shows its result at once', async () => {
    const c = await filled()
    const target = use().db.collection<Row>(`${c.collectionName}-out`)
    await target.insertOne({ _id: -1, n: 0 })
    const out = c.aggregate([{ $out: target.collectionName }], { comment: 'out' }).toArray()
    await running('out')
    await c.updateMany({}, { $inc: { n: 1 } })
    expect([1, COUNT]).toContain(await target.countDocuments())
    await out
    expect(await target.countDocuments({ n: 0 })).toBe(COUNT)
  })

  it.each([
    ['an index was added', (name: string) => use().db.collection(name).createIndex({ n: 1 })],
    ['it was dropped', (name: string) => use().db.collection(name).drop()],
  ])('$out fails where its target was changed meanwhile (%s)', async (what, change) => {
    const c = await filled()
    const name = `${c.collectionName}-out`
    await use().db.collection<Row>(name).insertOne({ _id: -1, n: 0 })
    const out = failureOf(c.aggregate([{ $out: name }], { comment: what }).toArray())
    await running(what)
    await change(name)
    expect(await out).toMatchObject({ code: 28769 })
    expect(
      await use()
        .db.collection(name)
        .countDocuments({ _id: { $gte: 0 } as object }),
    ).toBe(0)
  })

  it('$out waits for a transaction that uses its target', async () => {
    const { client, db } = use()
    const c = await filled()
    const target = db.collection<Row>(`${c.collectionName}-out`)
    await target.insertOne({ _id: -1, n: 0 })
    const out = c.aggregate([{ $out: target.collectionName }], { comment: 'waits' }).toArray()
    await running('waits')
    await client.withSession((session) =>
      session.withTransaction(async () => {
        await target.updateOne({ _id: -1 }, { $inc: { n: 1 } }, { session })
        expect(await target.countDocuments({}, { session })).toBe(1)
      }),
    )
    await out
    expect(await target.countDocuments()).toBe(COUNT)
  })

  it('$merge applies each result once, also around a transaction that it waits for', async () => {
    const { client, db } = use()
    const c = await filled()
    const whenMatched = [{ $set: { n: { $add: ['$n', 1] } } }]
    const session = client.startSession()
    session.startTransaction()
    await c.updateOne({ _id: 100 }, { $inc: { n: 10 } }, { session })
    const merge = c.aggregate([{ $merge: { into: c.collectionName, whenMatched } }], { comment: 'merge' }).toArray()
    while ((await db.collection<Row>(c.collectionName).countDocuments({ n: 1 })) < 100);
    await session.commitTransaction()
    await merge
    expect(await c.countDocuments({ n: 1 })).toBe(COUNT - 1)
    expect(await c.findOne({ _id: 100 })).toMatchObject({ n: 11 })
    await session.endSession()
  })

  it('$merge fails with code 175 when its target is dropped meanwhile', async () => {
    const c = await filled()
    const into = `${c.collectionName}-into`
    const merge = failureOf(c.aggregate([{ $merge: { into } }], { comment: 'gone' }).toArray())
    await running('gone')
    await use().db.collection(into).drop()
    expect(await merge).toMatchObject({ code: 175 })
  })

  it('count counts what was there at the beginning', async () => {
    const c = await filled()
    const count = use().db.command({ count: c.collectionName, query: { n: 0 }, comment: 'count' })
    await running('count')
    await c.deleteMany({})
    expect(await count).toMatchObject({ n: COUNT })
  })
})

describe('$out that is killed', () => {
  const use = useServer({ maxDocuments: 2 * COUNT }, {}, 0)

  it('leaves no target, and gives the room of its result back', async () => {
    const { client, db } = use()
    const c = db.collection<Row>('source')
    await c.insertMany(Array.from({ length: COUNT }, (_, _id) => ({ _id, n: 0 })))
    for (const comment of ['first', 'second', 'third']) {
      const out = failureOf(c.aggregate([{ $out: 'target' }], { comment }).toArray())
      let operation: Document | undefined
      while (operation === undefined) {
        const { inprog } = await client.db('admin').command({ currentOp: 1 })
        operation = (inprog as Document[]).find((each) => each['comment'] === comment)
      }
      await client.db('admin').command({ killOp: 1, op: operation['opid'] })
      expect(await out).toMatchObject({ code: 11601 })
      expect(await db.listCollections({ name: 'target' }).toArray()).toEqual([])
    }
    await c.aggregate([{ $out: 'target' }]).toArray()
    expect(await db.collection('target').countDocuments()).toBe(COUNT)
  })
})
