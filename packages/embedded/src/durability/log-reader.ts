import type { InputFile } from './files.ts'
import { FRAME_HEAD_BYTES, judgeLogHead, LOG_HEAD_BYTES, readFrameHead, type Frame, type LogHead } from './frame.ts'

/** Read at once: far more than a usual record, far less than a log. */
const WINDOW_BYTES = 4 * 1024 * 1024

/** Where the readable part of a log ends. */
export interface LogEnd {
  /** Of the log: of one whose head is unknown nothing was read, and a head that was not finished is whole as far as it goes. */
  readonly head: LogHead
  /** The first byte that is not part of a whole record. */
  readonly offset: number
  /** Bytes from there to the end of the file. */
  readonly rest: number
  /** Whole records among the rest: not a write that was cut off, but damage in the middle. */
  readonly recordsAfter: number
  /**
   * The rest is as long as the record that it begins with says: its write was cut off in a file that had its size already, or
   * its bytes have changed since. Otherwise the file ends before the record does, or nothing but its size was written.
   */
  readonly isWholeInLength: boolean
  /** The number that the next record gets. */
  readonly nextSequence: number
  /** Of the last whole record. */
  readonly lastTime: Date | undefined
}

/** A file read through a window, so that small records do not cost a system call each. */
class Window {
  readonly #file: InputFile
  #from = 0
  #bytes: Uint8Array = new Uint8Array(0)

  constructor(file: InputFile) {
    this.#file = file
  }

  /** `length` bytes at `at`; undefined where the file ends before. Valid until the next call. */
  bytes(at: number, length: number): Uint8Array | undefined {
    if (at + length > this.#file.size) return undefined
    if (at < this.#from || at + length > this.#from + this.#bytes.length) {
      this.#bytes = this.#file.read(at, Math.max(length, WINDOW_BYTES))
      this.#from = at
      if (this.#bytes.length < length) return undefined
    }
    return this.#bytes.subarray(at - this.#from, at - this.#from + length)
  }

  /** The whole record at `at`, if there is one whose number is in the range. */
  frame(at: number, least: number, most: number): Frame | undefined {
    const head = this.bytes(at, FRAME_HEAD_BYTES)
    if (head === undefined) return undefined
    const { length, sequence, time, fits } = readFrameHead(head.slice())
    if (sequence < least || sequence > most) return undefined
    const payload = this.bytes(at + FRAME_HEAD_BYTES, length)
    return payload !== undefined && fits(payload) ? { sequence, time, payload } : undefined
  }
}

/**
 * Hands the records of the log of `generation` that begins with record `firstSequence` to `take`, in order, until the first
 * that is not whole, and says what comes after. A log whose head was not finished is an empty one.
 */
export function readLog(
  file: InputFile,
  generation: number,
  firstSequence: number,
  take: (frame: Frame) => void,
): LogEnd {
  if (file.size < LOG_HEAD_BYTES) {
    return { head: 'whole', offset: 0, rest: file.size, recordsAfter: 0, ...nothingRead(firstSequence) }
  }
  const window = new Window(file)
  const head = judgeLogHead(file.read(0, LOG_HEAD_BYTES), generation, firstSequence)
  if (head === 'unknown') {
    const recordsAfter = countWhole(window, LOG_HEAD_BYTES - 1, file.size, firstSequence)
    return { head, offset: 0, rest: file.size, recordsAfter, ...nothingRead(firstSequence) }
  }
  let offset = LOG_HEAD_BYTES
  let nextSequence = firstSequence
  let lastTime: Date | undefined
  for (;;) {
    const frame = window.frame(offset, nextSequence, nextSequence)
    if (frame === undefined) break
    take(frame)
    offset += FRAME_HEAD_BYTES + frame.payload.length
    nextSequence++
    lastTime = frame.time
  }
  const rest = file.size - offset
  const recordsAfter = countWhole(window, offset, file.size, nextSequence)
  return { head, offset, rest, recordsAfter, isWholeInLength: isWholeInLength(file, offset), nextSequence, lastTime }
}

const nothingRead = (nextSequence: number) => ({ isWholeInLength: false, nextSequence, lastTime: undefined })

function isWholeInLength(file: InputFile, offset: number): boolean {
  const rest = file.read(offset, file.size - offset)
  if (rest.length < FRAME_HEAD_BYTES || rest.every((byte) => byte === 0)) return false
  if (readFrameHead(rest).length <= rest.length - FRAME_HEAD_BYTES) return true
  // The length itself may be what has changed.
  const head = Buffer.from(rest.subarray(0, FRAME_HEAD_BYTES))
  head.writeUInt32LE(rest.length - FRAME_HEAD_BYTES, 0)
  return readFrameHead(head).fits(rest.subarray(FRAME_HEAD_BYTES))
}

/** Whole records anywhere after a bad place: every byte may be the beginning of one. */
function countWhole(window: Window, from: number, size: number, nextSequence: number): number {
  let count = 0
  // No more records than this can have been written, so no higher number can be one of this log.
  let least = nextSequence
  const most = nextSequence + Math.ceil((size - from) / FRAME_HEAD_BYTES)
  for (let at = from + 1; at + FRAME_HEAD_BYTES <= size; at++) {
    const frame = window.frame(at, least, most)
    if (frame === undefined) continue
    count++
    least = frame.sequence + 1
    at += FRAME_HEAD_BYTES + frame.payload.length - 1
  }
  return count
}
