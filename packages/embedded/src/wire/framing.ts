import { MAX_MESSAGE_BYTES } from './limits.ts'
import { joined } from './message-memory.ts'

/** A message that cannot be read: its connection is closed, nothing else happens. */
export class ProtocolError extends Error {}

/** A message that was read to its end and is refused: the client is told, the connection stays. */
export class RefusedMessage extends Error {
  readonly request: { readonly kind: 'msg'; readonly requestId: number; readonly moreToCome: boolean }

  constructor(message: string, request: RefusedMessage['request']) {
    super(message)
    this.request = request
  }
}

const HEADER_BYTES = 16
const SMALL_BYTES = 4_096

/**
 * Cuts a byte stream into messages. Memory is bounded by one message of the largest size: chunks are kept as they came and
 * joined once (in memory that `doneWith` takes back), and a length outside the limits is refused as soon as its four bytes are there.
 */
export class Framing {
  #chunks: Buffer[] = []
  #buffered = 0

  /** The messages that are complete after `chunk`. Throws `ProtocolError`. */
  push(chunk: Buffer): readonly Buffer[] {
    const last = this.#chunks.at(-1)
    // A sender of single bytes must not cost an object for each of them.
    if (last !== undefined && last.length + chunk.length <= SMALL_BYTES) {
      this.#chunks[this.#chunks.length - 1] = Buffer.concat([last, chunk])
    } else this.#chunks.push(chunk)
    this.#buffered += chunk.length
    const messages: Buffer[] = []
    for (;;) {
      const length = this.#nextLength()
      if (length === undefined || this.#buffered < length) return messages
      const last = this.#chunks.at(-1) as Buffer
      messages.push(this.#chunks.length === 1 ? last.subarray(0, length) : joined(this.#chunks, length))
      this.#buffered -= length
      // Before the last chunk came no message was complete: what is left is the end of that chunk.
      this.#chunks = this.#buffered === 0 ? [] : [last.subarray(last.length - this.#buffered)]
    }
  }

  #nextLength(): number | undefined {
    if (this.#buffered < 4) return undefined
    if ((this.#chunks[0] as Buffer).length < 4) this.#chunks = [Buffer.concat(this.#chunks, this.#buffered)]
    const length = (this.#chunks[0] as Buffer).readInt32LE(0)
    if (length < HEADER_BYTES || length > MAX_MESSAGE_BYTES) throw new ProtocolError(`a message of ${length} bytes`)
    return length
  }
}
