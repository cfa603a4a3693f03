import type { Binary, BSONRegExp, BSONSymbol, Code, ObjectId, Timestamp } from 'bson'
import { compareStrings } from './compare.ts'
import { numberKey, type NumericValue } from './compare-numbers.ts'
import { TYPE_NUMBERS, typeNumber } from './types.ts'
import type { CodeWithScope, DbPointer, Doc, Value } from './value.ts'

export interface HashOptions {
  /** Maps strings that a collation holds equal to one text; absent means every string is its own. */
  readonly stringKey?: ((text: string) => string) | undefined
  /** Whether documents that differ in the order of fields only are equal, as in `enum` and `uniqueItems`. */
  readonly ignoreFieldOrder?: boolean | undefined
}

/**
 * A text that is equal exactly for values that `compareValues` holds equal, for use as the key of a `Map`.
 * Every part is self-delimiting (texts carry their length), so that no two values can share a text.
 */
export function hashKey(value: Value, options?: HashOptions): string {
  if (typeof value === 'string') return textKey('s', options?.stringKey ? options.stringKey(value) : value)
  if (typeof value === 'number') return `n${value === 0 ? '0' : value};`
  switch (typeNumber(value)) {
    case TYPE_NUMBERS.double:
    case TYPE_NUMBERS.int:
    case TYPE_NUMBERS.long:
    case TYPE_NUMBERS.decimal:
      return `n${numberKey(value as NumericValue)};`
    case TYPE_NUMBERS.string:
    case TYPE_NUMBERS.symbol:
      return hashKey((value as BSONSymbol).value, options)
    case TYPE_NUMBERS.object:
      return docKey(value as Doc, options)
    case TYPE_NUMBERS.array:
      return `[${(value as readonly Value[]).map((item) => hashKey(item, options)).join('')}]`
    case TYPE_NUMBERS.binData:
      return binaryKey(value as Binary)
    case TYPE_NUMBERS.objectId:
      return `o${(value as ObjectId).toHexString()}`
    case TYPE_NUMBERS.bool:
      return value === true ? 't' : 'f'
    case TYPE_NUMBERS.date:
      return `d${(value as Date).getTime()};`
    case TYPE_NUMBERS.timestamp:
      return `T${(value as Timestamp).high >>> 0}.${(value as Timestamp).low >>> 0};`
    case TYPE_NUMBERS.regex:
      return textKey('r', (value as BSONRegExp).pattern) + textKey('', (value as BSONRegExp).options)
    case TYPE_NUMBERS.dbPointer:
      return textKey('p', (value as DbPointer).namespace) + (value as DbPointer).id.toHexString()
    case TYPE_NUMBERS.javascript:
      return textKey('c', (value as Code).code)
    case TYPE_NUMBERS.javascriptWithScope:
      return textKey('C', (value as CodeWithScope).code) + docKey((value as CodeWithScope).scope, undefined)
    case TYPE_NUMBERS.null:
      return 'z'
    case TYPE_NUMBERS.undefined:
      return 'u'
    case TYPE_NUMBERS.minKey:
      return '<'
    case TYPE_NUMBERS.maxKey:
      return '>'
  }
}

const textKey = (tag: string, text: string): string => `${tag}${text.length}:${text}`

function docKey(value: Doc, options: HashOptions | undefined): string {
  const fields = value.keys.map((key, i) => textKey('', key) + hashKey(value.values[i] as Value, options))
  if (options?.ignoreFieldOrder === true) fields.sort(compareStrings)
  return `{${fields.join('')}}`
}

function binaryKey(value: Binary): string {
  let text = `b${value.sub_type}.${value.position}:`
  for (let i = 0; i < value.position; i++) text += String.fromCharCode(value.buffer[i] as number)
  return text
}
