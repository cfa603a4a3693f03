import { type ClientSession } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { type Account, conflict, useAccounts } from '../testing/accounts.ts'
import { failureOf } from '../testing/test-server.ts'

describe('a transaction that meets others', () => {
  const { use, accounts, collectionOf, nextRound } = useAccounts()

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
    /** An _id that nothing has yet. */
    let fresh = 100
    const { c, begin } = await accounts()
    const writes: ((session: ClientSession) => Promise<unknown>)[] = [
      (session) => c.updateOne({ _id: 0 }, { $inc: { a: 1 } }, { session }),
      (session) => c.deleteOne({ _id: 0 }, { session }),
      (session) => c.findOneAndUpdate({ _id: 0 }, { $inc: { a: 1 } }, { session }),
      (session) => c.insertOne({ _id: fresh, a: 0 }, { session }),
      (session) => c.replaceOne({ _id: 1 }, { a: 7 }, { session }),
    ]
    for (const write of writes) {
      const session = begin()
      await c.findOne({ _id: 2 }, { session })
      await c.updateMany({}, { $inc: { a: 1 } })
      await c.insertOne({ _id: fresh, a: 0 })
      expect(await failureOf(write(session))).toMatchObject(conflict)
      await session.endSession()
      fresh += 1
    }
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
    const other = collectionOf(`other${nextRound()}`)
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
    const name = `made${nextRound()}`
    await db.createCollection(name, { session, validator: { a: { $type: 'int' } } })
    await db.collection(name).createIndex({ a: 1 }, { unique: true, session })
    await db.collection<Account>(name).insertOne({ _id: 1, a: 1 }, { session })
    const implicit = collectionOf(`implicit${nextRound()}`)
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
})
