/** Larger messages are rare: their memory is given back to the system. */
const KEPT_BYTES = 4 * 1024 * 1024

let spare: Buffer | undefined
/** What was given out last, until it comes back. */
let lent: ArrayBufferLike | undefined

/**
 * Joins the parts of a message in memory that is used again: a large insert comes in many parts, and fresh memory for each
 * message would cost about as much as storing the documents. The last part may be longer than the message.
 */
export function joined(parts: readonly Buffer[], length: number): Buffer {
  const memory = spare !== undefined && spare.length >= length ? spare : Buffer.allocUnsafeSlow(length)
  if (memory === spare) spare = undefined
  lent = memory.buffer
  let at = 0
  for (const part of parts) at += part.copy(memory, at, 0, Math.min(part.length, length - at))
  return memory.subarray(0, length)
}

/** Nobody looks at the bytes of `message` any more: if they were joined, their memory is for the next one of any connection. */
export function doneWith({ buffer }: Buffer): void {
  if (buffer !== lent) return
  lent = undefined
  if (buffer.byteLength <= KEPT_BYTES) spare = Buffer.from(buffer)
}
