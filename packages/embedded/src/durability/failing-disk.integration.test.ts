import { connect } from 'node:net'
import { doc, encode, type Doc } from '@stage0/bson-schema'
import { MongoClient, type Collection } from 'mongodb'
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
          'there is no room in the data folder of the embedded server (ENOSPC: write failed): what was asked for is not on the disk, and no write is taken until there is',
      })
      expect((await users.findOne({ _id: 1 }))?._id).toBe(1)
      expect(await onDisk(files)).toEqual([1])
    },
  )

  it('takes no further write of any kind, and changes nothing that is read', async () => {
    const { files, client, users } = await started()
    await users.insertMany([{ _id: 1 }, { _id: 2 }])
    files.fault = { code: 'ENOSPC', afterBytes: 0 }
    await failureOf(users.insertOne({ _id: 3 }))
    const before = await found(users)
    const db = client.db('shop')
    const writes: readonly (() => Promise<unknown>)[] = [
      () => users.insertOne({ _id: 4 }),
      () => users.updateMany({}, { $set: { text: 'x' } }),
      () => users.deleteMany({}),
      () => users.findOneAndDelete({ _id: 1 }),
      () => users.createIndex({ text: 1 }),
      () => users.drop(),
      () => users.rename('other'),
      () => db.createCollection('new'),
      () => db.command({ collMod: 'user', validator: { text: 'y' } }),
      () => users.aggregate([{ $out: 'copy' }]).toArray(),
      () => users.aggregate([{ $merge: 'copy' }]).toArray(),
      () => db.dropDatabase(),
    ]
    for (const write of writes) expect((await failureOf(write())).code).toBe(14031)
    expect([await found(users), await users.findOne({ text: 'x' })]).toEqual([before, null])
    expect(await onDisk(files)).toEqual([1, 2])
  })

  it('goes on once there is room', async () => {
    const { files, users } = await started()
    files.fault = { code: 'EDQUOT', afterBytes: 7 }
    await failureOf(users.insertOne({ _id: 1 }))
    files.fault = undefined
    await users.insertOne({ _id: 2 }, { writeConcern: { j: true } })
    // The refused one was visible in between: it may be there, but never after the one that came later.
    expect(await onDisk(files)).toEqual([1, 2])
  })

  it('never acknowledges a transaction, however often its commit is repeated', async () => {
    const { files, client, users } = await started({ replicaSet: 'rs0' })
    await users.insertOne({ _id: 1 })
    const session = client.startSession()
    session.startTransaction()
    await users.insertOne({ _id: 2 }, { session })
    files.fault = { code: 'ENOSPC', afterBytes: 3 }
    for (let i = 0; i < 3; i++) expect((await failureOf(session.commitTransaction())).code).toBe(14031)
    expect(await onDisk(files)).toEqual([1])
    files.fault = undefined
    await session.commitTransaction()
    expect(await onDisk(files)).toEqual([1, 2])
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
    expect((await found(users))[0]).toBe(1)
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
