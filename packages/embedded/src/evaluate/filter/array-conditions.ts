import type { Doc } from '@stage0/bson-schema'
import { docOf, isArray, isDoc, isRegex, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { asSafeInteger, keyIn } from '../values.ts'
import { equalityOrRegexTest, membershipTest } from './comparison.ts'
import type { Test } from './element-path.ts'
import { notAll, some, type CompileCondition, type Condition, type ConditionContext } from './types.ts'

function memberTest(name: string, operand: Value, { scope }: ConditionContext): Test {
  if (!isArray(operand)) throw new ServerError(2, `${name} needs an array`)
  const { collation } = scope.context
  return membershipTest(operand, collation, keyIn(collation))
}

const compileSize: CompileCondition = (operand) => {
  const size = asSafeInteger(operand)
  if (size === undefined) throw new ServerError(2, `Failed to parse $size. Expected an integer`)
  if (size < 0) throw new ServerError(2, `Failed to parse $size. Expected a non-negative number`)
  return [some((value) => isArray(value) && value.length === size, 'array')]
}

/** Whether a document is a list of operators rather than a filter over fields; `$and` and the like start a filter. */
const LOGICAL = new Set(['$and', '$or', '$nor', '$where', '$expr', '$jsonSchema', '$comment'])
const isOperators = (operand: Doc): boolean => {
  const first = operand.keys[0]
  return first !== undefined && first.startsWith('$') && !LOGICAL.has(first)
}

/** The test of one array element for `$elemMatch`. */
export function elementTest(operand: Value, context: ConditionContext): Test {
  if (!isDoc(operand)) throw new ServerError(2, '$elemMatch needs an Object')
  if (isOperators(operand)) {
    const conditions = context.compileOperators(operand, context.scope)
    return (value) => conditions.every((condition) => condition.onElement(value))
  }
  const matches = context.compileFilter(operand, context.scope)
  return (value) => {
    if (isDoc(value)) return matches(value)
    return isArray(value) && matches(indexed(value))
  }
}

/** An array as the document of its positions, which is what a path sees of it. */
const indexed = (array: readonly Value[]): Doc => docOf(array.map((value, i) => [String(i), value] as const))

const compileElemMatch: CompileCondition = (operand, context) => {
  const test = elementTest(operand, context)
  return [some((value) => isArray(value) && value.some(test), 'array')]
}

const compileAll: CompileCondition = (operand, context) => {
  if (!isArray(operand)) throw new ServerError(2, '$all needs an array')
  if (operand.length === 0) return [some(() => false)]
  const nested = operand.filter((each) => isDoc(each) && each.keys[0] === '$elemMatch')
  if (nested.length > 0 && nested.length < operand.length)
    throw new ServerError(2, '$all/$elemMatch has to be consistent')
  return operand.flatMap((each): readonly Condition[] => {
    if (isDoc(each) && each.keys[0] === '$elemMatch') return compileElemMatch(each.values[0] as Value, context)
    if (isDoc(each) && (each.keys[0] ?? '').startsWith('$')) throw new ServerError(2, `no $ expressions in $all`)
    return [some(equalityOrRegexTest(each, context.scope.context.collation))]
  })
}

const compileNot: CompileCondition = (operand, context) => {
  if (isRegex(operand)) return [notAll([some(equalityOrRegexTest(operand, undefined))])]
  if (!isDoc(operand)) throw new ServerError(2, '$not needs a regex or a document')
  if (operand.size === 0) throw new ServerError(2, '$not cannot be empty')
  return [notAll(context.compileOperators(operand, context.scope))]
}

export const ARRAY_CONDITIONS: Readonly<Record<string, CompileCondition>> = {
  $in: (operand, context) => [some(memberTest('$in', operand, context))],
  $nin: (operand, context) => [notAll([some(memberTest('$nin', operand, context))])],
  $size: compileSize,
  $elemMatch: compileElemMatch,
  $all: compileAll,
  $not: compileNot,
}
