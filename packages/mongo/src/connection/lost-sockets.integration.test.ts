import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { type EmbeddedServer, startEmbedded } from '@stage0/embedded'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { value } from '../testing/scratch.ts'
import { type Connection, openConnection } from './connect.ts'

const LARGE = 'x'.repeat(15_000_000)

let server: EmbeddedServer
let connection: Connection
/** The sockets of the driver, the one of its monitor first. */
let sockets: Socket[]
const note = (message: unknown) => sockets.push((message as { readonly socket: Socket }).socket)

beforeEach(async () => {
  sockets = []
  server = await startEmbedded({ replicaSet: 'rs0' })
  subscribe('net.client.socket', note)
  // The time between two looks at a server is left out: the look that meets the lost socket is not put off.
  connection = value(await openConnection({ uri: `${server.uri}&minHeartbeatFrequencyMS=1`, database: 'shop' }))
  await connection.db.collection('user').insertOne({ name: 'ada' })
})
afterEach(async () => {
  unsubscribe('net.client.socket', note)
  await connection.close()
  await server.close()
})

/** The one form in which the driver writes. */
type Written = [data: Uint8Array]

const find = () => connection.db.collection('user').findOne({}, { projection: { _id: 0 } })

/** The one socket over which commands go. */
function commandSocket(): Socket {
  const socket = sockets[1]
  if (socket === undefined || sockets.length !== 2) throw new Error(`${sockets.length} sockets`)
  return socket
}

// A socket that is destroyed tells so only at the end of the turn of the event loop. What is sent meanwhile must not wait for ever.
describe('a connection whose sockets are lost', () => {
  it('sends a command again that meets a socket which has not yet told of its end', async () => {
    commandSocket().destroy()
    expect(await find()).toEqual({ name: 'ada' })
  })

  it('finds the server again where its monitor looks in the same moment', async () => {
    const command = commandSocket()
    const reading = find()
    await new Promise<void>((sent) => {
      const write = command.write.bind(command)
      command.write = (...args: Written) => {
        // The last that is destroyed tells of it first: the command fails, and the monitor is asked for a look over the socket that it still takes for whole.
        setImmediate(() => {
          for (const socket of sockets) socket.destroy()
          sent()
        })
        return write(...args)
      }
    })
    expect(await reading).toEqual({ name: 'ada' })
  })

  it('sends a large command again whose socket ends, without an error, before it took all of it', async () => {
    const command = commandSocket()
    const write = command.write.bind(command)
    let drains = false
    command.write = (...args: Written) => {
      const isTaken = write(...args)
      drains = !isTaken
      if (!isTaken) setImmediate(() => command.destroy())
      return isTaken
    }
    const inserted = await connection.db
      .collection<{ _id: number; text: string }>('user')
      .insertOne({ _id: 1, text: LARGE })
    expect(drains).toBe(true)
    expect(inserted.insertedId).toBe(1)
  })
})
