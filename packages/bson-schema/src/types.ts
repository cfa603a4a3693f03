import type { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, ObjectId, Timestamp } from 'bson'
import { BsonUndefined, CodeWithScope, DbPointer, Doc, Double, isInt32, type Value } from './value.ts'

/** The BSON type numbers (bsonspec.org); -1 and 127 are MinKey and MaxKey, as `$type` takes them. */
export const TYPE_NUMBERS = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
} as const

export type TypeName = keyof typeof TYPE_NUMBERS
export type TypeNumber = (typeof TYPE_NUMBERS)[TypeName]

const NAMES: ReadonlyMap<number, TypeName> = new Map(
  Object.entries(TYPE_NUMBERS).map(([name, number]) => [number, name as TypeName]),
)

/** The alias of a type number, as `$type` names it. */
export const typeNameOf = (number: number): TypeName | undefined => NAMES.get(number)

const BY_TAG: ReadonlyMap<string, TypeNumber> = new Map([
  ['ObjectId', TYPE_NUMBERS.objectId],
  ['Decimal128', TYPE_NUMBERS.decimal],
  ['Binary', TYPE_NUMBERS.binData],
  ['BSONRegExp', TYPE_NUMBERS.regex],
  ['Timestamp', TYPE_NUMBERS.timestamp],
  ['MinKey', TYPE_NUMBERS.minKey],
  ['MaxKey', TYPE_NUMBERS.maxKey],
  ['Code', TYPE_NUMBERS.javascript],
  ['BSONSymbol', TYPE_NUMBERS.symbol],
])

/** The BSON type of a value. A thing that is no `Value` is a defect and throws `TypeError`. */
export function typeNumber(value: Value): TypeNumber {
  switch (typeof value) {
    case 'string':
      return TYPE_NUMBERS.string
    case 'number':
      return isInt32(value) ? TYPE_NUMBERS.int : TYPE_NUMBERS.double
    case 'boolean':
      return TYPE_NUMBERS.bool
    case 'bigint':
      return TYPE_NUMBERS.long
    default:
  }
  if (value === null) return TYPE_NUMBERS.null
  if (value instanceof Doc) return TYPE_NUMBERS.object
  if (Array.isArray(value)) return TYPE_NUMBERS.array
  if (value instanceof Date) return TYPE_NUMBERS.date
  if (value instanceof Double) return TYPE_NUMBERS.double
  if (value instanceof BsonUndefined) return TYPE_NUMBERS.undefined
  if (value instanceof CodeWithScope) return TYPE_NUMBERS.javascriptWithScope
  if (value instanceof DbPointer) return TYPE_NUMBERS.dbPointer
  const tag: unknown = (value as { readonly _bsontype?: unknown } | undefined)?._bsontype
  const number = typeof tag === 'string' ? BY_TAG.get(tag) : undefined
  if (number === undefined) throw new TypeError(`not a BSON value: ${typeof value} ${String(tag ?? '')}`)
  return number
}

/** The type's alias: "int", "double", "object" ... */
export const typeName = (value: Value): TypeName => NAMES.get(typeNumber(value)) as TypeName

export const isNumeric = (value: Value | undefined): value is number | bigint | Double | Decimal128 =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof Double || isDecimal(value)

const hasTag = (value: unknown, tag: string): boolean =>
  typeof value === 'object' && value !== null && (value as { readonly _bsontype?: unknown })._bsontype === tag

/*
 * The classes of `bson` are told apart by their tag: a second copy of the package in one process has other classes.
 */
export const isDecimal = (value: unknown): value is Decimal128 => hasTag(value, 'Decimal128')
export const isObjectId = (value: unknown): value is ObjectId => hasTag(value, 'ObjectId')
export const isBinary = (value: unknown): value is Binary => hasTag(value, 'Binary')
export const isRegex = (value: unknown): value is BSONRegExp => hasTag(value, 'BSONRegExp')
export const isTimestamp = (value: unknown): value is Timestamp => hasTag(value, 'Timestamp')
export const isCode = (value: unknown): value is Code => hasTag(value, 'Code')
export const isSymbol = (value: unknown): value is BSONSymbol => hasTag(value, 'BSONSymbol')
