import { Double, isArray, isBinary, isDoc, typeName, type Doc, type Value } from '@stage0/bson-schema'
import type { BSONRegExp, BSONSymbol, Code, ObjectId, Timestamp } from 'bson'

/** A document as server messages show it: `{ a: 1, b: "x" }`. */
export function shellDoc(document: Doc): string {
  if (document.size === 0) return '{}'
  return `{ ${[...document.entries()].map(([key, value]) => `${key}: ${shellValue(value)}`).join(', ')} }`
}

const doubleText = (n: number): string =>
  Number.isInteger(n)
    ? `${n}.0`
    : Number.isNaN(n)
      ? 'nan'
      : n === Infinity
        ? 'inf'
        : n === -Infinity
          ? '-inf'
          : String(n)

/** A value as server messages show it. */
export function shellValue(value: Value): string {
  if (typeof value === 'string') return `"${value}"`
  if (isDoc(value)) return shellDoc(value)
  if (isArray(value)) return value.length === 0 ? '[]' : `[ ${value.map(shellValue).join(', ')} ]`
  if (value instanceof Double) return doubleText(value.value)
  if (value instanceof Date) return `new Date(${value.getTime()})`
  switch (typeName(value)) {
    case 'double':
      return doubleText(value as number)
    case 'objectId':
      return `ObjectId('${(value as ObjectId).toHexString()}')`
    case 'binData':
      return isBinary(value) ? binaryText(value.sub_type, Buffer.from(value.value())) : ''
    case 'regex':
      return `/${(value as BSONRegExp).pattern}/${(value as BSONRegExp).options}`
    case 'timestamp':
      return `Timestamp(${(value as Timestamp).high >>> 0}, ${(value as Timestamp).low >>> 0})`
    case 'javascript':
      return (value as Code).code
    case 'symbol':
      return `"${(value as BSONSymbol).value}"`
    case 'minKey':
      return 'MinKey'
    case 'maxKey':
      return 'MaxKey'
    case 'undefined':
      return 'undefined'
    default:
      return String(value)
  }
}

function binaryText(subtype: number, bytes: Buffer): string {
  const hex = bytes.toString('hex')
  if (subtype !== 4 || bytes.length !== 16) return `BinData(${subtype}, ${hex.toUpperCase()})`
  return `UUID("${hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}")`
}
