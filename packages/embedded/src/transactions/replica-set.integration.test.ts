import { MongoClient } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { failureOf, useServer } from '../testing/test-server.ts'

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
