import { kindOf, Undefined, type Held } from '../held.ts'
import { floatOf, numberOf } from '../operations/arithmetic.ts'
import { printed } from '../operations/text.ts'
import { floatIn, wholeOf } from '../operations/read-number.ts'
import { rounded, roundedTo } from '../operations/rounding.ts'
import { failed } from '../refused.ts'
import { wholeArgument } from './arguments.ts'
import { filter, type Filter } from './filter.ts'

type Slots = readonly (Held | undefined)[]

/** Filters that give a number. */
export const numberFilters: readonly (readonly [string, Filter])[] = [
  ['abs', filter([], 0, absolute)],
  ['int', filter(['default'], 0, (input, [otherwise = 0n]) => whole(input) ?? otherwise)],
  ['float', filter(['default'], 0, (input, [otherwise = 0]) => float(input) ?? otherwise)],
  ['round', filter(['precision', 'method'], 0, round)],
  ['wordcount', filter([], 0, (input) => BigInt(printed(input).match(WORD)?.length ?? 0))],
]

const WORD = /[\p{L}\p{N}_]+/gu

function absolute(input: Held): Held {
  const value = numeric('abs', input)
  if (typeof value === 'number') return Math.abs(value)
  return value < 0n ? -value : value
}

/** Towards zero. A text may also be a floating number: `42.9` is 42. */
function whole(input: Held): bigint | undefined {
  checkDefined('int', input)
  if (typeof input === 'string') return wholeOf(input) ?? truncated(floatIn(input))
  const value = numberOf(input)
  if (typeof value === 'number' && Math.abs(value) === Infinity)
    throw failed('An infinite number has no whole number near it')
  return typeof value === 'number' ? truncated(value) : value
}

const truncated = (value: number | undefined): bigint | undefined =>
  value === undefined || !Number.isFinite(value) ? undefined : BigInt(Math.trunc(value))

function float(input: Held): number | undefined {
  checkDefined('float', input)
  if (typeof input === 'string') return floatIn(input)
  const value = numberOf(input)
  return value === undefined ? undefined : floatOf(value)
}

function round(input: Held, [precision = 0n, method = 'common']: Slots): Held {
  if (method !== 'common' && method !== 'ceil' && method !== 'floor')
    throw failed("`method` is 'common', 'ceil' or 'floor'")
  const value = numeric('round', input)
  const digits = wholeArgument('precision', precision)
  return method === 'common' ? rounded(value, digits) : roundedTo(method, value, digits)
}

function numeric(name: string, input: Held): bigint | number {
  checkDefined(name, input)
  const value = numberOf(input)
  if (value !== undefined) return value
  throw failed(
    `\`${name}\` is for numbers, and there is ${kindOf(input)}`,
    'Make a number of it with `| int` or `| float`.',
  )
}

function checkDefined(name: string, input: Held): void {
  if (input instanceof Undefined) throw failed(`${input.what} is undefined; \`${name}\` cannot use it`, input.hint)
}
