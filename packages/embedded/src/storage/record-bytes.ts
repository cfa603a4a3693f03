const BLOCK_BYTES = 32_768
/** Larger ones have memory of their own. */
const SHARING_BYTES = BLOCK_BYTES / 4

let block = new ArrayBuffer(0)
let used = 0

/** Where `length` bytes have room in the block, which is a new one when it was full. */
function startOf(length: number): number {
  if (used + length > block.byteLength) {
    // Not filled with zeros, since it will be written anyway.
    block = Buffer.allocUnsafeSlow(BLOCK_BYTES).buffer as ArrayBuffer
    used = 0
  }
  return used
}

/**
 * Room for the bytes of one record, to be filled wholly. Small records share blocks: memory of its own costs each of them as
 * much as its bytes again, and a record that pointed into the message which brought it would keep all of that alive.
 */
export function recordBytes(length: number): Uint8Array {
  if (length > SHARING_BYTES) return new Uint8Array(length)
  const at = startOf(length)
  used = at + length
  return new Uint8Array(block, at, length)
}

/** The bytes of a record that stand in others, which it does not keep alive. */
export function recordOf(bytes: Uint8Array, from: number, end: number): Uint8Array {
  const record = recordBytes(end - from)
  record.set(bytes.subarray(from, end))
  return record
}

/**
 * As `recordOf` for records that follow each other in the same bytes: a block is filled at once, so that most records are
 * already there when they are asked for. The bytes must not change before the last one; what stands behind `end` is no record.
 */
export class RecordRow {
  readonly #source: Uint8Array
  readonly #end: number
  #block = block
  /** What of the source stands in the block, from `#at` on. */
  #copied = { from: 0, end: 0, at: 0 }

  constructor(source: Uint8Array, end: number) {
    this.#source = source
    this.#end = end
  }

  record(from: number, end: number): Uint8Array {
    const length = end - from
    if (length > SHARING_BYTES) return recordOf(this.#source, from, end)
    if (from < this.#copied.from || end > this.#copied.end) this.#copy(from, length)
    return new Uint8Array(this.#block, this.#copied.at + from - this.#copied.from, length)
  }

  #copy(from: number, length: number): void {
    const at = startOf(length)
    const end = Math.min(this.#end, from + block.byteLength - at)
    new Uint8Array(block, at, end - from).set(this.#source.subarray(from, end))
    used = at + end - from
    this.#block = block
    this.#copied = { from, end, at }
  }
}
