import { Long, MongoClient, UUID, type Document } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { cuttingProxy } from '../testing/cutting-proxy.ts'
import { rawCommand } from '../testing/raw-command.ts'
import { useServer } from '../testing/test-server.ts'

describe('a retryable write', () => {
  const use = useServer({ replicaSet: 'rs' })
  const lsid = { id: new UUID() }
  let number = 0

  /** Sends a write twice as a client does that lost the first reply. */
  async function twice(command: Document): Promise<readonly [Document, Document]> {
    const { port } = use().server
    const whole = { ...command, $db: 'test', lsid, txnNumber: Long.fromNumber(++number) }
    return [await rawCommand(port, whole), await rawCommand(port, whole)]
  }

  it('is carried out once when it is sent twice: insert', async () => {
    const [first, second] = await twice({ insert: 'i', documents: [{ _id: 1 }, { _id: 2 }] })
    expect(first).toMatchObject({ n: 2, ok: 1 })
    expect(first).not.toHaveProperty('retriedStmtIds')
    expect(second).toMatchObject({ n: 2, ok: 1, retriedStmtIds: [0, 1] })
    expect(second).not.toHaveProperty('writeErrors')
  })

  it('is carried out once when it is sent twice: update, upsert and delete of one', async () => {
    const { db } = use()
    const c = db.collection<{ _id: number; a: number }>('u')
    await c.insertMany([1, 2, 3].map((_id) => ({ _id, a: 0 })))
    const [first, second] = await twice({
      update: 'u',
      updates: [
        { q: { _id: 1 }, u: { $inc: { a: 1 } } },
        { q: { _id: 9 }, u: { $inc: { a: 1 } }, upsert: true },
      ],
    })
    expect(first).toMatchObject({ n: 2, nModified: 1, upserted: [{ index: 1, _id: 9 }] })
    expect(second).toMatchObject({ n: 2, nModified: 1, upserted: [{ index: 1, _id: 9 }], retriedStmtIds: [0, 1] })
    expect(await c.find({ a: 1 }).toArray()).toHaveLength(2)
    await twice({ delete: 'u', deletes: [{ q: { a: 0 }, limit: 1 }] })
    expect(await c.countDocuments({ a: 0 })).toBe(1)
  })

  it('is carried out once when it is sent twice: findAndModify gives the first reply', async () => {
    const { db } = use()
    const c = db.collection<{ _id: number; a: number }>('f')
    await c.insertOne({ _id: 1, a: 0 })
    const [first, second] = await twice({
      findAndModify: 'f',
      query: { _id: 1 },
      update: { $inc: { a: 1 } },
      new: true,
    })
    expect(first).toMatchObject({ value: { _id: 1, a: 1 } })
    expect(second).toMatchObject({ value: { _id: 1, a: 1 }, retriedStmtId: 0 })
    expect(await c.findOne()).toEqual({ _id: 1, a: 1 })
  })

  it('carries out only the statements that failed or were not reached', async () => {
    const { port } = use().server
    const { db } = use()
    const write = {
      insert: 'p',
      documents: [{ _id: 1 }, { _id: 2 }, { _id: 3 }],
      $db: 'test',
      lsid,
      txnNumber: Long.fromNumber(++number),
    }
    await db.collection<{ _id: number }>('p').insertOne({ _id: 2 })
    expect(await rawCommand(port, write)).toMatchObject({ n: 1, writeErrors: [{ index: 1, code: 11000 }] })
    await db.collection<{ _id: number }>('p').deleteOne({ _id: 2 })
    expect(await rawCommand(port, write)).toMatchObject({ n: 3, retriedStmtIds: [0] })
    const numbered = { ...write, insert: 'q', txnNumber: Long.fromNumber(++number), documents: [{ _id: 1 }] }
    expect(await rawCommand(port, { ...numbered, stmtId: 4 })).toMatchObject({ n: 1 })
    expect(await rawCommand(port, { ...numbered, stmtIds: [4] })).toMatchObject({ n: 1, retriedStmtIds: [4] })
    expect(await rawCommand(port, { ...numbered, stmtIds: [5] })).toMatchObject({ writeErrors: [{ code: 11000 }] })
    expect(await rawCommand(port, { ...numbered, stmtIds: [5], stmtId: 5 })).toMatchObject({ code: 72 })
    expect(await rawCommand(port, { ...numbered, stmtIds: ['5'] })).toMatchObject({ code: 14 })
  })

  it('is refused for many documents, and with a number that is older than the last one', async () => {
    const [many] = await twice({ update: 'u', updates: [{ q: {}, u: { $set: { a: 9 } }, multi: true }] })
    expect(many).toMatchObject({ n: 0, writeErrors: [{ code: 72 }] })
    const [all] = await twice({ delete: 'u', deletes: [{ q: {}, limit: 0 }] })
    expect(all).toMatchObject({ n: 0, writeErrors: [{ code: 72 }] })
    const old = { insert: 'i', documents: [{}], $db: 'test', lsid, txnNumber: Long.fromNumber(1) }
    expect(await rawCommand(use().server.port, old)).toMatchObject({ code: 225 })
  })

  it('is repeated by the driver after a cut connection, and counts once', async () => {
    const { server } = use()
    const proxied = await cuttingProxy(server.port)
    const client = new MongoClient(`mongodb://127.0.0.1:${proxied.port}/?directConnection=true&retryWrites=true`)
    const c = client.db('test').collection<{ _id: number; a: number }>('cut')
    await c.insertOne({ _id: 1, a: 0 })
    for (let i = 1; i <= 5; i++) {
      proxied.cutNextReplyTo('findAndModify', 'update')
      await c.updateOne({ _id: 1 }, { $inc: { a: 1 } })
      proxied.cutNextReplyTo('findAndModify', 'update')
      expect(await c.findOneAndUpdate({ _id: 1 }, { $inc: { a: 1 } }, { returnDocument: 'after' })).toEqual({
        _id: 1,
        a: 2 * i,
      })
    }
    expect(proxied.cuts()).toBe(10)
    await client.close()
    await proxied.close()
  })

  it('is not remembered for a session that has ended', async () => {
    const { port } = use().server
    const write = { insert: 'e', documents: [{ _id: 1 }], $db: 'test', lsid, txnNumber: Long.fromNumber(++number) }
    expect(await rawCommand(port, write)).toMatchObject({ n: 1 })
    expect(await rawCommand(port, { endSessions: [lsid], $db: 'admin' })).toMatchObject({ ok: 1 })
    expect(await rawCommand(port, write)).toMatchObject({ writeErrors: [{ code: 11000 }] })
  })
})
