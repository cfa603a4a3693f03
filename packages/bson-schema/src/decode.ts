import { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, MaxKey, MinKey, ObjectId, Timestamp } from 'bson'
import { BsonError, MAX_NESTING_LEVELS } from './bson-error.ts'
import { cachedKey } from './key-cache.ts'
import { shareKeys, trimmed } from './share-keys.ts'
import { decodeUtf8 } from './utf8.ts'
import { CodeWithScope, DbPointer, Doc, double, UNDEFINED, type Value } from './value.ts'

/** Smallest document: length and terminator. */
const EMPTY_DOCUMENT_BYTES = 5
const REGEX_OPTIONS = /^[ilmsux]*$/
const MIN_KEY = new MinKey()
const MAX_KEY = new MaxKey()

/**
 * Decodes one BSON document. Of equal keys the last wins, in the place of the first.
 *
 * @throws BsonError when the bytes are not exactly one valid document: wrong lengths, unknown types, invalid UTF-8,
 * more than 200 levels, a date outside JavaScript's range. Never reads outside `bytes`; keeps no reference to it.
 */
export function decode(bytes: Uint8Array): Doc {
  const reader = new Reader(bytes)
  const result = reader.document(bytes.length, 1)
  if (reader.at !== bytes.length) throw new BsonError('bytes after the end of the document', reader.at)
  return result
}

/**
 * One top-level field, without decoding the others. Of equal keys the last counts.
 *
 * @throws BsonError as `decode`, as far as the field names and the lengths of the values go.
 */
export function decodeField(bytes: Uint8Array, key: string): Value | undefined {
  const reader = new Reader(bytes)
  const end = reader.begin(bytes.length)
  let found = -1
  let foundType = 0
  for (;;) {
    const type = reader.type(end)
    if (type === 0) break
    const isKey = reader.key(end) === key
    if (isKey) {
      found = reader.at
      foundType = type
    }
    reader.skip(type, end)
  }
  reader.finish(end)
  if (found < 0) return undefined
  reader.at = found
  return reader.value(foundType, end, 1)
}

/**
 * The value of an element of `type` in `[at, end)`. Of a document or an array it must be all of these bytes.
 *
 * @throws BsonError as `decode`.
 */
export function decodeValue(bytes: Uint8Array, type: number, at: number, end: number): Value {
  if (type === 0x10 && end - at === 4) return int32(bytes, at)
  const reader = new Reader(bytes)
  reader.at = at
  const value = reader.value(type, end, 1)
  if (reader.at !== end) throw new BsonError('bytes after the end of the value', reader.at)
  return value
}

const int32 = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) |
  ((bytes[at + 1] as number) << 8) |
  ((bytes[at + 2] as number) << 16) |
  ((bytes[at + 3] as number) << 24)

/** Numbers the documents of a process, so that the mark of one document is never taken for that of another. */
let documents = 0

