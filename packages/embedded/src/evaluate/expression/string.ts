import { BSONSymbol, Code, Timestamp } from 'bson'
import type { Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { asNumber, asSafeInteger, isNullish, typeOf } from '../values.ts'
import { integerOr, stringOr } from './arguments.ts'
import { binary, named, unary, variadic } from './builders.ts'
import { numberText } from './convert-text.ts'
import type { CompileOperator } from './types.ts'

type MaybeValue = Value | undefined

/** What `$toLower`, `$substrBytes` ... make of their first operand: null is the empty string, numbers and dates become text. */
function coerced(value: MaybeValue, code: number, name: string): string {
  if (isNullish(value)) return ''
  if (typeof value === 'string') return value
  if (value instanceof Date) return value.toISOString()
  if (value instanceof BSONSymbol) return value.value
  if (value instanceof Code) return value.code
  if (value instanceof Timestamp) return value.toString()
  if (asNumber(value) !== undefined) return numberText(value as Value)
  throw new ServerError(code, `can't convert from BSON type ${typeOf(value)} to String (${name})`)
}

/** Only ASCII letters change, as on the server. */
const lower = (text: string): string => text.replace(/[A-Z]+/g, (part) => part.toLowerCase())
const upper = (text: string): string => text.replace(/[a-z]+/g, (part) => part.toUpperCase())

function concat(values: MaybeValue[], name: string): MaybeValue {
  let text = ''
  for (const value of values) {
    if (isNullish(value)) return null
    text += stringOr(value, 16702, `${name} only supports strings`)
  }
  return text
}

/** Code points that `$trim` removes by default. Source: the manual's table of whitespace characters of `$trim`. */
const WHITESPACE = new Set(
  '\0\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a',
)

const trim = (start: boolean, end: boolean): CompileOperator =>
  named(
    ['input'],
    ['chars'],
    { notObject: 50696, unknown: 50694, missing: 50695 },
    ({ input, chars }, name, _scope, given) => {
      if (isNullish(input)) return null
      const text = [...stringOr(input, 50699, `${name} requires its input to be a string`)]
      if (given('chars') && isNullish(chars)) return null
      const removed = given('chars')
        ? new Set(stringOr(chars, 50700, `${name} requires 'chars' to be a string`))
        : WHITESPACE
      let from = 0
      let to = text.length
      while (start && from < to && removed.has(text[from] as string)) from++
      while (end && to > from && removed.has(text[to - 1] as string)) to--
      return text.slice(from, to).join('')
    },
  )

function split(input: MaybeValue, separator: MaybeValue, name: string): MaybeValue {
  if (isNullish(input) || isNullish(separator)) return null
  const text = stringOr(input, 40085, `${name} requires an expression that evaluates to a string as a first argument`)
  const by = stringOr(
    separator,
    40086,
    `${name} requires an expression that evaluates to a string as a second argument`,
  )
  if (by === '') throw new ServerError(40087, `${name} requires a non-empty separator`)
  return text.split(by)
}

function substringBytes([input, from, length]: MaybeValue[], name: string): MaybeValue {
  const bytes = Buffer.from(coerced(input, 16007, name), 'utf8')
  const start = asSafeInteger(from)
  const count = asSafeInteger(length)
  if (start === undefined)
    throw new ServerError(16034, `${name}: starting index must be a numeric type (is BSON type ${typeOf(from)})`)
  if (count === undefined)
    throw new ServerError(16035, `${name}: length must be a numeric type (is BSON type ${typeOf(length)})`)
  if (start < 0) throw new ServerError(50752, `${name}: starting index must be non-negative (got: ${start})`)
  const end = count < 0 ? bytes.length : Math.min(bytes.length, start + count)
  if (isContinuation(bytes[start]))
    throw new ServerError(28656, `${name}: Invalid range, starting index is a UTF-8 continuation byte.`)
  if (isContinuation(bytes[end]))
    throw new ServerError(28657, `${name}: Invalid range, ending index is in the middle of a UTF-8 character.`)
  return bytes.toString('utf8', start, Math.max(start, end))
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80

function substringCodePoints([input, from, length]: MaybeValue[], name: string): MaybeValue {
  const text = [...coerced(input, 16007, name)]
  const start = integerOr(from, 34450, `${name}: starting index must be a numeric type (is BSON type ${typeOf(from)})`)
  const count = integerOr(length, 34452, `${name}: length must be a numeric type (is BSON type ${typeOf(length)})`)
  if (start < 0) throw new ServerError(34455, `${name}: starting index must be non-negative`)
  if (count < 0) throw new ServerError(34454, `${name}: length must be a nonnegative integer.`)
  return text.slice(start, start + count).join('')
}

/** `$indexOfBytes` and `$indexOfCP`: positions count in units that `units` cuts the text into. */
const indexOf =
  (units: (text: string) => number, cut: (text: string, from: number, to: number) => string) =>
  ([input, search, from, to]: MaybeValue[], name: string): MaybeValue => {
    if (isNullish(input)) return null
    const text = stringOr(input, 40091, `${name} requires a string as the first argument`)
    const wanted = stringOr(search, 40092, `${name} requires a string as the second argument`)
    const start = bound(from, name, 'starting', 0)
    const end = Math.min(units(text), bound(to, name, 'ending', Number.MAX_SAFE_INTEGER))
    if (start > end) return -1
    const found = cut(text, start, end).indexOf(wanted)
    return found < 0 ? -1 : start + units(cut(text, start, end).slice(0, found))
  }

function bound(value: MaybeValue, name: string, which: string, otherwise: number): number {
  if (value === undefined) return otherwise
  const n = integerOr(
    value,
    40096,
    `${name} requires an integral ${which} index, found a value of type: ${typeOf(value)}`,
  )
  if (n < 0) throw new ServerError(40097, `${name} requires a nonnegative ${which} index, found: ${n}`)
  return n
}

function length(units: (text: string) => number, code: number): CompileOperator {
  return unary((value, name) => units(stringOr(value, code, `${name} requires a string argument`)))
}

const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8')
const codePointsOf = (text: string): number => {
  let count = 0
  for (const _ of text) count++
  return count
}
const cutBytes = (text: string, from: number, to: number): string =>
  Buffer.from(text, 'utf8').toString('utf8', from, to)
const cutCodePoints = (text: string, from: number, to: number): string => [...text].slice(from, to).join('')

const replace = (all: boolean): CompileOperator =>
  named(
    ['input', 'find', 'replacement'],
    [],
    { notObject: 51751, unknown: 51750, missing: { input: 51749, find: 51748, replacement: 51747 } },
    ({ input, find, replacement }, name) => {
      for (const [value, code, which] of [
        [input, 51746, 'input'],
        [find, 51745, 'find'],
        [replacement, 51744, 'replacement'],
      ] as const) {
        if (!isNullish(value)) stringOr(value, code, `${name} requires that '${which}' be a string`)
      }
      if (typeof input !== 'string' || typeof find !== 'string' || typeof replacement !== 'string') return null
      // A function, because `$&` and the like in a replacement string must stay as they are.
      return all ? input.replaceAll(find, () => replacement) : input.replace(find, () => replacement)
    },
  )

export const STRING: Readonly<Record<string, CompileOperator>> = {
  $concat: variadic(concat),
  $toLower: unary((value, name) => lower(coerced(value, 16007, name))),
  $toUpper: unary((value, name) => upper(coerced(value, 16007, name))),
  $trim: trim(true, true),
  $ltrim: trim(true, false),
  $rtrim: trim(false, true),
  $split: binary(split),
  $substr: variadic(substringBytes, 3, 3),
  $substrBytes: variadic(substringBytes, 3, 3),
  $substrCP: variadic(substringCodePoints, 3, 3),
  $strLenBytes: length(bytesOf, 34473),
  $strLenCP: length(codePointsOf, 34471),
  $indexOfBytes: variadic(indexOf(bytesOf, cutBytes), 2, 4),
  $indexOfCP: variadic(indexOf(codePointsOf, cutCodePoints), 2, 4),
  $strcasecmp: binary((a, b, name) => {
    const [left, right] = [upper(coerced(a, 16007, name)), upper(coerced(b, 16007, name))]
    return Math.sign(Buffer.compare(Buffer.from(left, 'utf8'), Buffer.from(right, 'utf8')))
  }),
  $replaceOne: replace(false),
  $replaceAll: replace(true),
}
