import { Long, MongoClient, UUID, type Document } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmbedded, type EmbeddedServer } from '../server.ts'
import { rawCommand } from '../testing/raw-command.ts'
import { failureOf } from '../testing/test-server.ts'
import { TRANSACTION_LIFE_MS } from './open-transactions.ts'

interface Item extends Document {
  _id: number
}

describe('the end of a transaction', () => {
  let now = Date.now()
  let server: EmbeddedServer
  let client: MongoClient
  beforeAll(async () => {
    server = await startEmbedded({ replicaSet: 'rs', clock: () => new Date(now) })
    client = new MongoClient(server.uri)
  })
  afterAll(async () => {
    await client.close()
    await server.close()
  })
  const items = () => client.db('test').collection<Item>('items')

  /** A statement of a transaction, sent on a connection of its own that is closed after it. */
  function statement(lsid: Document, number: number, command: Document, starts = false): Promise<Document> {
    const fields = { lsid, txnNumber: Long.fromNumber(number), autocommit: false, $db: 'test' }
    return rawCommand(server.port, { ...command, ...fields, ...(starts && { startTransaction: true }) })
  }
  const put = (_id: number): Document => ({ insert: 'items', documents: [{ _id }] })
  const commit = (lsid: Document, number: number): Promise<Document> =>
    rawCommand(server.port, {
      commitTransaction: 1,
      lsid,
      txnNumber: Long.fromNumber(number),
      autocommit: false,
      $db: 'admin',
    })
  const gone = { code: 251, codeName: 'NoSuchTransaction', errorLabels: ['TransientTransactionError'] }

  it('comes after 60 seconds by itself, and lets go what waited for it', async () => {
    const lsid = { id: new UUID() }
    expect(await statement(lsid, 1, put(1), true)).toMatchObject({ n: 1 })
    const waiting = items().insertOne({ _id: 1 })
    now += TRANSACTION_LIFE_MS - 1
    expect(await statement(lsid, 1, { find: 'items', filter: { _id: 1 } })).toHaveProperty('cursor.firstBatch.0')
    now += 1
    expect(await waiting).toMatchObject({ insertedId: 1 })
    expect(await commit(lsid, 1)).toMatchObject(gone)
  })

  it('does not come with the connection: the session goes on over another one', async () => {
    const lsid = { id: new UUID() }
    await statement(lsid, 1, put(2), true)
    await statement(lsid, 1, put(3))
    expect(await items().countDocuments({ _id: { $in: [2, 3] } })).toBe(0)
    expect(await commit(lsid, 1)).toMatchObject({ ok: 1 })
    expect(await items().countDocuments({ _id: { $in: [2, 3] } })).toBe(2)
  })

  it.each(['endSessions', 'killSessions'])('comes with %s', async (command) => {
    const lsid = { id: new UUID() }
    await statement(lsid, 1, put(4), true)
    expect(await rawCommand(server.port, { [command]: [lsid], $db: 'admin' })).toMatchObject({ ok: 1 })
    expect(await commit(lsid, 1)).toMatchObject(gone)
    expect(await items().countDocuments({ _id: 4 })).toBe(0)
  })

  it('comes with killSessions of all', async () => {
    const lsid = { id: new UUID() }
    await statement(lsid, 1, put(4), true)
    expect(await rawCommand(server.port, { killSessions: [], $db: 'admin' })).toMatchObject({ ok: 1 })
    expect(await commit(lsid, 1)).toMatchObject(gone)
  })

  it('comes with the next number of its session', async () => {
    const lsid = { id: new UUID() }
    await statement(lsid, 1, put(5), true)
    expect(await statement(lsid, 2, put(5), true)).toMatchObject({ n: 1 })
    expect(await commit(lsid, 1)).toMatchObject({ code: 225 })
    expect(await commit(lsid, 2)).toMatchObject({ ok: 1 })
    expect(await items().countDocuments({ _id: 5 })).toBe(1)
  })

  it('gives back the room of what it held', async () => {
    const small = await startEmbedded({ replicaSet: 'rs', maxDocuments: 3 })
    const other = new MongoClient(small.uri)
    const c = other.db('test').collection<Item>('c')
    await c.insertOne({ _id: 0 })
    for (const name of ['c', 'fresh']) {
      await other.withSession(async (session) => {
        session.startTransaction()
        const target = other.db('test').collection<Item>(name)
        await target.insertMany([{ _id: 1 }, { _id: 2 }], { session })
        expect(await failureOf(target.insertOne({ _id: 3 }, { session }))).toMatchObject({ code: 14031 })
      })
    }
    await other.withSession((session) =>
      session.withTransaction(async () => {
        await c.deleteOne({ _id: 0 }, { session })
        await c.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }], { session })
      }),
    )
    expect(await failureOf(c.insertOne({ _id: 4 }))).toMatchObject({ code: 14031 })
    expect(await c.countDocuments()).toBe(3)
    await other.close()
    await small.close()
  })

  it('leaves nothing of databases whose names differ in case only', async () => {
    await client.withSession(async (session) => {
      session.startTransaction()
      await client.db('Case').collection('a').insertOne({}, { session })
      expect(await failureOf(client.db('case').collection('a').insertOne({}, { session }))).toMatchObject({
        code: 13297,
      })
      await session.abortTransaction()
      session.startTransaction()
      await client.db('Case').collection('a').insertOne({}, { session })
      await client.db('case').collection('a').insertOne({})
      expect(await failureOf(session.commitTransaction())).toMatchObject({ code: 13297 })
      expect(await client.db('case').collection('a').countDocuments()).toBe(1)
    })
  })
})
