import { Binary, BSONRegExp, BSONSymbol, Code, MaxKey, MinKey, ObjectId, Timestamp } from 'bson'
import { decimalFromString } from '../decimal.ts'
import { INT64_MAX, INT64_MIN } from '../numeric.ts'
import { isObjectId } from '../types.ts'
import { CodeWithScope, DbPointer, double, isDoc, isInt32, UNDEFINED, type Doc, type Value } from '../value.ts'
import { parseIsoDate } from './json-date.ts'

/** What a wrapper says is wrong with its content; the reader adds the place. */
export class WrapperProblem {
  readonly message: string
  constructor(message: string) {
    this.message = message
  }
}

type Unwrap = (content: Value) => Value | WrapperProblem

const problem = (key: string, expected: string): WrapperProblem => new WrapperProblem(`${key} must be ${expected}`)

/** A wrapper whose content is a text: `read` gives `undefined` when the text is not what it should be. */
const fromText =
  (key: string, expected: string, read: (text: string) => Value | undefined): Unwrap =>
  (content) =>
    (typeof content === 'string' ? read(content) : undefined) ?? problem(key, expected)

function integerIn(text: string, min: bigint, max: bigint): bigint | undefined {
  if (!/^[+-]?\d{1,20}$/.test(text)) return undefined
  const value = BigInt(text.replace(/^\+/, ''))
  return value >= min && value <= max ? value : undefined
}

function readDouble(text: string): Value | undefined {
  if (/^[+-]?(Infinity|NaN)$/.test(text) || /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text))
    return double(Number(text))
  return undefined
}

function readDate(content: Value): Value | WrapperProblem {
  const date =
    typeof content === 'string'
      ? parseIsoDate(content)
      : typeof content === 'bigint' || (typeof content === 'number' && isInt32(content))
        ? new Date(Number(content))
        : undefined
  if (date === undefined || Number.isNaN(date.getTime())) {
    return problem('$date', 'an ISO 8601 date or milliseconds since 1970')
  }
  return date
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/

function readBinary(base64: Value | undefined, subtype: Value | undefined): Value | WrapperProblem {
  const fits =
    typeof base64 === 'string' && BASE64.test(base64) && typeof subtype === 'string' && /^[\da-f]{1,2}$/i.test(subtype)
  return fits
    ? Binary.createFromBase64(base64, Number.parseInt(subtype, 16))
    : problem('$binary', '{"base64": "...", "subType": "<hexadecimal byte>"}')
}

const UUID = /^([\da-f]{32}|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12})$/i

const exactly = (content: Value, ...keys: readonly string[]): Doc | undefined =>
  isDoc(content) && content.size === keys.length && keys.every((key) => content.has(key)) ? content : undefined

const isUint32 = (value: Value | undefined): boolean => {
  const n = typeof value === 'bigint' ? Number(value) : value
  return typeof n === 'number' && n === n >>> 0
}

function readTimestamp(content: Value): Value | WrapperProblem {
  const parts = exactly(content, 't', 'i')
  const t = parts?.get('t')
  const i = parts?.get('i')
  if (!isUint32(t) || !isUint32(i)) return problem('$timestamp', '{"t": seconds, "i": counter}')
  return new Timestamp({ t: Number(t), i: Number(i) })
}

function readRegex(content: Value): Value | WrapperProblem {
  const parts = exactly(content, 'pattern', 'options')
  const pattern = parts?.get('pattern')
  const options = parts?.get('options')
  if (typeof pattern !== 'string' || typeof options !== 'string' || pattern.includes('\0')) {
    return problem('$regularExpression', '{"pattern": "...", "options": "..."} without zero bytes')
  }
  return /^[ilmsux]*$/.test(options)
    ? new BSONRegExp(pattern, options)
    : problem('$regularExpression', 'a pattern with options out of "imxsul"')
}

function readDbPointer(content: Value): Value | WrapperProblem {
  const parts = exactly(content, '$ref', '$id')
  const namespace = parts?.get('$ref')
  const id = parts?.get('$id')
  return typeof namespace === 'string' && isObjectId(id)
    ? new DbPointer(namespace, id)
    : problem('$dbPointer', '{"$ref": "<namespace>", "$id": {"$oid": "..."}}')
}

/** Wrappers of one key. Source: MongoDB Extended JSON v2; `$uuid` as the shell and the export tools write it. */
const WRAPPERS: ReadonlyMap<string, Unwrap> = new Map<string, Unwrap>([
  [
    '$oid',
    fromText('$oid', '24 hexadecimal digits', (text) => (/^[\da-f]{24}$/i.test(text) ? new ObjectId(text) : undefined)),
  ],
  [
    '$numberInt',
    fromText('$numberInt', 'a 32-bit integer as text', (text) => {
      const n = integerIn(text, -(2n ** 31n), 2n ** 31n - 1n)
      return n === undefined ? undefined : Number(n)
    }),
  ],
  ['$numberLong', fromText('$numberLong', 'a 64-bit integer as text', (text) => integerIn(text, INT64_MIN, INT64_MAX))],
  ['$numberDouble', fromText('$numberDouble', 'a number, "Infinity", "-Infinity" or "NaN" as text', readDouble)],
  ['$numberDecimal', fromText('$numberDecimal', 'a decimal number as text', decimalFromString)],
  ['$date', readDate],
  ['$binary', (content) => readBinary(...binaryParts(content))],
  [
    '$uuid',
    fromText('$uuid', 'a UUID', (text) =>
      UUID.test(text) ? Binary.createFromHexString(text.replaceAll('-', ''), Binary.SUBTYPE_UUID) : undefined,
    ),
  ],
  ['$timestamp', readTimestamp],
  ['$regularExpression', readRegex],
  ['$code', fromText('$code', 'text', (text) => new Code(text))],
  ['$symbol', fromText('$symbol', 'text', (text) => new BSONSymbol(text))],
  ['$undefined', (content) => (content === true ? UNDEFINED : problem('$undefined', 'true'))],
  ['$minKey', (content) => (content === 1 ? new MinKey() : problem('$minKey', '1'))],
  ['$maxKey', (content) => (content === 1 ? new MaxKey() : problem('$maxKey', '1'))],
  ['$dbPointer', readDbPointer],
])

function binaryParts(content: Value): [Value | undefined, Value | undefined] {
  const parts = exactly(content, 'base64', 'subType')
  return [parts?.get('base64'), parts?.get('subType')]
}

/**
 * The value that an object stands for: itself unless one of its keys is that of a wrapper. Query operators such as
 * `$regex` and `$type` are no wrappers. A wrapper with a wrong content or with further keys is a problem.
 */
export function unwrap(object: Doc): Value | WrapperProblem {
  const key = object.keys.find((name) => name.startsWith('$') && WRAPPERS.has(name))
  if (key === undefined) return object
  const content = object.get(key) as Value
  if (object.size === 1) return (WRAPPERS.get(key) as Unwrap)(content)
  if (object.size === 2 && key === '$code' && object.has('$scope')) {
    const scope = object.get('$scope')
    return typeof content === 'string' && isDoc(scope)
      ? new CodeWithScope(content, scope)
      : problem('$code with $scope', 'a text and an object')
  }
  if (object.size === 2 && key === '$binary' && object.has('$type')) return readBinary(content, object.get('$type'))
  return new WrapperProblem(`an object with ${key} must not have further keys`)
}
