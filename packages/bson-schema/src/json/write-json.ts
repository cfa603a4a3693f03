import type { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, ObjectId, Timestamp } from 'bson'
import { TYPE_NUMBERS, typeNumber } from '../types.ts'
import { isInt32, type CodeWithScope, type DbPointer, type Doc, type Double, type Value } from '../value.ts'

/** How numbers and dates are written; all else is the same in both forms of Extended JSON v2. */
interface Style {
  readonly int: (n: number) => string
  readonly long: (n: bigint) => string
  readonly double: (n: number) => string
  readonly date: (date: Date) => string
  /** Text between a key's colon and its value. */
  readonly space: string
  /** One level of indentation; empty for one line. */
  readonly indent: string
}

/** Compact canonical Extended JSON v2 in declared order: equal texts for equal values of equal types and order. */
export const canonicalJson = (value: Value): string => write(value, CANONICAL, '')

/**
 * Relaxed Extended JSON v2 for people, on one line or indented. It reads back as the same value: a double that is
 * integral keeps its `.0`, and a long that would read as an int its wrapper.
 */
export const relaxedJson = (value: Value, indent = 0): string =>
  write(value, { ...RELAXED, indent: ' '.repeat(indent) }, '')

const wrapped = (key: string, text: string): string => `{"${key}":${JSON.stringify(text)}}`

function doubleText(n: number): string {
  if (Object.is(n, -0)) return '-0.0'
  // Above 1e21 JavaScript writes an exponent anyway.
  return Number.isInteger(n) && Math.abs(n) < 1e21 ? n.toFixed(1) : String(n)
}

const CANONICAL: Style = {
  int: (n) => wrapped('$numberInt', String(n)),
  long: (n) => wrapped('$numberLong', String(n)),
  double: (n) => wrapped('$numberDouble', doubleText(n)),
  date: (date) => `{"$date":{"$numberLong":"${date.getTime()}"}}`,
  space: '',
  indent: '',
}

/** Dates outside of the years 1970 to 9999 are written as milliseconds. Source: the Extended JSON v2 specification. */
const LAST_ISO_DATE = Date.UTC(10000, 0) - 1

const RELAXED: Style = {
  int: String,
  long: (n) => (isInt32(Number(n)) ? CANONICAL.long(n) : String(n)),
  double: (n) => (Number.isFinite(n) ? doubleText(n) : CANONICAL.double(n)),
  date: (date) => {
    const time = date.getTime()
    return time >= 0 && time <= LAST_ISO_DATE ? wrapped('$date', date.toISOString()) : CANONICAL.date(date)
  },
  space: ' ',
  indent: '',
}

function write(value: Value, style: Style, margin: string): string {
  switch (typeNumber(value)) {
    case TYPE_NUMBERS.int:
      return style.int(value as number)
    case TYPE_NUMBERS.long:
      return style.long(value as bigint)
    case TYPE_NUMBERS.double:
      return style.double(typeof value === 'number' ? value : (value as Double).value)
    case TYPE_NUMBERS.string:
    case TYPE_NUMBERS.bool:
    case TYPE_NUMBERS.null:
      return JSON.stringify(value)
    case TYPE_NUMBERS.object:
      return writeDoc(value as Doc, style, margin)
    case TYPE_NUMBERS.array:
      return writeArray(value as readonly Value[], style, margin)
    case TYPE_NUMBERS.date:
      return style.date(value as Date)
    case TYPE_NUMBERS.javascriptWithScope: {
      const { code, scope } = value as CodeWithScope
      return `{"$code":${JSON.stringify(code)},"$scope":${write(scope, { ...style, indent: '' }, '')}}`
    }
    default:
      return writeWrapper(value)
  }
}

function writeDoc(value: Doc, style: Style, margin: string): string {
  const inner = margin + style.indent
  const members: string[] = []
  for (let i = 0; i < value.size; i++) {
    members.push(`${JSON.stringify(value.keys[i])}:${style.space}${write(value.values[i] as Value, style, inner)}`)
  }
  return enclose('{', members, '}', style, margin)
}

const writeArray = (items: readonly Value[], style: Style, margin: string): string =>
  enclose(
    '[',
    items.map((item) => write(item, style, margin + style.indent)),
    ']',
    style,
    margin,
  )

function enclose(open: string, members: readonly string[], close: string, style: Style, margin: string): string {
  if (members.length === 0) return open + close
  if (style.indent === '') return open + members.join(`,${style.space}`) + close
  const line = `\n${margin}${style.indent}`
  return `${open}${line}${members.join(`,${line}`)}\n${margin}${close}`
}

/** The types that both forms write alike. */
function writeWrapper(value: Value): string {
  switch (typeNumber(value)) {
    case TYPE_NUMBERS.objectId:
      return wrapped('$oid', (value as ObjectId).toHexString())
    case TYPE_NUMBERS.decimal:
      return wrapped('$numberDecimal', (value as Decimal128).toString())
    case TYPE_NUMBERS.binData: {
      const binary = value as Binary
      const subtype = binary.sub_type.toString(16).padStart(2, '0')
      return `{"$binary":{"base64":"${binary.toString('base64')}","subType":"${subtype}"}}`
    }
    case TYPE_NUMBERS.regex: {
      const { pattern, options } = value as BSONRegExp
      return `{"$regularExpression":{"pattern":${JSON.stringify(pattern)},"options":"${options}"}}`
    }
    case TYPE_NUMBERS.timestamp: {
      const timestamp = value as Timestamp
      return `{"$timestamp":{"t":${timestamp.high >>> 0},"i":${timestamp.low >>> 0}}}`
    }
    case TYPE_NUMBERS.javascript:
      return wrapped('$code', (value as Code).code)
    case TYPE_NUMBERS.symbol:
      return wrapped('$symbol', (value as BSONSymbol).value)
    case TYPE_NUMBERS.dbPointer: {
      const { namespace, id } = value as DbPointer
      return `{"$dbPointer":{"$ref":${JSON.stringify(namespace)},"$id":${writeWrapper(id)}}}`
    }
    case TYPE_NUMBERS.minKey:
      return '{"$minKey":1}'
    case TYPE_NUMBERS.maxKey:
      return '{"$maxKey":1}'
    default:
      return '{"$undefined":true}'
  }
}
