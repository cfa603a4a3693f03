import { connect, type Socket } from 'node:net'
import { doc, encode } from '@stage0/bson-schema'
import { isDeep } from '@stage0/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { useServer } from '../testing/test-server.ts'
import { FLAG_CHECKSUM, FLAG_MORE_TO_COME, OP_MSG, OP_QUERY } from './message.ts'

const PING = encode(doc({ ping: 1, $db: 'admin' }))

function message(opcode: number, payload: Uint8Array, length = 16 + payload.length): Buffer {
  const head = Buffer.alloc(16)
  head.writeInt32LE(length, 0)
  head.writeInt32LE(7, 4)
  head.writeInt32LE(opcode, 12)
  return Buffer.concat([head, payload])
}

const msg = (flags: number, ...sections: readonly Uint8Array[]): Buffer => {
  const flagBytes = Buffer.alloc(4)
  flagBytes.writeUInt32LE(flags)
  return message(OP_MSG, Buffer.concat([flagBytes, ...sections]))
}
const body = (document: Uint8Array): Buffer => Buffer.concat([Buffer.of(0), document])

/** Sends bytes; resolves with what came back until the server closed, or until a first reply. */
function exchange(
  port: number,
  bytes: Uint8Array,
  end: boolean,
): Promise<{ readonly closed: boolean; readonly reply: Buffer }> {
  return new Promise((resolve) => {
    const received: Buffer[] = []
    const socket: Socket = connect(port, '127.0.0.1', () => {
      socket.write(bytes)
      if (end) socket.end()
    })
    const finish = (closed: boolean): void => {
      socket.destroy()
      resolve({ closed, reply: Buffer.concat(received) })
    }
    socket.on('data', (chunk: Buffer) => {
      received.push(chunk)
      finish(false)
    })
    socket.on('error', () => finish(true))
    socket.on('close', () => finish(true))
  })
}

