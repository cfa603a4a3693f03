import { Mapping, Tuple } from '../../value.ts'
import { Undefined, isList, kindOf, type Held } from '../held.ts'
import { calculate, numberOf } from '../operations/arithmetic.ts'
import { areEqual, isBelow, orderOf } from '../operations/compare.ts'
import { contains, hasMembers } from '../operations/members.ts'
import { printed } from '../operations/text.ts'
import { failed } from '../refused.ts'
import type { Test } from './test.ts'

/** The test of that name, `undefined` where there is none. */
export const findTest = (name: string): Test | undefined => TESTS.get(name)

const plainTest = (holds: (input: Held) => boolean): Test => ({ signature: { parameters: [], required: 0 }, holds })

const testAgainst = (parameter: string, holds: (input: Held, other: Held) => boolean): Test => ({
  signature: { parameters: [parameter], required: 1 },
  holds: (input, other) => {
    if (other === undefined) throw new Error('A test ran without its argument')
    return holds(input, other)
  },
})

const isEqual = testAgainst('other', areEqual)
const isUnequal = testAgainst('other', (input, other) => !areEqual(input, other))
const isLess = testAgainst('other', isBelow)
const isAtMost = testAgainst('other', (input, other) => orderOf(input, other) <= 0)
const isGreater = testAgainst('other', (input, other) => isBelow(other, input))
const isAtLeast = testAgainst('other', (input, other) => orderOf(input, other) >= 0)

function isDivisible(input: Held, by: Held): boolean {
  // A text before `%` is another operation, whose result is never zero.
  if (typeof input === 'string') throw failed(`${kindOf(input)} cannot be divided`)
  const rest = numberOf(calculate('%', input, by))
  return rest === 0n || rest === 0
}

const CASED = /[\p{Lowercase}\p{Uppercase}\p{Lt}]/u

/** All letters with a case have that case, and there is one. */
function isOfCase(input: Held, others: RegExp): boolean {
  const text = printed(input)
  return CASED.test(text) && !others.test(text)
}

const TESTS: ReadonlyMap<string, Test> = new Map([
  ['defined', plainTest((input) => !(input instanceof Undefined))],
  ['undefined', plainTest((input) => input instanceof Undefined)],
  ['none', plainTest((input) => input === null)],
  ['true', plainTest((input) => input === true)],
  ['false', plainTest((input) => input === false)],
  ['boolean', plainTest((input) => typeof input === 'boolean')],
  ['number', plainTest((input) => numberOf(input) !== undefined)],
  ['integer', plainTest((input) => typeof input === 'bigint')],
  ['float', plainTest((input) => typeof input === 'number')],
  ['string', plainTest((input) => typeof input === 'string')],
  ['mapping', plainTest((input) => input instanceof Mapping)],
  ['sequence', plainTest(isSequence)],
  ['iterable', plainTest(hasMembers)],
  ['even', plainTest((input) => isDivisible(input, 2n))],
  ['odd', plainTest((input) => isOdd(input))],
  ['divisibleby', testAgainst('num', isDivisible)],
  ['lower', plainTest((input) => isOfCase(input, /[\p{Uppercase}\p{Lt}]/u))],
  ['upper', plainTest((input) => isOfCase(input, /[\p{Lowercase}\p{Lt}]/u))],
  ['in', testAgainst('seq', (input, seq) => contains(seq, input))],
  ...named(['eq', 'equalto', '=='], isEqual),
  ...named(['ne', '!='], isUnequal),
  ...named(['lt', 'lessthan', '<'], isLess),
  ...named(['le', '<='], isAtMost),
  ...named(['gt', 'greaterthan', '>'], isGreater),
  ...named(['ge', '>='], isAtLeast),
])

/** All of them, as the guide to templates lists them. */
export const testNames: readonly string[] = [...TESTS.keys()]

function named(names: readonly string[], test: Test): readonly (readonly [string, Test])[] {
  return names.map((name) => [name, test])
}

function isSequence(input: Held): boolean {
  const isText = typeof input === 'string'
  return isText || input instanceof Undefined || input instanceof Mapping || input instanceof Tuple || isList(input)
}

function isOdd(input: Held): boolean {
  if (typeof input === 'string') throw failed(`${kindOf(input)} cannot be divided`)
  const rest = numberOf(calculate('%', input, 2n))
  return rest === 1n || rest === 1
}
