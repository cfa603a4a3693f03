import type { Binary, BSONRegExp, BSONSymbol, Code } from 'bson'
import { utf8Length } from './compare.ts'
import { TYPE_NUMBERS, typeNumber } from './types.ts'
import type { CodeWithScope, DbPointer, Doc, Value } from './value.ts'

const SUBTYPE_BYTE_ARRAY = 2

/** Size of the document in bytes as BSON, without encoding it. */
export function documentSize(document: Doc): number {
  let size = 5
  for (let i = 0; i < document.size; i++) {
    size += 2 + utf8Length(document.keys[i] as string) + sizeOfValue(document.values[i] as Value)
  }
  return size
}

function sizeOfArray(items: readonly Value[]): number {
  let size = 5
  for (let i = 0; i < items.length; i++) size += 2 + String(i).length + sizeOfValue(items[i] as Value)
  return size
}

function sizeOfValue(value: Value): number {
  switch (typeNumber(value)) {
    case TYPE_NUMBERS.double:
    case TYPE_NUMBERS.date:
    case TYPE_NUMBERS.timestamp:
    case TYPE_NUMBERS.long:
      return 8
    case TYPE_NUMBERS.string:
      return 5 + utf8Length(value as string)
    case TYPE_NUMBERS.object:
      return documentSize(value as Doc)
    case TYPE_NUMBERS.array:
      return sizeOfArray(value as readonly Value[])
    case TYPE_NUMBERS.binData: {
      const binary = value as Binary
      return 5 + binary.position + (binary.sub_type === SUBTYPE_BYTE_ARRAY ? 4 : 0)
    }
    case TYPE_NUMBERS.objectId:
      return 12
    case TYPE_NUMBERS.bool:
      return 1
    case TYPE_NUMBERS.regex:
      return 2 + utf8Length((value as BSONRegExp).pattern) + utf8Length((value as BSONRegExp).options)
    case TYPE_NUMBERS.dbPointer:
      return 17 + utf8Length((value as DbPointer).namespace)
    case TYPE_NUMBERS.javascript:
      return 5 + utf8Length((value as Code).code)
    case TYPE_NUMBERS.symbol:
      return 5 + utf8Length((value as BSONSymbol).value)
    case TYPE_NUMBERS.javascriptWithScope:
      return 9 + utf8Length((value as CodeWithScope).code) + documentSize((value as CodeWithScope).scope)
    case TYPE_NUMBERS.int:
      return 4
    case TYPE_NUMBERS.decimal:
      return 16
    default:
      return 0
  }
}
