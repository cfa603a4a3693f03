import type { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, ObjectId, Timestamp } from 'bson'
import { BsonError, MAX_NESTING_LEVELS } from './bson-error.ts'
import { TYPE_NUMBERS, typeNumber } from './types.ts'
import { encodeUtf8 } from './utf8.ts'
import type { CodeWithScope, DbPointer, Doc, Double, Value } from './value.ts'

const INITIAL_BYTES = 1 << 16
/** The scratch buffer is given back above this size, so that one large document does not hold memory for ever. */
const KEPT_BYTES = 1 << 22
const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n
const SUBTYPE_BYTE_ARRAY = 2

let buffer = new Uint8Array(INITIAL_BYTES)
let view = new DataView(buffer.buffer)
let at = 0

/**
 * Encodes a document.
 *
 * @throws BsonError for what BSON cannot hold: a key or a pattern with a zero byte, a `bigint` outside of int64,
 * an invalid date, more than 200 levels.
 */
export const encode = (document: Doc): Uint8Array => encodeInto(document, (bytes) => new Uint8Array(bytes))

/** As `encode`; `room` gives the memory of exactly so many bytes that the result is written to. */
export function encodeInto(document: Doc, room: (bytes: number) => Uint8Array): Uint8Array {
  at = 0
  writeDocument(document, 1)
  const result = room(at)
  result.set(buffer.subarray(0, at))
  if (buffer.length > KEPT_BYTES) allocate(INITIAL_BYTES)
  return result
}

function allocate(size: number): void {
  buffer = new Uint8Array(size)
  view = new DataView(buffer.buffer)
}

function reserve(bytes: number): void {
  if (at + bytes <= buffer.length) return
  const old = buffer
  allocate(Math.max(old.length * 2, at + bytes))
  buffer.set(old.subarray(0, at))
}

function writeDocument(document: Doc, depth: number): void {
  const start = begin(depth)
  for (let i = 0; i < document.keys.length; i++) {
    writeElement(document.keys[i] as string, document.values[i] as Value, depth)
  }
  end(start)
}

const indexNames: string[] = []

function writeArray(items: readonly Value[], depth: number): void {
  const start = begin(depth)
  for (let i = 0; i < items.length; i++) {
    const name = i < 1000 ? (indexNames[i] ??= String(i)) : String(i)
    writeElement(name, items[i] as Value, depth)
  }
  end(start)
}

function begin(depth: number): number {
  if (depth > MAX_NESTING_LEVELS) throw new BsonError(`more than ${MAX_NESTING_LEVELS} levels`)
  const start = at
  reserve(4)
  at += 4
  return start
}

function end(start: number): void {
  reserve(1)
  buffer[at++] = 0
  view.setInt32(start, at - start, true)
}

function writeElement(key: string, value: Value, depth: number): void {
  const type = typeNumber(value)
  reserve(1)
  buffer[at++] = type & 0xff
  writeName(key)
  writeValue(type, value, depth)
}

function writeName(text: string): void {
  if (text.includes('\0')) throw new BsonError(`zero byte in the name ${JSON.stringify(text)}`)
  reserve(text.length * 3 + 1)
  at = encodeUtf8(text, buffer, at)
  buffer[at++] = 0
}

function writeString(text: string): void {
  reserve(text.length * 3 + 5)
  const start = at
  at = encodeUtf8(text, buffer, at + 4)
  buffer[at++] = 0
  view.setInt32(start, at - start - 4, true)
}

function writeBytes(bytes: Uint8Array): void {
  reserve(bytes.length)
  buffer.set(bytes, at)
  at += bytes.length
}

function writeInt32(n: number): void {
  reserve(4)
  view.setInt32(at, n, true)
  at += 4
}

function writeDouble(n: number): void {
  reserve(8)
  view.setFloat64(at, n, true)
  at += 8
}

function writeInt64(n: bigint): void {
  if (n < INT64_MIN || n > INT64_MAX) throw new BsonError(`${n} is outside of the 64-bit integers`)
  reserve(8)
  view.setBigInt64(at, n, true)
  at += 8
}

function writeValue(type: number, value: Value, depth: number): void {
  switch (type) {
    case TYPE_NUMBERS.double:
      return writeDouble(typeof value === 'number' ? value : (value as Double).value)
    case TYPE_NUMBERS.string:
      return writeString(value as string)
    case TYPE_NUMBERS.object:
      return writeDocument(value as Doc, depth + 1)
    case TYPE_NUMBERS.array:
      return writeArray(value as readonly Value[], depth + 1)
    case TYPE_NUMBERS.binData:
      return writeBinary(value as Binary)
    case TYPE_NUMBERS.objectId:
      return writeBytes((value as ObjectId).id)
    case TYPE_NUMBERS.bool:
      reserve(1)
      buffer[at++] = value === true ? 1 : 0
      return
    case TYPE_NUMBERS.date: {
      const time = (value as Date).getTime()
      if (Number.isNaN(time)) throw new BsonError('invalid date')
      return writeInt64(BigInt(time))
    }
    case TYPE_NUMBERS.regex:
      writeName((value as BSONRegExp).pattern)
      return writeName((value as BSONRegExp).options)
    case TYPE_NUMBERS.dbPointer:
      writeString((value as DbPointer).namespace)
      return writeBytes((value as DbPointer).id.id)
    case TYPE_NUMBERS.javascript:
      return writeString((value as Code).code)
    case TYPE_NUMBERS.symbol:
      return writeString((value as BSONSymbol).value)
    case TYPE_NUMBERS.javascriptWithScope: {
      const start = at
      writeInt32(0)
      writeString((value as CodeWithScope).code)
      writeDocument((value as CodeWithScope).scope, depth + 1)
      view.setInt32(start, at - start, true)
      return
    }
    case TYPE_NUMBERS.int:
      return writeInt32(value as number)
    case TYPE_NUMBERS.timestamp:
      writeInt32((value as Timestamp).low)
      return writeInt32((value as Timestamp).high)
    case TYPE_NUMBERS.long:
      return writeInt64(value as bigint)
    case TYPE_NUMBERS.decimal:
      return writeBytes((value as Decimal128).bytes)
    default:
      // undefined, null, MinKey, MaxKey: the type says it all.
      return
  }
}

function writeBinary(value: Binary): void {
  const old = value.sub_type === SUBTYPE_BYTE_ARRAY
  writeInt32(value.position + (old ? 4 : 0))
  reserve(1)
  buffer[at++] = value.sub_type
  if (old) writeInt32(value.position)
  writeBytes(value.buffer.subarray(0, value.position))
}
