import type { Binary, BSONRegExp, BSONSymbol, Code, ObjectId, Timestamp } from 'bson'
import { compareNumbers, type NumericValue } from './compare-numbers.ts'
import { TYPE_NUMBERS, typeNumber, type TypeNumber } from './types.ts'
import type { CodeWithScope, DbPointer, Doc, Value } from './value.ts'

export interface CompareOptions {
  /** Compares strings and symbols by a collation; absent means the byte order of UTF-8. */
  readonly stringCompare?: ((a: string, b: string) => number) | undefined
}

/** Rank of each type in the canonical order. Types of one rank are compared by value. Source: manual, BSON comparison order. */
const RANKS: Readonly<Record<TypeNumber, number>> = {
  [TYPE_NUMBERS.minKey]: 0,
  [TYPE_NUMBERS.undefined]: 1,
  [TYPE_NUMBERS.null]: 2,
  [TYPE_NUMBERS.int]: 3,
  [TYPE_NUMBERS.long]: 3,
  [TYPE_NUMBERS.double]: 3,
  [TYPE_NUMBERS.decimal]: 3,
  [TYPE_NUMBERS.string]: 4,
  [TYPE_NUMBERS.symbol]: 4,
  [TYPE_NUMBERS.object]: 5,
  [TYPE_NUMBERS.array]: 6,
  [TYPE_NUMBERS.binData]: 7,
  [TYPE_NUMBERS.objectId]: 8,
  [TYPE_NUMBERS.bool]: 9,
  [TYPE_NUMBERS.date]: 10,
  [TYPE_NUMBERS.timestamp]: 11,
  [TYPE_NUMBERS.regex]: 12,
  [TYPE_NUMBERS.dbPointer]: 13,
  [TYPE_NUMBERS.javascript]: 14,
  [TYPE_NUMBERS.javascriptWithScope]: 15,
  [TYPE_NUMBERS.maxKey]: 16,
}

/** Place of the value's type in the canonical order of types; equal for types that are compared by value. */
export const typeRank = (value: Value): number => RANKS[typeNumber(value)]

/** Whether a query operator such as `$gt` compares the two at all: same type, or both numbers, or both strings. */
export const sameBracket = (a: Value, b: Value): boolean => typeRank(a) === typeRank(b)

/** MongoDB's canonical order of all values, as a sort uses it. What stands for a missing field is up to the caller. */
export function compareValues(a: Value, b: Value, options?: CompareOptions): number {
  if (typeof a === 'string' && typeof b === 'string') {
    return options?.stringCompare ? options.stringCompare(a, b) : compareStrings(a, b)
  }
  if (typeof a === 'number' && typeof b === 'number') return compareNumbers(a, b)
  const type = typeNumber(a)
  const difference = RANKS[type] - RANKS[typeNumber(b)]
  return difference !== 0 ? Math.sign(difference) : compareSameRank(type, a, b, options)
}

export const equalValues = (a: Value, b: Value, options?: CompareOptions): boolean => compareValues(a, b, options) === 0

function compareSameRank(type: TypeNumber, a: Value, b: Value, options: CompareOptions | undefined): number {
  switch (RANKS[type]) {
    case 3:
      return compareNumbers(a as NumericValue, b as NumericValue)
    case 4:
      return (options?.stringCompare ?? compareStrings)(textOf(a), textOf(b))
    case 5:
      return compareDocs(a as Doc, b as Doc, options)
    case 6:
      return compareArrays(a as readonly Value[], b as readonly Value[], options)
    case 7:
      return compareBinary(a as Binary, b as Binary)
    case 8:
      return compareStrings((a as ObjectId).toHexString(), (b as ObjectId).toHexString())
    case 9:
    case 10:
      return Math.sign(Number(a) - Number(b))
    case 11:
      return compareTimestamps(a as Timestamp, b as Timestamp)
    case 12:
      return (
        compareStrings((a as BSONRegExp).pattern, (b as BSONRegExp).pattern) ||
        compareStrings((a as BSONRegExp).options, (b as BSONRegExp).options)
      )
    case 13:
      return compareDbPointers(a as DbPointer, b as DbPointer)
    case 14:
      return compareStrings((a as Code).code, (b as Code).code)
    case 15:
      return (
        compareStrings((a as CodeWithScope).code, (b as CodeWithScope).code) ||
        compareDocs((a as CodeWithScope).scope, (b as CodeWithScope).scope, undefined)
      )
    default:
      return 0
  }
}

const textOf = (value: Value): string => (typeof value === 'string' ? value : (value as BSONSymbol).value)

const SURROGATES_FROM = 0xd800
const SURROGATES_TO = 0xdfff

/** Compares by code point, which is the order of the UTF-8 bytes; JavaScript's own order differs above U+FFFF. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x === y) continue
    const xIsHigh = x >= SURROGATES_FROM && x <= SURROGATES_TO
    const yIsHigh = y >= SURROGATES_FROM && y <= SURROGATES_TO
    if (xIsHigh !== yIsHigh) return xIsHigh ? 1 : -1
    return x < y ? -1 : 1
  }
  return a.length < b.length ? -1 : 1
}

/** Field by field: type first, then name, then value; a document that ends earlier is less. */
function compareDocs(a: Doc, b: Doc, options: CompareOptions | undefined): number {
  const length = Math.min(a.size, b.size)
  for (let i = 0; i < length; i++) {
    const x = a.values[i] as Value
    const y = b.values[i] as Value
    const byType = typeRank(x) - typeRank(y)
    if (byType !== 0) return Math.sign(byType)
    const byName = compareStrings(a.keys[i] as string, b.keys[i] as string)
    if (byName !== 0) return byName
    const byValue = compareValues(x, y, options)
    if (byValue !== 0) return byValue
  }
  return Math.sign(a.size - b.size)
}

function compareArrays(a: readonly Value[], b: readonly Value[], options: CompareOptions | undefined): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const result = compareValues(a[i] as Value, b[i] as Value, options)
    if (result !== 0) return result
  }
  return Math.sign(a.length - b.length)
}

/** By length, then subtype, then bytes. */
function compareBinary(a: Binary, b: Binary): number {
  if (a.position !== b.position) return a.position < b.position ? -1 : 1
  if (a.sub_type !== b.sub_type) return a.sub_type < b.sub_type ? -1 : 1
  for (let i = 0; i < a.position; i++) {
    const difference = (a.buffer[i] as number) - (b.buffer[i] as number)
    if (difference !== 0) return Math.sign(difference)
  }
  return 0
}

const compareTimestamps = (a: Timestamp, b: Timestamp): number =>
  Math.sign((a.high >>> 0) - (b.high >>> 0)) || Math.sign((a.low >>> 0) - (b.low >>> 0))

/** By length of the namespace, then by its bytes, then by id. Two of other bytes but one length differ in the bytes. */
function compareDbPointers(a: DbPointer, b: DbPointer): number {
  const byLength = utf8Length(a.namespace) - utf8Length(b.namespace)
  if (byLength !== 0) return Math.sign(byLength)
  return compareStrings(a.namespace, b.namespace) || compareStrings(a.id.toHexString(), b.id.toHexString())
}

/** Number of bytes of a text in UTF-8; a lone surrogate counts as the replacement character, as encoders write it. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    bytes += unit < 0x800 ? 1 : 2
    if (unit >= 0xd800 && unit <= 0xdbff) {
      const next = text.charCodeAt(i + 1)
      // A pair is four bytes in all: one more than the lead counts so far, and nothing for the trail.
      if (next >= 0xdc00 && next <= 0xdfff) i++
    }
  }
  return bytes
}
