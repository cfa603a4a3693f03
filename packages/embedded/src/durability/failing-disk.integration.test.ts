import { connect } from 'node:net'
import { doc, encode, type Doc } from '@stage0/bson-schema'
import { Long, MongoClient, type Collection } from 'mongodb'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startServer, type EmbeddedOptions } from '../server.ts'
import { failureOf } from '../testing/test-server.ts'
import { Framing } from '../wire/framing.ts'
import { OP_MSG } from '../wire/message.ts'
import { FOLDER, machineWith, reopen } from './testing/data.ts'
import { MemoryFiles } from './testing/memory-files.ts'
import { ids } from './testing/shop.ts'

interface User {
  readonly _id: number
  readonly text?: string
}

async function started(options: EmbeddedOptions = {}) {
  const files = new MemoryFiles()
  const server = await startServer({ data: FOLDER, ...options }, { files, machine: machineWith([]) })
  const client = new MongoClient(server.uri, { retryWrites: false })
  onTestFinished(async () => {
    await client.close()
    await server.close()
  })
  return { files, server, client, users: client.db('shop').collection<User>('user') }
}

/** A command as a message of the wire protocol. */
function request(id: number, command: Doc): Buffer {
  const body = encode(command)
  const head = Buffer.alloc(21)
  head.writeInt32LE(head.length + body.length, 0)
  head.writeInt32LE(id, 4)
  head.writeInt32LE(OP_MSG, 12)
  return Buffer.concat([head, body])
}

/** What a new process finds on the disk as it is now. */
const onDisk = async (files: MemoryFiles) => ids((await reopen(files.after(files.operations.length))).catalog)
const onDiskAndSynced = async (files: MemoryFiles) =>
  ids((await reopen(files.after(files.operations.length, 0, true))).catalog)

const found = async (users: Collection<User>) => (await users.find().toArray()).map(({ _id }) => _id)

