import { connect } from 'node:net'
import { BSON, type Document } from 'mongodb'

const HEADER_BYTES = 16
const OP_MSG = 2013

/**
 * Sends one command on a connection of its own, byte for byte as it is given: drivers put sessions of their own into it.
 * Resolves with the reply, also with one that tells a failure. `cut` closes the connection without reading the reply.
 */
export function rawCommand(port: number, command: Document, cut = false): Promise<Document> {
  const body = BSON.serialize(command)
  const head = Buffer.alloc(HEADER_BYTES + 5)
  head.writeInt32LE(head.length + body.length, 0)
  head.writeInt32LE(1, 4)
  head.writeInt32LE(OP_MSG, 12)
  return new Promise((resolve, reject) => {
    const received: Buffer[] = []
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(Buffer.concat([head, body]), () => {
        if (!cut) return
        socket.destroy()
        resolve({})
      })
    })
    socket.on('error', reject)
    socket.on('data', (chunk) => {
      received.push(chunk)
      const bytes = Buffer.concat(received)
      if (bytes.length < 4 || bytes.length < bytes.readInt32LE(0)) return
      socket.destroy()
      resolve(BSON.deserialize(bytes.subarray(HEADER_BYTES + 5), { promoteLongs: true }))
    })
  })
}
