import { Tuple } from '../../value.ts'
import { isList, kindOf, Undefined, type Held } from '../held.ts'
import { LIMITS } from '../limits.ts'
import { failed, unsupported } from '../refused.ts'
import type { Arithmetic } from '../syntax/tree.ts'
import { floatArithmetic, wholeArithmetic } from './numbers.ts'
import { joinTexts, repeatText } from './text.ts'

type Numeric = bigint | number

/** A number; a boolean is 1 or 0. `undefined` where it is neither. */
export function numberOf(held: Held): Numeric | undefined {
  if (typeof held === 'boolean') return held ? 1n : 0n
  return typeof held === 'bigint' || typeof held === 'number' ? held : undefined
}

/** Python's operators on numbers; `+` and `*` on texts and lists too. */
export function calculate(operator: Arithmetic, left: Held, right: Held): Held {
  if (operator === '%' && typeof left === 'string') {
    throw unsupported(
      undefined,
      'Filling the places of a text with `%` is not part of the language here',
      'Join the parts with `~`.',
    )
  }
  for (const side of [left, right]) {
    if (side instanceof Undefined) throw failed(`${side.what} is undefined; \`${operator}\` cannot use it`, side.hint)
  }
  const [one, other] = [numberOf(left), numberOf(right)]
  if (one !== undefined && other !== undefined) return calculateNumbers(operator, one, other)
  const found = operator === '+' ? joined(left, right) : operator === '*' ? repeated(left, right) : undefined
  if (found !== undefined) return found
  throw failed(
    `\`${operator}\` cannot be used between ${kindOf(left)} and ${kindOf(right)}`,
    operator === '+' ? 'Texts are joined with `~`.' : undefined,
  )
}

function calculateNumbers(operator: Arithmetic, left: Numeric, right: Numeric): Held {
  if (typeof left === 'bigint' && typeof right === 'bigint') return wholeArithmetic(operator, left, right)
  return floatArithmetic(operator, floatOf(left), floatOf(right))
}

/** @throws Refused where the number is too large for a floating one. */
export function floatOf(value: Numeric): number {
  const float = Number(value)
  if (typeof value === 'bigint' && !Number.isFinite(float))
    throw failed('A whole number that is too large for a floating one')
  return float
}

function joined(left: Held, right: Held): Held | undefined {
  if (typeof left === 'string' && typeof right === 'string') return joinTexts([left, right])
  if (left instanceof Tuple && right instanceof Tuple) return new Tuple<Held>(joinItems(left.items, right.items))
  return isList(left) && isList(right) ? joinItems(left, right) : undefined
}

function joinItems(left: readonly Held[], right: readonly Held[]): readonly Held[] {
  checkItems(left.length + right.length)
  return [...left, ...right]
}

function repeated(left: Held, right: Held): Held | undefined {
  const isCount = typeof left === 'bigint' || typeof left === 'boolean'
  const [what, by] = isCount ? [right, left] : [left, right]
  if (typeof by !== 'bigint' && typeof by !== 'boolean') return undefined
  const count = Math.max(0, Number(by))
  if (typeof what === 'string') return repeatText(what, count)
  if (what instanceof Tuple) return new Tuple<Held>(repeatItems(what.items, count))
  return isList(what) ? repeatItems(what, count) : undefined
}

function repeatItems(items: readonly Held[], count: number): readonly Held[] {
  if (items.length === 0) return []
  checkItems(items.length * count)
  return Array.from({ length: count }, () => items).flat()
}

function checkItems(count: number): void {
  if (count > LIMITS.items) throw failed(`A list of more than ${LIMITS.items} members`)
}

/** Python's signs. */
export function signed(sign: '-' | '+', held: Held): Held {
  if (held instanceof Undefined) throw failed(`${held.what} is undefined; \`${sign}\` cannot use it`, held.hint)
  const number = numberOf(held)
  if (number === undefined) throw failed(`\`${sign}\` cannot be used before ${kindOf(held)}`)
  return sign === '-' ? -number : number
}
