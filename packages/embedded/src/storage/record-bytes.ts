const BLOCK_BYTES = 32_768
/** Larger ones have memory of their own. */
const SHARING_BYTES = BLOCK_BYTES / 4

let block = new ArrayBuffer(0)
let used = 0

/**
 * Room for the bytes of one record, to be filled wholly. Small records share blocks: memory of its own costs each of them as
 * much as its bytes again, and a record that pointed into the message which brought it would keep all of that alive.
 */
export function recordBytes(length: number): Uint8Array {
  if (length > SHARING_BYTES) return new Uint8Array(length)
  if (used + length > block.byteLength) {
    // Not filled with zeros, since it will be written anyway.
    block = Buffer.allocUnsafeSlow(BLOCK_BYTES).buffer
    used = 0
  }
  const bytes = new Uint8Array(block, used, length)
  used += length
  return bytes
}

/** The bytes of a record that stand in others, which it does not keep alive. */
export function recordOf(bytes: Uint8Array, from: number, end: number): Uint8Array {
  const record = recordBytes(end - from)
  record.set(bytes.subarray(from, end))
  return record
}