/** Documents in documents under the name `a`; the innermost is empty. */
/** Commands of every kind, so that changed bytes reach all readers of values. */
const COMMANDS = [
  PING,
  ...[
    doc({ insert: 'c', documents: [{ _id: 1, a: [1, { b: 'x' }], at: new Date(0) }], $db: 'test' }),
    doc({
      find: 'c',
      filter: { a: { $elemMatch: { b: { $regex: '^x' } } } },
      sort: { _id: -1 },
      limit: 3,
      $db: 'test',
    }),
    doc({ aggregate: 'c', pipeline: [{ $match: { a: 1 } }, { $group: { _id: '$a' } }], cursor: {}, $db: 'test' }),
    doc({ update: 'c', updates: [{ q: { a: 1 }, u: { $set: { 'a.0': 2 } }, multi: true }], $db: 'test' }),
    doc({ createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a_1', unique: true }], $db: 'test' }),
    doc({
      create: 'd',
      validator: { $jsonSchema: { required: ['a'], properties: { a: { minimum: 3 } } } },
      $db: 'test',
    }),
  ].map(encode),
]

const deep = (levels: number): Uint8Array => {
  const PER_LEVEL = 8
  const bytes = Buffer.alloc(5 + levels * PER_LEVEL)
  for (let level = 0; level < levels; level++) {
    const at = level * 7
    bytes.writeInt32LE(bytes.length - level * PER_LEVEL, at)
    bytes.write('\u0003a', at + 4)
  }
  bytes.writeInt32LE(5, levels * 7)
  return bytes
}

describe('hostile bytes', () => {
  const use = useServer()

  it.for([
    ['a length below the header', message(OP_MSG, PING, 3)],
    ['a negative length', message(OP_MSG, PING, -1)],
    ['a length above 48 MB', message(OP_MSG, PING, 48_000_001)],
    ['an unknown opcode', message(4711, PING)],
    ['a compressed message', message(2012, PING)],
    ['an unknown required flag', msg(4, body(PING))],
    ['no body', msg(0)],
    ['two bodies', msg(0, body(PING), body(PING))],
    ['an unknown section', msg(0, Buffer.concat([Buffer.of(9), PING]))],
    [
      'a document that is longer than its message',
      msg(0, body(Buffer.concat([Buffer.of(255, 0, 0, 0), PING.subarray(4)]))),
    ],
    ['a document of length 0', msg(0, body(Buffer.of(0, 0, 0, 0, 0)))],
    [
      'a sequence that is longer than its message',
      msg(0, body(PING), Buffer.concat([Buffer.of(1, 200, 0, 0, 0), Buffer.from('documents\0')])),
    ],
    ['a query without its end', message(OP_QUERY, Buffer.from([0, 0, 0, 0, 97, 98]))],
  ] as const)('%s ends the connection, and only this one', async ([, bytes]) => {
    const { closed } = await exchange(use().server.port, bytes, false)
    expect(closed).toBe(true)
    expect(await use().db.command({ ping: 1 })).toEqual({ ok: 1 })
  })

  it('tells a client that its document is nested too deeply, and goes on with it', async () => {
    const { closed, reply } = await exchange(use().server.port, msg(0, body(deep(100_000))), false)
    expect(closed).toBe(false)
    expect(reply.includes('exceeded maximum nested object depth')).toBe(true)
    expect(reply.readInt32LE(8)).toBe(7)
  })

  it('answers no more to a client that does not read its replies than fits into the buffers', async () => {
    const { db, server } = use()
    await db.collection('big').insertOne({ text: 'x'.repeat(1_000_000) })
    const find = msg(0, body(encode(doc({ find: 'big', $db: 'test' }))))
    const insert = msg(0, body(encode(doc({ insert: 'unread', documents: [{}], $db: 'test' }))))
    const pairs = 60
    const socket = connect(server.port, '127.0.0.1')
    socket.pause()
    await new Promise((resolve) =>
      socket.write(Buffer.concat(Array.from({ length: pairs }, () => [find, insert]).flat()), resolve),
    )
    let before = -1
    let done = await db.collection('unread').countDocuments()
    for (let i = 0; i < 100 && (done === 0 || done !== before); i++) {
      before = done
      done = await db.collection('unread').countDocuments()
    }
    expect(done).toBeLessThan(pairs / 2)
    // Once it reads, it gets every answer.
    await new Promise<void>((resolve) => {
      let bytes = 0
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes >= pairs * 1_000_000) resolve()
      })
      socket.resume()
    })
    socket.destroy()
    expect(await db.collection('unread').countDocuments()).toBeGreaterThanOrEqual(pairs - 1)
  })

  it('survives anything at all', async () => {
    const mutated = fc
      .tuple(
        fc.constantFrom(...COMMANDS),
        fc.constantFrom(0, FLAG_CHECKSUM, FLAG_MORE_TO_COME),
        fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 6 }),
      )
      .map(([command, flags, changes]) => {
        const bytes = msg(flags, body(command))
        for (const [at, value] of changes) bytes[at % bytes.length] = value
        return bytes
      })
    const cutOff = fc
      .tuple(fc.constantFrom(...COMMANDS), fc.nat(400))
      .map(([command, at]) => msg(0, body(command)).subarray(0, at))
    const random = fc.uint8Array({ maxLength: 200 })
    await fc.assert(
      fc.asyncProperty(fc.oneof(mutated, cutOff, random), async (bytes) => {
        await exchange(use().server.port, bytes, true)
        expect(await use().db.command({ ping: 1 })).toEqual({ ok: 1 })
      }),
      { numRuns: isDeep ? 20_000 : 200 },
    )
  })

  it('keeps no more in memory than was sent, whatever lengths are announced, and gives it back', async () => {
    const { port } = use().server
    const used = (): number => {
      const { arrayBuffers, heapUsed } = process.memoryUsage()
      return arrayBuffers + heapUsed
    }
    const before = used()
    const sent = 50_000
    const announced = message(OP_MSG, new Uint8Array(sent), 47_999_999)
    const sockets = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const socket = connect(port, '127.0.0.1')
        socket.on('error', () => undefined)
        await new Promise<void>((resolve) => socket.write(announced, () => resolve()))
        return socket
      }),
    )
    // The server has read what came before this answer on other connections, or will without needing more.
    expect(await use().db.command({ ping: 1 })).toEqual({ ok: 1 })
    // Both ends are in this process; one message as announced would be more than all of this.
    expect(used() - before).toBeLessThan(47_999_999)
    await Promise.all(
      sockets.map(
        (socket) =>
          new Promise<void>((resolve) => {
            socket.once('close', () => resolve())
            socket.destroy()
          }),
      ),
    )
    expect(await use().db.command({ ping: 1 })).toEqual({ ok: 1 })
  })

  it('reads messages in pieces of one byte, several in one piece, and with a checksum', async () => {
    const { port } = use().server
    const withChecksum = msg(FLAG_CHECKSUM, body(PING), Buffer.alloc(4))
    const { reply } = await exchange(port, withChecksum, false)
    expect(reply.readInt32LE(8)).toBe(7)
    const two = Buffer.concat([msg(FLAG_MORE_TO_COME, body(PING)), msg(0, body(PING))])
    const answered = await new Promise<Buffer>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => {
        for (const byte of two) socket.write(Buffer.of(byte))
      })
      socket.setNoDelay(true)
      socket.on('error', reject)
      socket.on('data', (chunk: Buffer) => {
        socket.destroy()
        resolve(chunk)
      })
    })
    // The first wanted no reply.
    expect(answered.readInt32LE(0)).toBe(answered.length)
  })

  it('speaks the handshake of older clients, and nothing else of their protocol', async () => {
    const query = (document: Uint8Array): Buffer =>
      message(
        OP_QUERY,
        Buffer.concat([
          Buffer.alloc(4),
          Buffer.from('admin.$cmd\0'),
          Buffer.from([0, 0, 0, 0, 255, 255, 255, 255]),
          document,
        ]),
      )
    const hello = await exchange(use().server.port, query(encode(doc({ isMaster: 1 }))), false)
    expect(hello.reply.readInt32LE(12)).toBe(1)
    expect(hello.reply.includes('ismaster')).toBe(true)
    const other = await exchange(use().server.port, query(encode(doc({ listDatabases: 1 }))), false)
    expect(other.reply.includes('UnsupportedOpQueryCommand')).toBe(true)
  })
})