describe('a full disk', () => {
  it.each([0, 10, 40])(
    'after %i bytes of a record refuses the write with a sentence; reading goes on',
    async (afterBytes) => {
      const { files, users } = await started()
      await users.insertOne({ _id: 1 })
      files.fault = { code: 'ENOSPC', afterBytes }
      expect(await failureOf(users.insertOne({ _id: 2 }))).toMatchObject({
        code: 14031,
        codeName: 'OutOfDiskSpace',
        message:
          'there is no room in the data folder of the embedded server (ENOSPC: write failed): nothing of the command was done, and writes are taken again when there is',
      })
      expect(await found(users)).toEqual([1])
      expect(await onDisk(files)).toEqual([1])
    },
  )

  it('takes no write of any kind, and nobody sees that one was tried', async () => {
    const { files, server, client, users } = await started()
    const db = client.db('shop')
    await users.insertMany([{ _id: 1, text: 'a' }, { _id: 2 }, { _id: 3 }])
    await users.createIndex({ text: 1 })
    await db.createCollection('taken')
    const state = async (): Promise<unknown> => ({
      users: await users.find().toArray(),
      sorted: await users.find().sort({ _id: -1 }).toArray(),
      byText: await users.find({ text: 'a' }).toArray(),
      indexes: await users.indexes(),
      collections: await db.listCollections().toArray(),
      databases: (await client.db('admin').admin().listDatabases()).databases,
      budget: [server.state.catalog.budget.documents, server.state.catalog.budget.bytes],
    })
    const before = await state()
    files.fault = { code: 'ENOSPC', afterBytes: 0 }
    const writes: readonly (() => Promise<unknown>)[] = [
      () => users.insertOne({ _id: 4 }),
      () => users.insertMany([{ _id: 4 }, { _id: 5 }, { _id: 4 }], { ordered: false }),
      () => users.updateMany({}, { $set: { text: 'x' } }),
      () => users.deleteMany({}),
      () => users.deleteOne({ _id: 1 }),
      () => users.findOneAndDelete({ _id: 1 }),
      () => users.findOneAndUpdate({ _id: 9 }, { $set: { text: 'x' } }, { upsert: true }),
      () => users.createIndex({ other: 1 }),
      () => users.dropIndex('text_1'),
      () => users.drop(),
      () => users.rename('other'),
      () => users.rename('taken', { dropTarget: true }),
      () => db.createCollection('new'),
      () => client.db('fresh').collection('new').insertOne({}),
      () => db.command({ collMod: 'user', validator: { text: 'y' } }),
      () => db.command({ collMod: 'user', index: { name: 'text_1', hidden: true } }),
      () => users.aggregate([{ $out: 'copy' }]).toArray(),
      () => users.aggregate([{ $out: 'taken' }]).toArray(),
      () => users.aggregate([{ $merge: 'copy' }]).toArray(),
      () => db.dropDatabase(),
    ]
    for (const [i, write] of writes.entries()) {
      expect([i, (await failureOf(write())).code]).toEqual([i, 14031])
      expect([i, await state()]).toEqual([i, before])
    }
    expect(await onDisk(files)).toEqual([1, 2, 3])
  })

  it('lets a client send a refused write again, which is carried out then', async () => {
    const { files, server } = await started({ replicaSet: 'rs0' })
    const client = new MongoClient(server.uri, { retryWrites: true })
    onTestFinished(() => client.close())
    const users = client.db('shop').collection<User>('user')
    const session = client.startSession()
    const insert = { insert: 'user', documents: [{ _id: 1 }], txnNumber: Long.fromNumber(1) }
    files.fault = { code: 'ENOSPC', afterBytes: 0 }
    expect((await failureOf(client.db('shop').command(insert, { session }))).code).toBe(14031)
    files.fault = undefined
    expect(await client.db('shop').command(insert, { session })).toMatchObject({ n: 1 })
    expect([await found(users), await onDisk(files)]).toEqual([[1], [1]])
    await session.endSession()
  })

  it('goes on once there is room', async () => {
    const { files, users } = await started()
    files.fault = { code: 'EDQUOT', afterBytes: 7 }
    await failureOf(users.insertOne({ _id: 1 }))
    files.fault = undefined
    await users.insertOne({ _id: 2 }, { writeConcern: { j: true } })
    expect(await onDisk(files)).toEqual([2])
    expect(await found(users)).toEqual([2])
  })

  it('aborts a transaction that it cannot take: nothing of it is there, and its locks are gone', async () => {
    const { files, server, client, users } = await started({ replicaSet: 'rs0' })
    await users.insertOne({ _id: 1 })
    const session = client.startSession()
    const { budget } = server.state.catalog
    const before = [budget.documents, budget.bytes]
    session.startTransaction()
    await users.insertOne({ _id: 2 }, { session })
    await users.updateOne({ _id: 1 }, { $set: { text: 'x' } }, { session })
    await client.db('shop').collection('new').insertOne({}, { session })
    files.fault = { code: 'ENOSPC', afterBytes: 3 }
    expect((await failureOf(session.commitTransaction())).code).toBe(14031)
    for (let i = 0; i < 2; i++) expect((await failureOf(session.commitTransaction())).code).toBe(251)
    expect(await users.find().toArray()).toEqual([{ _id: 1 }])
    expect(await client.db('shop').listCollections().toArray()).toHaveLength(1)
    expect([budget.documents, budget.bytes]).toEqual(before)
    files.fault = undefined
    await users.updateOne({ _id: 1 }, { $set: { text: 'y' } })
    session.startTransaction()
    await users.insertOne({ _id: 2 }, { session })
    await session.commitTransaction()
    expect([await found(users), await onDisk(files)]).toEqual([
      [1, 2],
      [1, 2],
    ])
    await session.endSession()
  })
})

