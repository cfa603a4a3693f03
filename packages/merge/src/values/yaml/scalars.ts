import { DateValue, TimeValue, type Key } from '../../value.ts'
import { YamlFault } from './fault.ts'
import type { ScalarNode } from './nodes.ts'
import { plainKindOf } from './plain-kind.ts'

/** The tags of YAML itself begin so. */
export const CORE = 'tag:yaml.org,2002:'

/** The first implementation refuses to read and to print longer numbers. */
const MAX_DIGITS = 4300

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['yes', true],
  ['no', false],
  ['true', true],
  ['false', false],
  ['on', true],
  ['off', false],
])

export const TEXT = `${CORE}str`

/** The tag of a scalar without one, of which the form tells what it is. */
export function tagOfPlain(text: string): string {
  const kind = plainKindOf(text)
  return kind === 'str' ? TEXT : CORE + kind
}

/** The value of a scalar; a `YamlFault` where its tag is not known or its text is not of that kind. */
export function scalarValue({ text, start, tag }: ScalarNode): Key {
  switch (tag) {
    case TEXT:
      return text
    case `${CORE}null`:
      return null
    case `${CORE}bool`:
      return needed(BOOLEANS.get(text.toLowerCase()), text, 'a boolean', start)
    case `${CORE}int`:
      return needed(integer(text.replaceAll('_', '')), text, 'an integer', start)
    case `${CORE}float`:
      return needed(float(text.replaceAll('_', '').toLowerCase()), text, 'a number', start)
    case `${CORE}timestamp`:
      return needed(timestamp(text), text, 'a day or a time', start)
    case `${CORE}merge`:
    case `${CORE}value`:
      throw new YamlFault(`\`${text}\` alone cannot be a value; put it in quotes`, start)
    default:
      throw unknownTag(tag, start)
  }
}

export function unknownTag(tag: string, start: number): YamlFault {
  const name = tag.startsWith(CORE) ? `!!${tag.slice(CORE.length)}` : tag
  return new YamlFault(
    `The tag \`${name}\` is not read here; remove it, or write plain lists, mappings and texts`,
    start,
  )
}

function needed<T>(value: T | undefined, text: string, what: string, start: number): T {
  if (value !== undefined) return value
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text
  throw new YamlFault(
    `\`${shown}\` cannot be read as ${what}; correct it, or put it in quotes where it is a text`,
    start,
  )
}

const BASES: readonly (readonly [form: RegExp, prefix: string])[] = [
  [/^0b([01]+)$/, '0b'],
  [/^0x([0-9a-fA-F]+)$/, '0x'],
  [/^0([0-7]+)$/, '0o'],
  [/^(0|[1-9][0-9]*)$/, ''],
]

function integer(text: string): bigint | undefined {
  if (text.length > MAX_DIGITS) return undefined
  const digits = text.replace(/^[-+]/, '')
  const size = digits.includes(':') ? sixties(digits) : based(digits)
  return size === undefined ? undefined : text.startsWith('-') ? -size : size
}

function based(digits: string): bigint | undefined {
  for (const [form, prefix] of BASES) {
    const found = form.exec(digits)
    if (found !== null) return BigInt(prefix + (found[1] ?? ''))
  }
  return undefined
}

/** `8:30` is 510: each colon is a factor of sixty. */
function sixties(digits: string): bigint | undefined {
  if (!/^[0-9]+(?::[0-9]+)*$/.test(digits)) return undefined
  return digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n)
}

const FLOAT = /^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?$/

function float(text: string): number | undefined {
  const digits = text.replace(/^[-+]/, '')
  const sign = text.startsWith('-') ? -1 : 1
  if (/^\.?inf$/.test(digits)) return sign * Infinity
  if (/^\.?nan$/.test(digits)) return Number.NaN
  const parts = digits.split(':')
  if (!parts.every((part) => FLOAT.test(part))) return undefined
  let [size, factor] = [0, 1]
  for (const part of parts.reverse()) {
    size += Number(part) * factor
    factor *= 60
  }
  return sign * size
}

const TIMESTAMP =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(Z|([-+])(\d\d?)(?::(\d\d))?))?)?$/
const DAY = 24 * 60

/** Fractions are cut after six digits; `Z` and `-00:00` are `+00:00`. */
function timestamp(text: string): DateValue | TimeValue | undefined {
  const parts = TIMESTAMP.exec(text)
  if (parts === null) return undefined
  const [, year = '', month = '', day = '', hour, minute = '', second = '', fraction = '', zone, sign, ...offset] =
    parts
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  if (!isDay(date)) return undefined
  if (hour === undefined) return new DateValue(date)
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const micros = fraction.slice(0, 6).padEnd(6, '0')
  const clock = `${hour.padStart(2, '0')}:${minute}:${second}${micros === '000000' ? '' : `.${micros}`}`
  const minutes = Number(offset[0] ?? 0) * 60 + Number(offset[1] ?? 0)
  if (minutes >= DAY) return undefined
  return new TimeValue(`${date} ${clock}${zone === undefined ? '' : zoneText(minutes, sign)}`)
}

function isDay(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`)
  return !date.startsWith('0000') && !Number.isNaN(time) && new Date(time).toISOString().startsWith(date)
}

function zoneText(minutes: number, sign: string | undefined): string {
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${sign === '-' && minutes > 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
