import { Double } from '@stage0/bson-schema'
import { coreValue, fromBigInt, startsNumber, type ScalarValue } from './core-value.ts'

/** The two readings of a plain scalar, in words: "the number 10", "true", "the text 012". */
export interface Readings {
  readonly yaml11: string
  readonly yaml12: string
}

const WORDS: ReadonlyMap<string, boolean> = new Map([
  ...['yes', 'Yes', 'YES', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['no', 'No', 'NO', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
])
const LONGEST_WORD = 3
const INTEGER = /^[-+]?(?:0b[01_]+|0[0-7_]+|0x[0-9a-fA-F_]+|(?:0|[1-9][0-9_]*))$/
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/
const FLOAT = /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?$/
const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/
const TIME =
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::?[0-9]{2})?))?$/
/** Longer figures are text to everybody: the longest form above, a time with fraction and zone, stays below. */
const LONGEST_FIGURE = 64

/**
 * Both readings of plain text where YAML 1.1 (as the first implementation's reader resolves it) and YAML 1.2 differ;
 * `undefined` where they agree, which a look at the first character decides for nearly every scalar.
 */
export function differentReadings(text: string): Readings | undefined {
  const first = text.charCodeAt(0)
  if (!startsNumber(first) && !startsWord(first)) return undefined
  if (text.length > LONGEST_FIGURE || (startsWord(first) && text.length > LONGEST_WORD)) return undefined
  const yaml11 = inWords(yaml11Value(text), text)
  const yaml12 = inWords(coreValue(text), text)
  return yaml11 === yaml12 ? undefined : { yaml11, yaml12 }
}

/** y, Y, n, N, o, O: how yes, no, on and off begin. */
const startsWord = (c: number): boolean => c === 121 || c === 89 || c === 110 || c === 78 || c === 111 || c === 79

function yaml11Value(text: string): ScalarValue | { readonly moment: 'date' | 'time' } {
  if (!startsNumber(text.charCodeAt(0))) return WORDS.get(text) ?? text
  if (INTEGER.test(text)) return integerValue(text.replaceAll('_', ''))
  if (FLOAT.test(text)) return Number(text.replaceAll('_', ''))
  if (BASE_60.test(text) && !/^[-+]?0[0-9_]*:[^.]*$/.test(text)) return base60(text.replaceAll('_', ''))
  if (DATE.test(text)) return { moment: 'date' }
  if (TIME.test(text)) return { moment: 'time' }
  return /^[-+]?\./.test(text) ? infinityOrText(text) : text
}

/** Infinity and "not a number" are written alike in both versions. */
function infinityOrText(text: string): ScalarValue {
  return /[a-zA-Z]{3}$/.test(text) ? coreValue(text) : text
}

function integerValue(text: string): ScalarValue {
  const negative = text.startsWith('-')
  const digits = text.replace(/^[-+]/, '')
  const literal = /^0[0-7]+$/.test(digits) ? `0o${digits}` : digits
  if (/^0[bx]?$/.test(literal) && literal !== '0') return text
  const n = BigInt(literal)
  return fromBigInt(negative ? -n : n)
}

function base60(text: string): number {
  const total = text
    .replace(/^[-+]/, '')
    .split(':')
    .reduce((sum, part) => sum * 60 + Number(part), 0)
  return text.startsWith('-') ? -total : total
}

function inWords(value: ReturnType<typeof yaml11Value>, text: string): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return `the text ${text}`
  if (value instanceof Double) return `the number ${value.value}`
  if (typeof value === 'object') return value.moment === 'date' ? `the date ${text}` : `the time ${text}`
  return `the number ${value}`
}