describe('a disk that fails', () => {
  it('while it writes takes no more until the next start, and says so; reading goes on', async () => {
    const { files, users } = await started()
    await users.insertOne({ _id: 1 })
    files.fault = { code: 'EIO', afterBytes: 12 }
    const failure = await failureOf(users.insertOne({ _id: 2 }))
    expect(failure['message']).toBe(
      'the embedded server cannot write to its data folder (EIO: write failed): it takes no more writes until it is started again',
    )
    files.fault = undefined
    expect((await failureOf(users.insertOne({ _id: 3 }))).code).toBe(14031)
    expect(await found(users)).toEqual([1])
    expect(await onDisk(files)).toEqual([1])
  })

  it.each([{ j: true }, { w: 'majority' as const }])(
    'while it syncs acknowledges nothing that asks for %j',
    async (writeConcern) => {
      const { files, users } = await started()
      await users.insertOne({ _id: 1 }, { writeConcern })
      files.syncFault = 'EIO'
      expect((await failureOf(users.insertOne({ _id: 2 }, { writeConcern }))).code).toBe(14031)
      expect((await failureOf(users.insertOne({ _id: 3 }))).code).toBe(14031)
      expect((await users.find({}, { readConcern: 'majority' }).toArray()).length).toBeGreaterThan(0)
      expect(await onDiskAndSynced(files)).toEqual([1])
    },
  )
})

describe('what an answer promises', () => {
  it.each([
    ['nothing said', {}, undefined, false],
    ['w: 1', { w: 1 }, undefined, false],
    ['j: true', { j: true }, undefined, true],
    ['w: majority', { w: 'majority' as const }, undefined, true],
    ['w: majority, j: false', { w: 'majority' as const, j: false }, undefined, false],
    ['nothing said, on a replica set', {}, 'rs0', true],
    ['w: 1, on a replica set', { w: 1 }, 'rs0', false],
  ])('%s', async (_title, writeConcern, replicaSet, isOnDisk) => {
    const { files, users } = await started(replicaSet === undefined ? {} : { replicaSet })
    // A slow disk: whoever does not wait for it has the answer before.
    const before = files.operations.length
    await users.insertOne({ _id: 1 }, { writeConcern })
    const steps = files.operations.slice(before).map(({ kind }) => kind)
    expect(steps.includes('write')).toBe(true)
    if (isOnDisk) expect(steps).toContain('sync')
    expect(await onDisk(files)).toEqual([1])
    if (isOnDisk) expect(await onDiskAndSynced(files)).toEqual([1])
  })

  it('keeps the answers of a connection in order, and does not hold up another one', async () => {
    const { files, client, server, users } = await started()
    await users.insertOne({ _id: 0 })
    let release = (): void => undefined
    files.slow = new Promise((resolve) => (release = resolve))
    const socket = connect(server.port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    const answered: number[] = []
    const both = new Promise<void>((resolve) => {
      const framing = new Framing()
      socket.on('data', (chunk: Buffer) => {
        for (const message of framing.push(chunk)) answered.push(message.readInt32LE(8))
        if (answered.length === 2) resolve()
      })
    })
    const insert = doc({ insert: 'user', documents: [{ _id: 1 }], writeConcern: { j: true }, $db: 'shop' })
    socket.write(Buffer.concat([request(71, insert), request(72, doc({ ping: 1, $db: 'shop' }))]))
    // Another connection reads meanwhile, and sees the write: it is only its answer that waits.
    while ((await client.db('shop').collection<User>('user').countDocuments()) < 2) await new Promise(setImmediate)
    expect(answered).toEqual([])
    release()
    await both
    expect(answered).toEqual([71, 72])
  })

  it('shares one sync among the writes that wait for it', async () => {
    const { files, server } = await started()
    const clients = Array.from({ length: 20 }, () => new MongoClient(server.uri))
    onTestFinished(async () => void (await Promise.all(clients.map((client) => client.close()))))
    await Promise.all(clients.map((client) => client.connect()))
    let release = (): void => undefined
    files.slow = new Promise((resolve) => (release = resolve))
    const before = files.operations.length
    const writes = clients.map((client, _id) =>
      client
        .db('shop')
        .collection<User>('user')
        .insertOne({ _id }, { writeConcern: { j: true } }),
    )
    const count = (kind: string) => files.operations.slice(before).filter((operation) => operation.kind === kind).length
    while (count('write') < clients.length) await new Promise(setImmediate)
    release()
    await Promise.all(writes)
    // One was on its way with the first of them, the second takes all the others.
    expect(count('sync')).toBeLessThanOrEqual(2)
  })
})
