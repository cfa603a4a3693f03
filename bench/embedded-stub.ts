import { createServer } from 'node:net'

/**
 * A server that only acknowledges: it reads a message up to its end, looks at the first field name and answers with a fixed
 * reply. What the driver reaches against it is all that it can reach.
 */
const bson = (...fields: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(fields)
  const head = Buffer.alloc(4)
  head.writeInt32LE(body.length + 5)
  return Buffer.concat([head, body, Buffer.of(0)])
}
const named = (type: number, name: string, value: Buffer): Buffer =>
  Buffer.concat([Buffer.of(type), Buffer.from(`${name}\0`), value])
const int = (name: string, value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return named(0x10, name, bytes)
}
const flag = (name: string): Buffer => named(0x08, name, Buffer.of(1))
const OK = named(0x01, 'ok', Buffer.from([0, 0, 0, 0, 0, 0, 0xf0, 0x3f]))

const HELLO = bson(
  ...[flag('isWritablePrimary'), flag('ismaster'), flag('helloOk')],
  ...[int('maxBsonObjectSize', 16_777_216), int('maxMessageSizeBytes', 48_000_000), int('maxWriteBatchSize', 100_000)],
  ...[int('logicalSessionTimeoutMinutes', 30), int('minWireVersion', 0), int('maxWireVersion', 21), OK],
)
const HEADER_BYTES = 16
const OP_QUERY = 2004

function reply(request: Buffer): Buffer {
  const isQuery = request.readInt32LE(12) === OP_QUERY
  const isHello = isQuery || request.includes('hello\0') || request.includes('ismaster\0')
  // The number of documents: what the driver adds up. It sends as many as the environment says, in every batch.
  const body = isHello ? HELLO : bson(int('n', Number(process.argv[2])), OK)
  const head = Buffer.alloc(isQuery ? HEADER_BYTES + 20 : HEADER_BYTES + 5)
  head.writeInt32LE(head.length + body.length, 0)
  head.writeInt32LE(request.readInt32LE(4), 8)
  head.writeInt32LE(isQuery ? 1 : 2013, 12)
  if (isQuery) head.writeInt32LE(1, HEADER_BYTES + 16)
  return Buffer.concat([head, body])
}

const server = createServer({ noDelay: true }, (socket) => {
  let head: Buffer = Buffer.alloc(0)
  let left = 0
  socket.on('data', (chunk: Buffer) => {
    for (let rest = chunk; rest.length > 0;) {
      if (left === 0) {
        head = Buffer.concat([head, rest])
        if (head.length < 4) return
        left = head.readInt32LE(0)
        rest = head
        head = Buffer.alloc(0)
      }
      const part = rest.subarray(0, left)
      // The beginning is all that is looked at.
      if (head.length < 256) head = Buffer.concat([head, part.subarray(0, 256)])
      left -= part.length
      rest = rest.subarray(part.length)
      if (left > 0) return
      socket.write(reply(head))
      head = Buffer.alloc(0)
    }
  })
  socket.on('error', () => socket.destroy())
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object' && address !== null) console.log(`mongodb://127.0.0.1:${address.port}/`)
})
