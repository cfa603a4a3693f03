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

/** The number of a log's first record; undefined where these are not the first bytes of the log of `generation`. */
export function readLogHead(bytes: Uint8Array, generation: number): number | undefined {
  if (bytes.length < LOG_HEAD_BYTES) return undefined
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, LOG_HEAD_BYTES)
  const isOurs =
    head.toString('latin1', 0, 8) === MAGIC &&
    head.readUInt32LE(8) === FORMAT_VERSION &&
    head.readUInt32LE(12) === generation &&
    head.readUInt32LE(24) === crc32(head.subarray(0, 24))
  return isOurs ? Number(head.readBigUInt64LE(16)) : undefined
}
