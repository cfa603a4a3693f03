import { Long, MongoClient, UUID, type ClientSession, type Document } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { rawCommand } from '../testing/raw-command.ts'
import { failureOf, useServer } from '../testing/test-server.ts'

interface Account extends Document {
  _id: number
  a: number
}

describe('a replica set of one', () => {
  const use = useServer({ replicaSet: 'rs' })

  it('tells what it is, and the driver takes it for a primary, with directConnection too', async () => {
    const { client, db, server } = use()
    const hello = await db.command({ hello: 1 })
    const me = `127.0.0.1:${server.port}`
    expect(hello).toMatchObject({
      setName: 'rs',
      setVersion: 1,
      hosts: [me],
      primary: me,
      me,
      secondary: false,
      isWritablePrimary: true,
    })
    expect(hello).toHaveProperty('electionId')
    expect(hello).toHaveProperty('lastWrite.opTime.ts')
    expect(hello).not.toHaveProperty('topologyVersion')
    const direct = new MongoClient(`mongodb://${me}/?directConnection=true`)
    expect(await direct.db('d').collection('c').insertOne({})).toMatchObject({ acknowledged: true })
    await direct.close()
    const status = await client.db('admin').command({ replSetGetStatus: 1 })
    expect(status).toMatchObject({ set: 'rs', myState: 1, members: [{ name: me, stateStr: 'PRIMARY', self: true }] })
    expect(await client.db('admin').command({ replSetGetConfig: 1 })).toMatchObject({ config: { _id: 'rs' } })
  })

  it('tells its time in every reply, and the time goes on with every write', async () => {
    const { db } = use()
    const before = await db.command({ ping: 1 })
    expect(before).toHaveProperty('$clusterTime.signature.keyId')
    await db.command({ insert: 'times', documents: [{}] })
    const after = await db.command({ find: 'times' })
    expect(after['operationTime'].compare(before['operationTime'])).toBe(1)
    const refused = await failureOf(db.command({ find: 'times', colour: 1 }))
    expect(refused).toHaveProperty('operationTime')
  })

  it('reads with every level, and writes with majority', async () => {
    const { db, client } = use()
    const c = db.collection('levels')
    await c.insertOne({ a: 1 }, { writeConcern: { w: 'majority', j: true } })
    for (const level of ['local', 'available', 'majority', 'linearizable', 'snapshot'] as const) {
      expect(await c.find({}, { readConcern: { level } }).toArray()).toHaveLength(1)
    }
    await client.withSession({ causalConsistency: true }, async (session) => {
      await c.insertOne({ a: 2 }, { session })
      expect(await c.find({}, { session }).toArray()).toHaveLength(2)
    })
    expect(await failureOf(db.command({ insert: 'levels', documents: [{}], writeConcern: { w: 2 } }))).toMatchObject({
      code: 100,
    })
    expect(await failureOf(db.command({ insert: 'levels', documents: [{}], writeConcern: { w: 'x' } }))).toMatchObject({
      code: 79,
    })
  })

  it('serves a snapshot session while nothing was written, and refuses an older time with 239', async () => {
    const { db, client } = use()
    const c = db.collection('older')
    await c.insertOne({ a: 1 })
    const session = client.startSession({ snapshot: true })
    expect(await c.find({}, { session }).toArray()).toHaveLength(1)
    expect(await c.distinct('a', {}, { session })).toEqual([1])
    await c.insertOne({ a: 2 })
    expect(await failureOf(c.find({}, { session }).toArray())).toMatchObject({ code: 239, codeName: 'SnapshotTooOld' })
    await session.endSession()
  })

  it('refuses change streams, and says that it is not for want of a replica set', async () => {
    expect(await failureOf(use().db.collection('t').watch().next())).toMatchObject({ code: 115 })
  })
})

