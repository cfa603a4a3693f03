import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import {
  BsonUndefined,
  CodeWithScope,
  DbPointer,
  Double,
  isBinary,
  isCode,
  isDecimal,
  isDoc,
  isObjectId,
  isRegex,
  isSymbol,
  isTimestamp,
  type Doc,
} from '@stage0/bson-schema'

/** SHA-256 of the UTF-8 form of `text`, as lower-case hex. */
export const sha256Hex = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)))

/**
 * The one JSON text of plain data that may hold BSON values: equal data, equal bytes.
 *
 * Keys of plain objects are sorted and `undefined` ones left out; documents (`Doc`) keep their order, which means something there.
 * BSON types stay apart: a bare integer is an int, a bare fraction a double, everything else is written as Extended JSON.
 *
 * @throws TypeError for functions and symbols: nothing that is planned holds them.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') return numberJson(value)
  if (typeof value === 'bigint') return tagged('$numberLong', String(value))
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`
  if (isDoc(value)) return docJson(value)
  if (typeof value !== 'object') throw new TypeError(`not plannable: ${typeof value}`)
  if (Object.getPrototypeOf(value) === Object.prototype) return objectJson(value)
  return bsonJson(value)
}

function numberJson(value: number): string {
  if (Number.isFinite(value) && !Object.is(value, -0)) return JSON.stringify(value)
  return tagged('$numberDouble', Object.is(value, -0) ? '-0.0' : String(value))
}

function docJson(value: Doc): string {
  return `{${value.keys.map((key, i) => `${JSON.stringify(key)}:${canonicalJson(value.values[i])}`).join(',')}}`
}

function objectJson(value: object): string {
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`)
  return `{${fields.join(',')}}`
}

const tagged = (tag: string, value: unknown): string => `{"${tag}":${canonicalJson(value)}}`

/** BSON types without a JSON form of their own, in the spelling of Extended JSON v2. */
function bsonJson(value: object): string {
  if (value instanceof Double) return tagged('$numberDouble', `${value.value}.0`)
  if (value instanceof Date) return tagged('$date', tagOf('$numberLong', String(value.getTime())))
  if (isObjectId(value)) return tagged('$oid', value.toHexString())
  if (isDecimal(value)) return tagged('$numberDecimal', value.toString())
  if (isBinary(value))
    return tagged('$binary', { base64: value.toString('base64'), subType: value.sub_type.toString(16) })
  if (isRegex(value)) return tagged('$regularExpression', { pattern: value.pattern, options: value.options })
  if (isTimestamp(value)) return tagged('$timestamp', { t: value.high >>> 0, i: value.low >>> 0 })
  if (isCode(value)) return tagged('$code', value.code.toString())
  if (isSymbol(value)) return tagged('$symbol', value.value)
  if (value instanceof CodeWithScope) return `{"$code":${JSON.stringify(value.code)},"$scope":${docJson(value.scope)}}`
  if (value instanceof DbPointer) return tagged('$dbPointer', { $ref: value.namespace, $id: value.id })
  if (value instanceof BsonUndefined) return tagged('$undefined', true)
  // What is left of the closed union is MinKey and MaxKey.
  return tagged('_bsontype' in value && value._bsontype === 'MinKey' ? '$minKey' : '$maxKey', 1)
}

const tagOf = (tag: string, value: string): { readonly [key: string]: string } => ({ [tag]: value })
