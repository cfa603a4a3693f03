import { Long, UUID, type ClientSession, type Document } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { useAccounts } from '../testing/accounts.ts'
import { rawCommand } from '../testing/raw-command.ts'
import { failureOf } from '../testing/test-server.ts'

describe('a transaction', () => {
  const { use, accounts } = useAccounts()

  it('is seen whole when it is committed, and not before', async () => {
    const { c, begin } = await accounts()
    const session = begin()
    await c.updateOne({ _id: 0 }, { $set: { a: 1 } }, { session })
    await c.insertOne({ _id: 10, a: 1 }, { session })
    await c.deleteOne({ _id: 2 }, { session })
    expect(await c.find({}, { session }).toArray()).toEqual([
      { _id: 0, a: 1 },
      { _id: 1, a: 0 },
      { _id: 10, a: 1 },
    ])
    expect(await c.countDocuments({ a: 1 }, { session })).toBe(2)
    expect(await c.find().toArray()).toEqual([0, 1, 2].map((_id) => ({ _id, a: 0 })))
    expect(await c.countDocuments()).toBe(3)
    expect(await c.estimatedDocumentCount()).toBe(3)
    expect(await c.findOne({ _id: 10 })).toBeNull()
    await session.commitTransaction()
    expect(await c.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 0, a: 1 },
      { _id: 1, a: 0 },
      { _id: 10, a: 1 },
    ])
    await session.endSession()
  })

  it('leaves nothing when it is aborted', async () => {
    const { c, begin } = await accounts()
    const session = begin()
    await c.updateMany({}, { $set: { a: 5 } }, { session })
    await c.insertOne({ _id: 9, a: 5 }, { session })
    await session.abortTransaction()
    expect(await c.find().toArray()).toEqual([0, 1, 2].map((_id) => ({ _id, a: 0 })))
    expect(await failureOf(c.findOne({}, { session: reopened(session) }))).toMatchObject({ code: 251 })
    await session.endSession()
  })

  /** The session as if the driver did not know that its transaction has ended. */
  function reopened(session: ClientSession): ClientSession {
    // The driver keeps this to itself.
    const { transaction } = session as unknown as { transaction: object }
    Object.assign(transaction, { state: 'TRANSACTION_IN_PROGRESS' })
    return session
  }

  it('is carried out by withTransaction, again when it conflicts', async () => {
    const { c } = await accounts()
    const { client } = use()
    await Promise.all(
      Array.from({ length: 10 }, () =>
        client.withSession((session) =>
          session.withTransaction(async () => {
            const found = await c.findOne({ _id: 0 }, { session })
            await c.updateOne({ _id: 0 }, { $set: { a: (found?.a ?? 0) + 1 } }, { session })
          }),
        ),
      ),
    )
    expect(await c.findOne({ _id: 0 })).toEqual({ _id: 0, a: 10 })
  })

  it('reads one snapshot: documents, counts, indexes, ranges of _id, groups and joins', async () => {
    const { c, begin } = await accounts(20)
    await c.createIndex({ a: 1 })
    const session = begin()
    const look = async () => ({
      all: await c.find({}, { session }).sort({ _id: 1 }).toArray(),
      some: await c
        .find({ a: { $gte: 0, $lt: 5 } }, { session })
        .sort({ a: 1, _id: 1 })
        .toArray(),
      back: await c.find({}, { session }).sort({ a: -1 }).limit(3).project({ a: 1 }).toArray(),
      range: await c
        .find({ _id: { $gt: 3, $lt: 9 } }, { session })
        .sort({ _id: -1 })
        .toArray(),
      one: await c.findOne({ _id: 5 }, { session }),
      count: await c.countDocuments({ a: 0 }, { session }),
      distinct: await c.distinct('a', {}, { session }),
      joined: await c
        .aggregate(
          [
            { $match: { _id: 1 } },
            { $lookup: { from: c.collectionName, localField: 'a', foreignField: 'a', as: 'same' } },
            { $project: { n: { $size: '$same' } } },
          ],
          { session },
        )
        .toArray(),
    })
    const before = await look()
    await c.updateMany({ _id: { $lt: 10 } }, { $set: { a: 3 } })
    await c.deleteMany({ _id: { $gte: 15 } })
    await c.insertMany([{ _id: 50, a: 0 }])
    await c.deleteOne({ _id: 4 })
    await c.insertOne({ _id: 4, a: 9 })
    expect(await look()).toEqual(before)
    expect(before).toMatchObject({ count: 20, distinct: [0], joined: [{ n: 20 }], one: { _id: 5, a: 0 } })
    await session.commitTransaction()
    expect(await c.countDocuments()).toBe(16)
    await session.endSession()
  })

  it('may be committed again, and not after it was aborted', async () => {
    const { c, begin } = await accounts()
    const session = begin()
    await c.updateOne({ _id: 0 }, { $inc: { a: 1 } }, { session })
    await session.commitTransaction()
    await session.commitTransaction()
    expect(await c.findOne({ _id: 0 })).toEqual({ _id: 0, a: 1 })
    await session.endSession()
  })

  it('is told by its cursors: they see it, and end with it', async () => {
    const { c, begin } = await accounts(20)
    const session = begin()
    await c.insertOne({ _id: 99, a: 0 }, { session })
    const cursor = c.find({}, { session, batchSize: 5 })
    await cursor.next()
    await c.deleteMany({ _id: { $lt: 20 } }, { session })
    expect(await cursor.toArray()).toHaveLength(20)
    const open = await use().db.command({ find: c.collectionName, batchSize: 0 }, { session, promoteLongs: false })
    const getMore = { getMore: open['cursor'].id as Long, collection: c.collectionName, lsid: session.id, $db: 'test' }
    expect(await rawCommand(use().server.port, getMore)).toMatchObject({ code: 50741 })
    await session.abortTransaction()
    expect(await rawCommand(use().server.port, getMore)).toMatchObject({ code: 43 })
    await session.endSession()
  })

  it('checks the numbers and fields of transactions as the server does', async () => {
    const { c } = await accounts()
    const { port } = use().server
    const lsid = { id: new UUID() }
    const send = (command: Document): Promise<Document> =>
      rawCommand(port, { ...command, $db: command['$db'] ?? 'test' })
    const find = (fields: Document): Promise<Document> => send({ find: c.collectionName, $db: 'test', ...fields })
    const five = { lsid, txnNumber: Long.fromNumber(5) }
    expect(await find({ txnNumber: Long.fromNumber(5) })).toMatchObject({ code: 72 })
    expect(await find(five)).toMatchObject({ code: 50768 })
    expect(await find({ lsid, txnNumber: 5 })).toMatchObject({ code: 14 })
    expect(await find({ lsid, txnNumber: Long.fromNumber(-1) })).toMatchObject({ code: 72 })
    expect(await find({ lsid, autocommit: false })).toMatchObject({ code: 72 })
    expect(await find({ lsid, startTransaction: true })).toMatchObject({ code: 72 })
    expect(await find({ ...five, startTransaction: true })).toMatchObject({ code: 72 })
    expect(await find({ ...five, autocommit: true })).toMatchObject({ code: 72 })
    expect(await find({ ...five, autocommit: false, startTransaction: false })).toMatchObject({ code: 72 })
    expect(await find({ ...five, autocommit: false })).toMatchObject({ code: 251 })
    const start = { find: c.collectionName, ...five, autocommit: false, startTransaction: true }
    expect(await send(start)).toMatchObject({ ok: 1 })
    expect(await send(start)).toMatchObject({ code: 50911 })
    const late = { ...five, autocommit: false, readConcern: { level: 'local' } }
    expect(await find(late)).toMatchObject({ code: 72 })
    expect(await find({ ...five, txnNumber: Long.fromNumber(4), autocommit: false })).toMatchObject({
      code: 225,
      codeName: 'TransactionTooOld',
    })
    const end = { ...five, autocommit: false, $db: 'admin' }
    expect(await send({ commitTransaction: 1, lsid, $db: 'admin' })).toMatchObject({ code: 72 })
    expect(await send({ commitTransaction: 1, ...end })).toMatchObject({ ok: 1 })
    expect(await send({ commitTransaction: 1, ...end })).toMatchObject({ ok: 1 })
    expect(await send({ abortTransaction: 1, ...end })).toMatchObject({ code: 256 })
    expect(await find({ ...five, autocommit: false })).toMatchObject({ code: 256, codeName: 'TransactionCommitted' })
    const six = { ...end, txnNumber: Long.fromNumber(6) }
    expect(await send({ commitTransaction: 1, ...six })).toMatchObject({
      code: 251,
      errorLabels: ['TransientTransactionError'],
    })
  })
})
