import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { DatabaseGate } from './database-gate.ts'

const ended: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end()
})

/** A message as the driver sends it: a command whose first key is its name. */
function message(number: number, name: string, collection: string, answers = 0): Buffer {
  const value = Buffer.from(`${collection}\0`)
  const length = Buffer.alloc(4)
  length.writeInt32LE(value.length)
  const body = Buffer.concat([Buffer.from([2]), Buffer.from(`${name}\0`), length, value, Buffer.from([0])])
  const head = Buffer.alloc(25)
  head.writeInt32LE(head.length + body.length, 0)
  head.writeInt32LE(number, 4)
  head.writeInt32LE(answers, 8)
  head.writeInt32LE(2013, 12)
  head.writeInt32LE(4 + body.length, 21)
  return Buffer.concat([head, body])
}

/** A server that notes what it gets and answers each message. */
async function server(name: string): Promise<{ readonly uri: string; readonly got: number[] }> {
  const got: number[] = []
  const sockets = new Set<Socket>()
  const listening: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('data', (bytes) => {
      for (let at = 0; at < bytes.length; at += bytes.readInt32LE(at)) {
        got.push(bytes.readInt32LE(at + 4))
        socket.write(message(1000, name, 'x', bytes.readInt32LE(at + 4)))
      }
    })
  })
  await new Promise<void>((done) => listening.listen(0, '127.0.0.1', done))
  ended.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((done) => listening.close(done))
  })
  const address = listening.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { uri: `mongodb://127.0.0.1:${String(address.port)}/`, got }
}

async function gateTo(uri: string): Promise<DatabaseGate> {
  const gate = await DatabaseGate.start(uri)
  ended.push(() => gate.end())
  return gate
}

function client(gate: DatabaseGate): Socket {
  const socket = connect(Number(new URL(gate.uri).port), '127.0.0.1')
  socket.on('error', () => socket.destroy())
  ended.push(() => Promise.resolve(socket.destroy()))
  return socket
}

const answerTo = async (socket: Socket): Promise<number> => ((await once(socket, 'data')) as [Buffer])[0].readInt32LE(8)

describe('the gate in front of a database', () => {
  it('shows what passes: name, collection and texts of a command that comes in pieces', async () => {
    const gate = await gateTo((await server('ok')).uri)
    const seen: unknown[] = []
    gate.watch((command) => seen.push([command.name, command.collection, command.has('use'), command.has('shop')]))
    const socket = client(gate)
    const bytes = message(1, 'collMod', 'user')
    socket.write(bytes.subarray(0, 10))
    await once(socket, 'connect')
    socket.write(bytes.subarray(10))
    expect(await answerTo(socket)).toBe(1)
    expect(seen).toEqual([['collMod', 'user', true, false]])
  })

  it('holds a command back before the server has it, until it is released', async () => {
    const { uri, got } = await server('ok')
    const gate = await gateTo(uri)
    const held = gate.hold('before', ({ name }) => name === 'drop')
    const socket = client(gate)
    socket.write(message(1, 'drop', 'user'))
    await held
    expect(got).toEqual([])
    gate.release()
    expect(await answerTo(socket)).toBe(1)
    expect(got).toEqual([1])
  })

  it('holds an answer back after the server has done the command', async () => {
    const { uri, got } = await server('ok')
    const gate = await gateTo(uri)
    const held = gate.hold('after', ({ collection }) => collection === 'user')
    const socket = client(gate)
    socket.write(message(7, 'drop', 'user'))
    await held
    expect(got).toEqual([7])
    gate.release()
    expect(await answerTo(socket)).toBe(7)
  })

  it('cuts connections: what was held back never reaches the server, and the next connection passes', async () => {
    const { uri, got } = await server('ok')
    const gate = await gateTo(uri)
    const held = gate.hold('before', () => true)
    const first = client(gate)
    first.write(message(1, 'drop', 'user'))
    await held
    gate.cut()
    await once(first, 'close')
    const second = client(gate)
    second.write(message(2, 'drop', 'user'))
    expect(await answerTo(second)).toBe(2)
    expect(got).toEqual([2])
  })

  it('leads to another server from then on, and refuses all while it is shut', async () => {
    const gate = await gateTo((await server('one')).uri)
    gate.shut()
    await once(client(gate), 'close')
    const other = await server('two')
    gate.aimAt(other.uri)
    gate.open()
    const socket = client(gate)
    socket.write(message(3, 'ping', 'x'))
    expect(await answerTo(socket)).toBe(3)
    expect(other.got).toEqual([3])
  })
})
