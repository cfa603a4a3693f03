import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTarget } from '../target.ts'
import { startScratch, value, type Scratch, type ScratchServer } from '../testing/scratch.ts'

let server: ScratchServer
let scratch: Scratch

beforeAll(async () => {
  server = await startScratch()
})
afterAll(() => server.close())
beforeEach(async () => {
  scratch = await server.database()
})
afterEach(() => scratch.drop())

const never = new AbortController().signal

describe('counting up to a limit', () => {
  it.each([
    [0, 3, 0],
    [2, 3, 2],
    [3, 3, 3],
    [10, 3, 3],
  ])('of %i documents, up to %i, are %i', async (there, limit, counted) => {
    const documents = Array.from({ length: there }, (_, n) => ({ n }))
    if (there > 0) await scratch.db.collection('a').insertMany(documents)
    expect(value(await scratch.target.countUpTo('a', limit))).toBe(counted)
  })

  it('makes no collection, and can be stopped', async () => {
    value(await scratch.target.countUpTo('none', 1))
    expect(await scratch.db.listCollections().toArray()).toEqual([])
    expect(await scratch.target.countUpTo('a', 1, AbortSignal.abort())).toMatchObject({
      ok: false,
      error: { code: 'TARGET_STOPPED' },
    })
  })
})

describe('dropping', () => {
  it('takes all collections, also of a database that is not there; durable on a majority', async () => {
    await scratch.db.collection('a').insertOne({ n: 1 })
    scratch.sent.length = 0
    value(await scratch.target.dropDatabase(never))
    value(await scratch.target.dropDatabase(never))
    expect(await scratch.db.listCollections().toArray()).toEqual([])
    const expected = ['dropDatabase', { w: 'majority', j: true }]
    expect(scratch.sent.map(({ name, writeConcern }) => [name, writeConcern])).toEqual([expected, expected])
  })

  it('is not begun after a signal', async () => {
    await scratch.db.collection('a').insertOne({ n: 1 })
    expect(await scratch.target.dropDatabase(AbortSignal.abort())).toMatchObject({
      ok: false,
      error: { kind: 'stopped' },
    })
    expect(await scratch.db.collection('a').countDocuments()).toBe(1)
  })
})

describe('reaching the primary', () => {
  it('is told, and writes nothing', async () => {
    expect(await scratch.target.ping(10_000)).toEqual({ ok: true, value: undefined })
    expect(await scratch.db.listCollections().toArray()).toEqual([])
  })

  it('is given up after its time where the server no longer answers', async () => {
    const [host] = scratch.db.client.options.hosts
    const sockets = new Set<Socket>()
    let isSilent = false
    const proxy = createServer((socket) => {
      const upstream = connect(host?.port ?? 27017, host?.host ?? '127.0.0.1')
      for (const side of [socket, upstream]) sockets.add(side.on('error', () => side.destroy()))
      socket.on('data', (bytes) => void (isSilent || upstream.write(bytes)))
      upstream.on('data', (bytes) => socket.write(bytes))
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const { port } = proxy.address() as AddressInfo
    const uri = `mongodb://127.0.0.1:${port}/?directConnection=true`
    const recordNames = { versions: 'v', enumerators: 'e' }
    const target = value(await openTarget({ uri, database: scratch.name, recordNames }))
    try {
      isSilent = true
      expect(await target.ping(50)).toMatchObject({
        ok: false,
        error: { code: 'TARGET_UNREACHABLE', kind: 'unreachable', message: expect.stringContaining('50 ms') },
      })
    } finally {
      // Closing says goodbye to the server, which must answer for that.
      isSilent = false
      await target.close()
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => proxy.close(resolve))
    }
  })

  it('fails at once, with its reason, where the connection is closed', async () => {
    const target = await scratch.another()
    await target.close()
    expect(await target.ping(10_000)).toMatchObject({ ok: false, error: { message: expect.stringContaining('reach') } })
  })
})
