import { Long, MongoClient } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { startEmbedded } from './server.ts'
import { failureOf, useServer } from './testing/test-server.ts'

describe('the first contact of the official driver', () => {
  const use = useServer()

  it('says what it is: MongoDB 7.0, module embedded, standalone, no topologyVersion', async () => {
    const { db } = use()
    const info = await db.admin().buildInfo()
    expect(info['version']).toMatch(/^7\.0\./)
    expect(info['modules']).toEqual(['embedded'])
    const hello = await db.command({ hello: 1 })
    expect(hello).toMatchObject({
      isWritablePrimary: true,
      minWireVersion: 0,
      maxWireVersion: 21,
      logicalSessionTimeoutMinutes: 30,
      ok: 1,
    })
    expect(hello).not.toHaveProperty('setName')
    expect(hello).not.toHaveProperty('topologyVersion')
    expect(await db.command({ ismaster: 1 })).toMatchObject({ ismaster: true })
  })

  it('answers the questions of shells and drivers', async () => {
    const admin = use().client.db('admin')
    expect(await admin.command({ ping: 1 })).toEqual({ ok: 1 })
    expect(await admin.command({ buildinfo: 1 })).toHaveProperty('version')
    expect(await admin.command({ getParameter: 1, featureCompatibilityVersion: 1 })).toMatchObject({
      featureCompatibilityVersion: { version: '7.0' },
    })
    expect(await failureOf(admin.command({ getParameter: 'foo' }))).toMatchObject({ code: 72 })
    expect(await admin.command({ getLog: 'startupWarnings' })).toMatchObject({ log: [] })
    expect(await admin.command({ getCmdLineOpts: 1 })).toMatchObject({ argv: ['embedded'] })
    expect(await admin.command({ hostInfo: 1 })).toHaveProperty('system.numCores')
    expect(await admin.command({ serverStatus: 1 })).toMatchObject({ process: 'embedded' })
    expect(await admin.command({ connectionStatus: 1, showPrivileges: true })).toMatchObject({
      authInfo: { authenticatedUsers: [] },
    })
    expect((await admin.command({ whatsmyuri: 1 }))['you']).toMatch(/^127\.0\.0\.1:\d+$/)
  })

  it('refuses what it does not know with the codes of the server', async () => {
    const { db, client } = use()
    expect(await failureOf(db.command({ noSuchThing: 1 }))).toMatchObject({
      code: 59,
      codeName: 'CommandNotFound',
      message: "no such command: 'noSuchThing'",
    })
    expect(await failureOf(db.command({ find: 'c', colour: 1 }))).toMatchObject({
      code: 40415,
      message: "BSON field 'find.colour' is an unknown field.",
    })
    expect(await failureOf(db.command({ find: 'c', showRecordId: true }))).toMatchObject({ code: 115 })
    expect(await failureOf(db.command({ explain: { find: 'c', colour: 1 } }))).toMatchObject({ code: 40415 })
    await db.collection('hinted').insertOne({})
    expect(await failureOf(db.command({ count: 'hinted', hint: 'none' }))).toMatchObject({ code: 2 })
    const sample = { aggregate: 'c', pipeline: [{ $sample: { size: 1, colour: 1 } }], cursor: {} }
    expect(await failureOf(db.command(sample))).toMatchObject({ code: 28748 })
    expect(await failureOf(db.command({ findAndModify: 'c', remove: true, arrayFilters: [] }))).toMatchObject({
      code: 9,
    })
    expect(await failureOf(db.command({ find: 'c', filter: 1 }))).toMatchObject({ code: 14, codeName: 'TypeMismatch' })
    expect(await failureOf(db.command({ hostInfo: 1 }))).toMatchObject({ code: 13 })
    expect(await failureOf(client.db('a'.repeat(64)).command({ find: 'c' }))).toMatchObject({ code: 73 })
    expect(await failureOf(db.command({ find: 'c', apiVersion: '2' }))).toMatchObject({ code: 322 })
    expect(await failureOf(db.command({ find: 'c', readConcern: { level: 'snapshot' } }))).toMatchObject({ code: 123 })
    expect(await failureOf(db.command({ insert: 'c', documents: [{}], writeConcern: { w: 2 } }))).toMatchObject({
      code: 2,
    })
    expect(await failureOf(db.command({ insert: 'a$b', documents: [{}] }))).toMatchObject({ code: 73 })
  })

  it('makes a transaction fail with code 20, and never pretends', async () => {
    const { client, db } = use()
    const session = client.startSession()
    session.startTransaction()
    const failure = await failureOf(db.collection('t').insertOne({ a: 1 }, { session }))
    expect(failure['originalError']).toMatchObject({ code: 20, codeName: 'IllegalOperation' })
    expect(await failureOf(db.command({ find: 't', txnNumber: Long.ONE }))).toMatchObject({ code: 20 })
    await session.endSession()
    expect(await db.collection('t').countDocuments()).toBe(0)
    expect(await failureOf(client.db('admin').command({ commitTransaction: 1 }))).toMatchObject({ code: 20 })
  })

  it('opens a change stream with the code of a standalone server', async () => {
    expect(await failureOf(use().db.collection('t').watch().next())).toMatchObject({ code: 40573 })
  })

  it('takes unacknowledged writes without a reply, and goes on', async () => {
    const c = use().db.collection('quiet')
    await c.insertOne({ a: 1 }, { writeConcern: { w: 0 } })
    await c.insertOne({ a: 2 })
    expect(await c.countDocuments()).toBe(2)
  })

  it('enforces maxTimeMS, and checks it', async () => {
    const { db } = use()
    await db.collection('slow').insertMany(Array.from({ length: 3_000 }, (_, i) => ({ i })))
    const slow = {
      aggregate: 'slow',
      pipeline: [{ $lookup: { from: 'slow', pipeline: [{ $match: { $expr: { $lt: ['$i', 0] } } }], as: 'x' } }],
      cursor: {},
      maxTimeMS: 1,
    }
    expect(await failureOf(db.command(slow))).toMatchObject({ code: 50, codeName: 'MaxTimeMSExpired' })
    expect(await failureOf(db.command({ find: 'slow', maxTimeMS: -1 }))).toMatchObject({ code: 2 })
  })

  it('shows its own operation with its comment', async () => {
    const [operation] = await use()
      .client.db('admin')
      .aggregate([{ $currentOp: {} }, { $match: { comment: 'mine' } }], { comment: 'mine' })
      .toArray()
    expect(operation).toMatchObject({ comment: 'mine', active: true, op: 'command' })
    expect(await use().client.db('admin').command({ currentOp: 1 })).toHaveProperty('inprog')
    expect(await use().client.db('admin').command({ killOp: 1, op: 1 })).toMatchObject({ ok: 1 })
    expect(await use().db.command({ killSessions: [] })).toEqual({ ok: 1 })
  })

  it('serves many connections at once', async () => {
    const client = new MongoClient(use().server.uri, { maxPoolSize: 20 })
    const c = client.db('many').collection<{ _id: number }>('c')
    await Promise.all(Array.from({ length: 200 }, (_, i) => c.insertOne({ _id: i })))
    expect(await c.countDocuments()).toBe(200)
    await client.close()
  })

  it('listens beyond the loopback interface only with users', async () => {
    await expect(startEmbedded({ host: '0.0.0.0' })).rejects.toThrow(TypeError)
  })

  it('keeps a cap on documents and bytes, over all collections', async () => {
    const small = await startEmbedded({ maxDocuments: 3, maxBytes: 1_000 })
    const client = new MongoClient(small.uri)
    const db = client.db('d')
    await db.collection('a').insertMany([{}, {}])
    expect(await failureOf(db.collection('b').insertMany([{}, {}]))).toMatchObject({ code: 14031 })
    await db.collection('a').drop()
    expect(await failureOf(db.collection('b').insertOne({ x: 'x'.repeat(1_000) }))).toMatchObject({ code: 14031 })
    await db.collection('b').insertMany([{}, {}])
    expect(await db.collection('b').countDocuments()).toBe(3)
    await client.close()
    await small.close()
  })

  it('ends cursors that are killed, and sends batches as asked', async () => {
    const { db } = use()
    const c = db.collection<{ _id: number }>('batches')
    await c.insertMany(Array.from({ length: 250 }, (_, i) => ({ _id: i })))
    const first = await db.command({ find: 'batches' }, { promoteLongs: false })
    expect(first['cursor'].firstBatch).toHaveLength(101)
    const id = first['cursor'].id as Long
    const second = await db.command({ getMore: id, collection: 'batches', batchSize: 10 }, { promoteLongs: false })
    expect(second['cursor']).toMatchObject({ ns: 'test.batches' })
    expect(second['cursor'].nextBatch).toHaveLength(10)
    expect(await failureOf(db.command({ getMore: id, collection: 'other' }))).toMatchObject({ code: 13 })
    const killed = await db.command({ killCursors: 'batches', cursors: [id, Long.fromNumber(5)] })
    expect(killed).toMatchObject({ cursorsNotFound: [5], cursorsAlive: [] })
    expect(killed['cursorsKilled']).toHaveLength(1)
    expect(await failureOf(db.command({ getMore: id, collection: 'batches' }))).toMatchObject({
      code: 43,
      codeName: 'CursorNotFound',
    })
  })

  it('reads a snapshot: later writes do not reach an open cursor', async () => {
    const c = use().db.collection<{ _id: number; a?: number }>('snapshot')
    await c.insertMany(Array.from({ length: 300 }, (_, i) => ({ _id: i })))
    const cursor = c.find({}, { batchSize: 10 })
    await cursor.next()
    await c.updateMany({}, { $set: { a: 1 } })
    await c.deleteMany({ _id: { $gte: 200 } })
    const rest = await cursor.toArray()
    expect(rest).toHaveLength(299)
    expect(rest.some((d) => d.a === 1)).toBe(false)
  })
})
