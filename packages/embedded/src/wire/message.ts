import { MalformedBson, NestedTooDeeply, readInt32, validateBson } from '../raw/scan.ts'
import { scanDocument, type ScannedDocument } from '../raw/scan-document.ts'
import { ProtocolError, RefusedMessage } from './framing.ts'
import { MAX_MESSAGE_NESTING } from './limits.ts'

const OP_REPLY = 1
const OP_QUERY = 2004
const OP_MSG = 2013
const HEADER_BYTES = 16
const FLAG_CHECKSUM = 1
const FLAG_MORE_TO_COME = 2
/** Of the low 16 bits an unknown one must be refused; the high ones are hints. */
const REQUIRED_FLAGS = 0xffff

/** A request as it came: documents are raw and validated, nothing is decoded. */
export interface Request {
  readonly kind: 'msg' | 'query'
  readonly requestId: number
  /** The client does not read a reply. */
  readonly moreToCome: boolean
  readonly body: Uint8Array
  /** Document sequences (kind 1), by field name. */
  readonly sequences: ReadonlyMap<string, readonly ScannedDocument[]>
  /** Of OP_QUERY: database and collection, `admin.$cmd`. */
  readonly namespace: string | undefined
}

/** Reads one whole message. Throws `ProtocolError`, and `RefusedMessage` for documents that are nested too deeply. */
export function readMessage(message: Buffer): Request {
  try {
    const opcode = message.readInt32LE(12)
    if (opcode === OP_MSG) return readMsg(message)
    if (opcode === OP_QUERY) return readQuery(message)
    throw new ProtocolError(`opcode ${opcode} is not supported`)
  } catch (error) {
    if (error instanceof NestedTooDeeply && message.readInt32LE(12) === OP_MSG) throw refused(message)
    if (error instanceof MalformedBson || error instanceof RangeError) throw new ProtocolError(error.message)
    throw error
  }
}

const refused = (message: Buffer): RefusedMessage =>
  new RefusedMessage(`BSONObj exceeded maximum nested object depth: ${MAX_MESSAGE_NESTING}`, {
    kind: 'msg',
    requestId: message.readInt32LE(4),
    moreToCome: (message.readUInt32LE(HEADER_BYTES) & FLAG_MORE_TO_COME) !== 0,
  })

function readMsg(message: Buffer): Request {
  const flags = message.readUInt32LE(HEADER_BYTES)
  if ((flags & REQUIRED_FLAGS & ~(FLAG_CHECKSUM | FLAG_MORE_TO_COME)) !== 0)
    throw new ProtocolError(`unknown flags ${flags}`)
  // The checksum guards against faulty networks; on the loopback interface it is read past, as MongoDB does behind TLS.
  const end = message.length - (flags & FLAG_CHECKSUM ? 4 : 0)
  const sequences = new Map<string, readonly ScannedDocument[]>()
  let body: Uint8Array | undefined
  let at = HEADER_BYTES + 4
  while (at < end) {
    const kind = message[at]
    at += 1
    if (kind === 0) {
      if (body !== undefined) throw new ProtocolError('two bodies in one message')
      body = documentAt(message, at, end)
      at += body.length
    } else if (kind === 1) {
      const size = readInt32(message, at, end)
      const stop = at + size
      if (size < 5 || stop > end) throw new ProtocolError('a sequence with a wrong length')
      const nameEnd = message.indexOf(0, at + 4)
      if (nameEnd < 0 || nameEnd >= stop) throw new ProtocolError('a sequence without a name')
      const name = message.toString('utf8', at + 4, nameEnd)
      if (sequences.has(name)) throw new ProtocolError(`two sequences ${name}`)
      const documents: ScannedDocument[] = []
      at = nameEnd + 1
      while (at < stop) {
        const document = scanDocument(message, at, stop, MAX_MESSAGE_NESTING)
        documents.push(document)
        at = document.end
      }
      sequences.set(name, documents)
    } else {
      throw new ProtocolError(`unknown section kind ${kind}`)
    }
  }
  if (body === undefined) throw new ProtocolError('a message without a body')
  const requestId = message.readInt32LE(4)
  return {
    kind: 'msg',
    requestId,
    moreToCome: (flags & FLAG_MORE_TO_COME) !== 0,
    body,
    sequences,
    namespace: undefined,
  }
}

/** The handshake of older clients, and of the driver before it knows the server. */
function readQuery(message: Buffer): Request {
  const nameEnd = message.indexOf(0, HEADER_BYTES + 4)
  if (nameEnd < 0) throw new ProtocolError('a query without a namespace')
  const namespace = message.toString('utf8', HEADER_BYTES + 4, nameEnd)
  const body = documentAt(message, nameEnd + 1 + 8, message.length)
  return { kind: 'query', requestId: message.readInt32LE(4), moreToCome: false, body, sequences: new Map(), namespace }
}

function documentAt(message: Buffer, at: number, end: number): Uint8Array {
  const length = readInt32(message, at, end)
  if (length < 5 || at + length > end) throw new ProtocolError('a document with a wrong length')
  validateBson(message, at, at + length, MAX_MESSAGE_NESTING)
  return message.subarray(at, at + length)
}

const headBytes = (kind: Request['kind']): number => (kind === 'msg' ? HEADER_BYTES + 5 : HEADER_BYTES + 20)

/** A reply: the whole message, whose header `sendable` fills in. */
export class Reply {
  readonly message: Buffer
  readonly #kind: Request['kind']

  /** `bytes` is the length of the reply's document. */
  constructor(kind: Request['kind'], bytes: number) {
    this.#kind = kind
    this.message = Buffer.allocUnsafe(headBytes(kind) + bytes)
  }

  /** The room of its document. */
  get document(): Uint8Array {
    const { buffer, byteOffset, length } = this.message
    const head = headBytes(this.#kind)
    return new Uint8Array(buffer, byteOffset + head, length - head)
  }

  /** The message as the answer to a request of the same kind. */
  sendable(requestId: number, replyId: number): Buffer {
    const { message } = this
    message.fill(0, HEADER_BYTES, headBytes(this.#kind))
    message.writeInt32LE(message.length, 0)
    message.writeInt32LE(replyId, 4)
    message.writeInt32LE(requestId, 8)
    message.writeInt32LE(this.#kind === 'msg' ? OP_MSG : OP_REPLY, 12)
    if (this.#kind === 'query') {
      const AWAIT_CAPABLE = 8
      message.writeInt32LE(AWAIT_CAPABLE, HEADER_BYTES)
      message.writeInt32LE(1, HEADER_BYTES + 16)
    }
    return message
  }
}

export { FLAG_CHECKSUM, FLAG_MORE_TO_COME, OP_MSG, OP_QUERY }
