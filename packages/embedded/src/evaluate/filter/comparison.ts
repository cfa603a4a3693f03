import { compareValues, isDoc, isNumeric, isRegex, sameBracket, typeNumber, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import type { StringCompare } from '../contract.ts'
import { asNumber, isNullish } from '../values.ts'
import { regexTest } from './regex.ts'
import type { Test } from './element-path.ts'
import { notAll, some, type CompileCondition } from './types.ts'

const isNaNValue = (value: Value | undefined): boolean => isNumeric(value) && Number.isNaN(asNumber(value))
const isExtreme = (value: Value): boolean => typeNumber(value) === 127 || typeNumber(value) === -1

/**
 * A comparison with `operand`: only values of the same type bracket are compared, null stands for missing as well,
 * NaN equals NaN and is neither less nor greater, and MinKey and MaxKey are compared with every type.
 */
function comparisonTest(
  operand: Value,
  accept: (order: number) => boolean,
  collation: StringCompare | undefined,
): Test {
  const equalAccepted = accept(0)
  if (isNullish(operand)) return equalAccepted ? isNullish : () => false
  if (isNaNValue(operand)) return equalAccepted ? isNaNValue : () => false
  const options = { stringCompare: collation }
  if (isExtreme(operand)) return (value) => value !== undefined && accept(compareValues(value, operand, options))
  if (typeof operand === 'string' && collation === undefined && accept(-1) === false && accept(1) === false) {
    return (value) =>
      value === operand || (value !== undefined && typeof value === 'object' && equalSymbol(value, operand))
  }
  const isNumber = typeof operand === 'number'
  return (value) => {
    if (isNumber && typeof value === 'number')
      return !Number.isNaN(value) && accept(value < operand ? -1 : value > operand ? 1 : 0)
    if (value === undefined || !sameBracket(value, operand)) return false
    return !isNaNValue(value) && accept(compareValues(value, operand, options))
  }
}

/** The deprecated type symbol compares as a string. */
const equalSymbol = (value: Value, operand: string): boolean =>
  sameBracket(value, operand) && compareValues(value, operand) === 0

/** Equality, where a regular expression as operand equals only itself. */
const equalityTest = (operand: Value, collation: StringCompare | undefined): Test =>
  comparisonTest(operand, (order) => order === 0, collation)

/** Equality as `$in`, `$all` and a plain `{field: value}` see it: a regular expression matches strings and itself. */
export function equalityOrRegexTest(operand: Value, collation: StringCompare | undefined): Test {
  if (!isRegex(operand)) return equalityTest(operand, collation)
  return regexTest(operand.pattern, operand.options)
}

const comparison =
  (name: string, accept: (order: number) => boolean): CompileCondition =>
  (operand, { scope }) => {
    if (isRegex(operand) && name !== '$eq')
      throw new ServerError(2, `Can't have RegEx as arg to predicate over field '${name}'.`)
    refuseUndefined(operand, name)
    return [some(comparisonTest(operand, accept, scope.context.collation))]
  }

function refuseUndefined(operand: Value, name: string): void {
  if (typeNumber(operand) === 6) throw new ServerError(2, `cannot compare to undefined (${name})`)
}

const compileNe: CompileCondition = (operand, { scope }) => {
  if (isRegex(operand)) throw new ServerError(2, `Can't have regex as arg to $ne.`)
  refuseUndefined(operand, '$ne')
  return [notAll([some(equalityTest(operand, scope.context.collation))])]
}

/** From so many values on, a set of keys is faster than a look at each. */
const SET_FROM_VALUES = 4

export function membershipTest(
  values: readonly Value[],
  collation: StringCompare | undefined,
  key: (value: Value) => string,
): Test {
  for (const value of values) {
    if (isDoc(value) && (value.keys[0] ?? '').startsWith('$')) throw new ServerError(2, 'cannot nest $ under $in')
    refuseUndefined(value, '$in')
  }
  const tests = values
    .filter((value) => isRegex(value) || values.length < SET_FROM_VALUES)
    .map((value) => equalityOrRegexTest(value, collation))
  const keys = values.length < SET_FROM_VALUES ? undefined : new Set(values.filter((value) => !isRegex(value)).map(key))
  const withNull = values.some(isNullish)
  return (value) => {
    if (value === undefined) return withNull
    if (keys !== undefined && (keys.has(key(value)) || (withNull && isNullish(value)))) return true
    for (const test of tests) if (test(value)) return true
    return false
  }
}

export const COMPARISONS: Readonly<Record<string, CompileCondition>> = {
  $eq: comparison('$eq', (order) => order === 0),
  $gt: comparison('$gt', (order) => order > 0),
  $gte: comparison('$gte', (order) => order >= 0),
  $lt: comparison('$lt', (order) => order < 0),
  $lte: comparison('$lte', (order) => order <= 0),
  $ne: compileNe,
}
