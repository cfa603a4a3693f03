import { crc32 } from 'node:zlib'

/**
 * One record of a log: length of the payload (uint32), checksum (uint32), sequence number (uint64), time (uint64,
 * milliseconds of the epoch), payload; all little-endian. The checksum covers everything but itself.
 */
export const FRAME_HEAD_BYTES = 24

/** The head of a log: eight letters, version of the format, generation (uint32 each), number of the first record (uint64), checksum. */
export const LOG_HEAD_BYTES = 28
export const FORMAT_VERSION = 1
const MAGIC = 'STAGE0LG'

export interface Frame {
  readonly sequence: number
  readonly time: Date
  readonly payload: Uint8Array
}

/** The bytes of a record: its head, then the parts as they are. */
export function frameParts(sequence: number, time: Date, payload: readonly Uint8Array[]): readonly Uint8Array[] {
  let length = 0
  for (const part of payload) length += part.length
  const head = Buffer.alloc(FRAME_HEAD_BYTES)
  head.writeUInt32LE(length, 0)
  head.writeBigUInt64LE(BigInt(sequence), 8)
  head.writeBigUInt64LE(BigInt(time.getTime()), 16)
  let sum = headSum(head)
  for (const part of payload) sum = crc32(part, sum)
  head.writeUInt32LE(sum, 4)
  return [head, ...payload]
}

const headSum = (head: Buffer): number => crc32(head.subarray(8), crc32(head.subarray(0, 4)))

export interface FrameHead {
  readonly length: number
  readonly sequence: number
  readonly time: Date
  /** Whether the payload is the one that was written. */
  readonly fits: (payload: Uint8Array) => boolean
}

/** What the head of a record says; nothing of it is certain before `fits`. */
export function readFrameHead(bytes: Uint8Array): FrameHead {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, FRAME_HEAD_BYTES)
  const sum = head.readUInt32LE(4)
  return {
    length: head.readUInt32LE(0),
    sequence: Number(head.readBigUInt64LE(8)),
    time: new Date(Number(head.readBigUInt64LE(16))),
    fits: (payload) => crc32(payload, headSum(head)) === sum,
  }
}

/** The first bytes of a log whose records begin with `firstSequence`. */
export function logHead(generation: number, firstSequence: number): Uint8Array {
  const head = Buffer.alloc(LOG_HEAD_BYTES)
  head.write(MAGIC, 0, 'latin1')
  head.writeUInt32LE(FORMAT_VERSION, 8)
  head.writeUInt32LE(generation, 12)
  head.writeBigUInt64LE(BigInt(firstSequence), 16)
  head.writeUInt32LE(crc32(head.subarray(0, 24)), 24)
  return head
}

/** What the first bytes of a log are, seen from the one that is looked for. */
export type LogHead =
  | 'whole'
  /** Not what was written, but still certainly of that log. */
  | 'damaged'
  /** Of another log, or too damaged to say. */
  | 'unknown'

/**
 * Judges the first bytes of a log against those of the log of `generation` that begins with record `firstSequence`. A damaged
 * head is of that log where it names generation and record, or has the checksum that only these two give.
 */
export function judgeLogHead(bytes: Uint8Array, generation: number, firstSequence: number): LogHead {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, LOG_HEAD_BYTES)
  const expected = Buffer.from(logHead(generation, firstSequence))
  if (head.equals(expected)) return 'whole'
  // Whole, and of another log.
  if (head.readUInt32LE(24) === crc32(head.subarray(0, 24))) return 'unknown'
  const isSame = (from: number, to: number): boolean => head.subarray(from, to).equals(expected.subarray(from, to))
  return isSame(12, 24) || isSame(24, LOG_HEAD_BYTES) ? 'damaged' : 'unknown'
}
