import { MAX_MESSAGE_BYTES } from './limits.ts'

/** A message that cannot be read: its connection is closed, nothing else happens. */
export class ProtocolError extends Error {}

const HEADER_BYTES = 16

/**
 * Cuts a byte stream into messages. Memory is bounded by one message of the largest size: chunks are kept as they came and
 * joined once, and a length outside the limits is refused as soon as its four bytes are there.
 */
export class Framing {
  #chunks: Buffer[] = []
  #buffered = 0

  /** The messages that are complete after `chunk`. Throws `ProtocolError`. */
  push(chunk: Buffer): readonly Buffer[] {
    this.#chunks.push(chunk)
    this.#buffered += chunk.length
    const messages: Buffer[] = []
    for (;;) {
      const length = this.#nextLength()
      if (length === undefined || this.#buffered < length) return messages
      const all = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks, this.#buffered)
      messages.push(all.subarray(0, length))
      this.#buffered -= length
      this.#chunks = this.#buffered === 0 ? [] : [all.subarray(length)]
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