class Reader {
  readonly bytes: Uint8Array
  at = 0
  #view: DataView | undefined

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  /** For the rarer types: most documents need none, and its making costs as much as decoding a few fields. */
  private get view(): DataView {
    const { buffer, byteOffset, byteLength } = this.bytes
    return (this.#view ??= new DataView(buffer, byteOffset, byteLength))
  }

  document(limit: number, depth: number): Doc {
    const end = this.begin(limit)
    this.checkDepth(depth)
    const keys: string[] = []
    const values: Value[] = []
    const mark = ++documents
    let uncached: Map<string, number> | undefined
    for (;;) {
      const type = this.type(end)
      if (type === 0) break
      const from = this.at
      const to = this.skipName(end)
      const known = cachedKey(this.bytes, from, to)
      let key: string
      let repeated = -1
      if (known === undefined) {
        key = this.text(from, to)
        uncached ??= new Map()
        repeated = uncached.get(key) ?? -1
        if (repeated < 0) uncached.set(key, keys.length)
      } else {
        key = known.text
        if (known.seen[depth] === mark) repeated = keys.indexOf(key)
        else {
          while (known.seen.length < depth) known.seen.push(0)
          known.seen[depth] = mark
        }
      }
      const value = this.value(type, end, depth)
      if (repeated >= 0) values[repeated] = value
      else {
        keys.push(key)
        values.push(value)
      }
    }
    this.finish(end)
    return new Doc(shareKeys(keys), trimmed(values))
  }

  /** Names of array elements are not looked at, as in the server: the order counts. */
  array(limit: number, depth: number): Value[] {
    const end = this.begin(limit)
    this.checkDepth(depth)
    const values: Value[] = []
    for (;;) {
      const type = this.type(end)
      if (type === 0) break
      this.skipName(end)
      values.push(this.value(type, end, depth))
    }
    this.finish(end)
    return trimmed(values)
  }

  /** Reads the length of a document or array and returns its end; the last byte of it must be zero. */
  begin(limit: number): number {
    const start = this.at
    if (limit - start < EMPTY_DOCUMENT_BYTES) throw new BsonError('document is cut off', start)
    const length = int32(this.bytes, start)
    if (length < EMPTY_DOCUMENT_BYTES || length > limit - start) {
      throw new BsonError(`document length ${length} does not fit`, start)
    }
    const end = start + length
    if (this.bytes[end - 1] !== 0) throw new BsonError('document does not end with a zero byte', end - 1)
    this.at = start + 4
    return end
  }

  finish(end: number): void {
    if (this.at !== end) throw new BsonError('document ends before its stated length', this.at)
  }

  private checkDepth(depth: number): void {
    if (depth > MAX_NESTING_LEVELS) throw new BsonError(`more than ${MAX_NESTING_LEVELS} levels`, this.at)
  }

  type(end: number): number {
    if (this.at >= end) throw new BsonError('document has no end', this.at)
    return this.bytes[this.at++] as number
  }

  key(end: number): string {
    const from = this.at
    const to = this.skipName(end)
    return cachedKey(this.bytes, from, to)?.text ?? this.text(from, to)
  }

  /** Moves behind a zero-terminated text and returns the position of its terminator. */
  private skipName(end: number): number {
    const { bytes } = this
    let i = this.at
    while (i < end && bytes[i] !== 0) i++
    if (i >= end) throw new BsonError('name has no end', this.at)
    this.at = i + 1
    return i
  }

  private text(from: number, to: number): string {
    const text = decodeUtf8(this.bytes, from, to)
    if (text === undefined) throw new BsonError('invalid UTF-8', from)
    return text
  }

  private name(end: number): string {
    const from = this.at
    return this.text(from, this.skipName(end))
  }

  /** Takes `length` bytes and returns where they start. */
  private take(length: number, end: number): number {
    const from = this.at
    if (length > end - from) throw new BsonError('value is cut off', from)
    this.at = from + length
    return from
  }

  private string(end: number): string {
    const at = this.take(4, end)
    const length = int32(this.bytes, at)
    if (length < 1) throw new BsonError(`string length ${length}`, at)
    const from = this.take(length, end)
    if (this.bytes[this.at - 1] !== 0) throw new BsonError('string does not end with a zero byte', this.at - 1)
    return this.text(from, this.at - 1)
  }

  private copy(length: number, end: number): Uint8Array {
    const from = this.take(length, end)
    // A Buffer's own `slice` shares memory.
    const copy = new Uint8Array(length)
    copy.set(this.bytes.subarray(from, this.at))
    return copy
  }

  value(type: number, end: number, depth: number): Value {
    switch (type) {
      case 0x01:
        return double(this.view.getFloat64(this.take(8, end), true))
      case 0x02:
        return this.string(end)
      case 0x03:
        return this.document(end, depth + 1)
      case 0x04:
        return this.array(end, depth + 1)
      case 0x05:
        return this.binary(end)
      case 0x06:
        return UNDEFINED
      case 0x07:
        return this.objectId(end)
      case 0x08:
        return this.bool(end)
      case 0x09:
        return this.date(end)
      case 0x0a:
        return null
      case 0x0b:
        return this.regex(end)
      case 0x0c:
        return new DbPointer(this.string(end), this.objectId(end))
      case 0x0d:
        return new Code(this.string(end))
      case 0x0e:
        return new BSONSymbol(this.string(end))
      case 0x0f:
        return this.codeWithScope(end, depth)
      case 0x10:
        return int32(this.bytes, this.take(4, end))
      case 0x11: {
        const at = this.take(8, end)
        return new Timestamp({ i: this.view.getUint32(at, true), t: this.view.getUint32(at + 4, true) })
      }
      case 0x12:
        return this.view.getBigInt64(this.take(8, end), true)
      case 0x13:
        return new Decimal128(this.copy(16, end))
      case 0xff:
        return MIN_KEY
      case 0x7f:
        return MAX_KEY
      default:
        throw new BsonError(`unknown type 0x${type.toString(16)}`, this.at)
    }
  }

  private objectId(end: number): ObjectId {
    return new ObjectId(this.copy(12, end))
  }

  private bool(end: number): boolean {
    const at = this.take(1, end)
    const byte = this.bytes[at] as number
    if (byte > 1) throw new BsonError(`boolean of value ${byte}`, at)
    return byte === 1
  }

  private date(end: number): Date {
    const at = this.take(8, end)
    const date = new Date(this.view.getInt32(at + 4, true) * 0x100000000 + this.view.getUint32(at, true))
    if (Number.isNaN(date.getTime())) throw new BsonError('date outside of 275,760 years around 1970', at)
    return date
  }

  private regex(end: number): BSONRegExp {
    const pattern = this.name(end)
    const at = this.at
    const options = this.name(end)
    if (!REGEX_OPTIONS.test(options)) throw new BsonError(`regular expression options "${options}"`, at)
    return new BSONRegExp(pattern, options)
  }

  private binary(end: number): Binary {
    const at = this.take(5, end)
    const length = int32(this.bytes, at)
    const subtype = this.bytes[at + 4] as number
    if (length < 0) throw new BsonError(`binary length ${length}`, at)
    if (subtype !== Binary.SUBTYPE_BYTE_ARRAY) return new Binary(this.copy(length, end), subtype)
    // The deprecated subtype 2 carries its length a second time.
    const inner = int32(this.bytes, this.take(4, end))
    if (inner !== length - 4) throw new BsonError('inner length of binary subtype 2', at)
    return new Binary(this.copy(inner, end), subtype)
  }

  private codeWithScope(end: number, depth: number): CodeWithScope {
    const at = this.take(4, end)
    const length = int32(this.bytes, at)
    if (length < 14 || length > end - at) throw new BsonError(`length ${length} of code with scope`, at)
    const ownEnd = at + length
    const code = this.string(ownEnd)
    const scope = this.document(ownEnd, depth + 1)
    if (this.at !== ownEnd) throw new BsonError('length of code with scope', at)
    return new CodeWithScope(code, scope)
  }

  skip(type: number, end: number): void {
    switch (type) {
      case 0x01:
      case 0x09:
      case 0x11:
      case 0x12:
        this.take(8, end)
        return
      case 0x02:
      case 0x0d:
      case 0x0e:
        this.skipString(end)
        return
      case 0x03:
      case 0x04: {
        this.at = this.begin(end)
        return
      }
      case 0x10:
        this.take(4, end)
        return
      case 0x07:
        this.take(12, end)
        return
      case 0x08:
        this.take(1, end)
        return
      case 0x13:
        this.take(16, end)
        return
      case 0x06:
      case 0x0a:
      case 0xff:
      case 0x7f:
        return
      default:
        this.value(type, end, 1)
    }
  }

  private skipString(end: number): void {
    const at = this.take(4, end)
    const length = int32(this.bytes, at)
    if (length < 1) throw new BsonError(`string length ${length}`, at)
    this.take(length, end)
  }
}