describe('a transaction', () => {
  const use = useServer({ replicaSet: 'rs' }, { retryWrites: true })
  let round = 0

  async function accounts(count = 3): Promise<{
    readonly c: ReturnType<typeof collectionOf>
    readonly begin: () => ClientSession
  }> {
    const c = collectionOf(`accounts${round++}`)
    await c.insertMany(Array.from({ length: count }, (_, _id) => ({ _id, a: 0 })))
    return { c, begin }
  }
  const collectionOf = (name: string) => use().db.collection<Account>(name)
  const begin = (): ClientSession => {
    const session = use().client.startSession()
    session.startTransaction()
    return session
  }
  const conflict = { code: 112, codeName: 'WriteConflict', errorLabels: ['TransientTransactionError'] }

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

  it('conflicts with another open one on the same document, at once', async () => {
    const { c, begin } = await accounts()
    const [one, two] = [begin(), begin()]
    await c.updateOne({ _id: 0 }, { $inc: { a: 1 } }, { session: one })
    expect(await failureOf(c.updateOne({ _id: 0 }, { $inc: { a: 1 } }, { session: two }))).toMatchObject(conflict)
    expect(await failureOf(c.findOne({}, { session: two }))).toMatchObject({
      code: 251,
      errorLabels: ['TransientTransactionError'],
    })
    await one.commitTransaction()
    expect(await c.findOne({ _id: 0 })).toEqual({ _id: 0, a: 1 })
    await Promise.all([one.endSession(), two.endSession()])
  })

  it('conflicts with what was committed after its snapshot, for each kind of write', async () => {
    const { c, begin } = await accounts()
    const writes: ((session: ClientSession) => Promise<unknown>)[] = [
      (session) => c.updateOne({ _id: 0 }, { $inc: { a: 1 } }, { session }),
      (session) => c.deleteOne({ _id: 0 }, { session }),
      (session) => c.findOneAndUpdate({ _id: 0 }, { $inc: { a: 1 } }, { session }),
      (session) => c.insertOne({ _id: 100 + round, a: 0 }, { session }),
      (session) => c.replaceOne({ _id: 1 }, { a: 7 }, { session }),
    ]
    for (const write of writes) {
      const session = begin()
      await c.findOne({ _id: 2 }, { session })
      await c.updateMany({}, { $inc: { a: 1 } })
      await c.insertOne({ _id: 100 + round, a: 0 })
      expect(await failureOf(write(session))).toMatchObject(conflict)
      await session.endSession()
      round++
    }
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

  it('keeps unique values unique, between transactions and beside them', async () => {
    const { c, begin } = await accounts(0 + 1)
    await c.createIndex({ a: 1 }, { unique: true })
    const [one, two] = [begin(), begin()]
    await c.insertOne({ _id: 1, a: 1 }, { session: one })
    expect(await failureOf(c.insertOne({ _id: 2, a: 1 }, { session: two }))).toMatchObject(conflict)
    // Its own duplicate is one, and ends the transaction.
    expect(await failureOf(c.insertOne({ _id: 3, a: 1 }, { session: one }))).toMatchObject({ code: 11000 })
    expect(await failureOf(one.commitTransaction())).toMatchObject({ code: 251 })
    const three = begin()
    await c.findOne({}, { session: three })
    await c.insertOne({ _id: 4, a: 4 })
    expect(await failureOf(c.insertOne({ _id: 5, a: 4 }, { session: three }))).toMatchObject(conflict)
    const four = begin()
    await c.updateOne({ _id: 4 }, { $set: { a: 5 } }, { session: four })
    await c.updateOne({ _id: 0 }, { $set: { a: 4 } }, { session: four })
    await c.updateOne({ _id: 4 }, { $set: { a: 0 } }, { session: four })
    await four.commitTransaction()
    expect(await c.find({ a: 0 }).toArray()).toEqual([{ _id: 4, a: 0 }])
    expect(await c.find({ a: 4 }).toArray()).toEqual([{ _id: 0, a: 4 }])
    expect(await failureOf(c.insertOne({ _id: 6, a: 4 }))).toMatchObject({ code: 11000 })
    await c.insertOne({ _id: 6, a: 5 })
    await Promise.all([one, two, three, four].map((session) => session.endSession()))
  })

  it('makes a plain write wait, and neither is lost', async () => {
    const { c, begin } = await accounts()
    const session = begin()
    await c.updateOne({ _id: 1 }, { $inc: { a: 1 } }, { session })
    const plain = c.bulkWrite([
      { updateOne: { filter: { _id: 0 }, update: { $inc: { a: 10 } } } },
      { updateMany: { filter: {}, update: { $inc: { a: 10 } } } },
      { insertOne: { document: { _id: 7, a: 7 } } },
    ])
    const limited = failureOf(
      use().db.command({ delete: c.collectionName, deletes: [{ q: { _id: 1 }, limit: 0 }], maxTimeMS: 50 }),
    )
    expect(await limited).toMatchObject({ code: 50 })
    // What waits has done what it came by before: the first statement, and one document of the second.
    expect(await c.find({ a: { $gte: 10 } }).toArray()).toEqual([{ _id: 0, a: 20 }])
    await session.commitTransaction()
    expect(await plain).toMatchObject({ matchedCount: 4, modifiedCount: 4, insertedCount: 1 })
    expect(await c.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 0, a: 20 },
      { _id: 1, a: 11 },
      { _id: 2, a: 10 },
      { _id: 7, a: 7 },
    ])
    await session.endSession()
  })

  it('makes plain unique values wait for its own', async () => {
    const { c, begin } = await accounts(2)
    await c.updateOne({ _id: 1 }, { $set: { a: 1 } })
    await c.createIndex({ a: 1 }, { unique: true })
    const session = begin()
    await c.insertOne({ _id: 5, a: 5 }, { session })
    await c.deleteOne({ _id: 1 }, { session })
    const taken = failureOf(c.insertOne({ _id: 6, a: 5 }))
    const sameId = failureOf(c.insertOne({ _id: 5, a: 6 }))
    const freed = c.insertOne({ _id: 7, a: 1 })
    await c.insertOne({ _id: 8, a: 8 })
    await session.commitTransaction()
    expect(await taken).toMatchObject({ code: 11000 })
    expect(await sameId).toMatchObject({ code: 11000 })
    expect(await freed).toMatchObject({ insertedId: 7 })
    await session.endSession()
  })

  it('makes changes of a collection that it uses wait, and is told to try again after those of others', async () => {
    const { c, begin } = await accounts()
    const other = collectionOf(`other${round++}`)
    const session = begin()
    await c.findOne({}, { session })
    const dropped = c.drop()
    const index = failureOf(
      use().db.command({ createIndexes: c.collectionName, indexes: [{ key: { a: 1 }, name: 'a' }], maxTimeMS: 20 }),
    )
    expect(await index).toMatchObject({ code: 50 })
    await other.insertOne({ _id: 1, a: 1 })
    expect(await failureOf(other.findOne({}, { session }))).toMatchObject({
      code: 246,
      errorLabels: ['TransientTransactionError'],
    })
    // The failure has ended the transaction: what waited goes on.
    expect(await dropped).toBe(true)
    await session.endSession()
  })

  it('makes collections and indexes of its own, and refuses everything else of that kind', async () => {
    const { c, begin } = await accounts()
    const { db } = use()
    const session = begin()
    const name = `made${round++}`
    await db.createCollection(name, { session, validator: { a: { $type: 'int' } } })
    await db.collection(name).createIndex({ a: 1 }, { unique: true, session })
    await db.collection<Account>(name).insertOne({ _id: 1, a: 1 }, { session })
    const implicit = collectionOf(`implicit${round++}`)
    await implicit.insertOne({ _id: 1, a: 1 }, { session })
    expect(await implicit.find({}, { session }).toArray()).toHaveLength(1)
    expect(await db.listCollections({ name }).toArray()).toEqual([])
    await session.commitTransaction()
    expect(await db.collection(name).indexes()).toHaveLength(2)
    expect(await failureOf(db.collection<Account>(name).insertOne({ _id: 2, a: 1 }))).toMatchObject({ code: 11000 })
    expect(await failureOf(db.collection(name).insertOne({ a: 'x' }))).toMatchObject({ code: 121 })
    expect(await implicit.countDocuments()).toBe(1)

    const refused: ((session: ClientSession) => Promise<unknown>)[] = [
      (session) => c.drop({ session }),
      (session) => db.command({ collMod: c.collectionName, validator: {} }, { session }),
      (session) => db.command({ dropIndexes: c.collectionName, index: '*' }, { session }),
      (session) => c.createIndex({ a: 1 }, { session }),
      (session) => c.aggregate([{ $out: 'x' }], { session }).toArray(),
      (session) => c.aggregate([{ $merge: 'x' }], { session }).toArray(),
      (session) => c.aggregate([{ $indexStats: {} }], { session }).toArray(),
      (session) => db.command({ count: c.collectionName }, { session }),
      (session) => db.command({ ping: 1 }, { session }),
      (session) => use().client.db('local').collection('x').insertOne({}, { session }),
    ]
    for (const run of refused) {
      const fresh = begin()
      expect(await failureOf(run(fresh)), run.toString()).toMatchObject({ code: 263 })
      await fresh.endSession()
    }
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
