import { double, integer, type Double } from '@stage0/bson-schema'

/** What a YAML scalar can mean. */
export type ScalarValue = null | boolean | number | bigint | Double | string

const WORDS: ReadonlyMap<string, null | boolean | number> = new Map<string, null | boolean | number>([
  ...['~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, Infinity] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, -Infinity] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, NaN] as const),
])
const LONGEST_WORD = 5
const DECIMAL = /^[-+]?[0-9]+$/
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/
const OCTAL_OR_HEX = /^0(?:o[0-7]+|x[0-9a-fA-F]+)$/

/** Bounds of BSON long: an integer beyond them is read as a double, as any other number too large for its type. */
const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n
/** Integers of at most this many characters are exact as a JavaScript number. */
const EXACT_LENGTH = 15

/**
 * What plain (unquoted) text means under the core schema of YAML 1.2.2, section 10.3.2: null, boolean, int, long, double
 * or text. A figure with a fraction or an exponent is a double even when it is whole.
 */
export function coreValue(text: string): ScalarValue {
  if (text === '') return null
  if (startsNumber(text.charCodeAt(0))) return numberValue(text)
  if (text.length > LONGEST_WORD) return text
  const word = WORDS.get(text)
  return word === undefined ? text : word
}

function numberValue(text: string): ScalarValue {
  if (DECIMAL.test(text)) return wholeNumber(text)
  if (FLOAT.test(text)) return double(Number(text))
  if (OCTAL_OR_HEX.test(text)) return fromBigInt(BigInt(text))
  const word = WORDS.get(text)
  return word === undefined ? text : word
}

function wholeNumber(text: string): ScalarValue {
  if (text.length <= EXACT_LENGTH) {
    const n = Number(text)
    return (n | 0) === n ? n | 0 : BigInt(n)
  }
  return fromBigInt(text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text.replace('+', '')))
}

/** An int or a long; a double where the integer fits neither. */
export const fromBigInt = (n: bigint): number | bigint | Double =>
  n < INT64_MIN || n > INT64_MAX ? double(Number(n)) : integer(n)

/** Whether a plain scalar that begins with this character can be a figure: a digit, a sign or a point. */
export const startsNumber = (c: number): boolean => (c >= 48 && c <= 57) || c === 43 || c === 45 || c === 46
