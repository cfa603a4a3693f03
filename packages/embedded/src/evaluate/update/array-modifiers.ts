import { isArray, isDoc, isRegex, typeName, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { compileFilter, compileFilterIn } from '../compile-filter.ts'
import type { EvaluationContext } from '../contract.ts'
import { rootScope } from '../expression/compile.ts'
import { compileOperators, isOperatorDocument } from '../filter/field-operators.ts'
import { equalityOrRegexTest } from '../filter/comparison.ts'
import { show } from '../show.ts'
import { asSafeInteger, equalIn, keyIn } from '../values.ts'
import { compilePush } from './push.ts'
import type { CompileModifier, Modifier, UpdateRun } from './types.ts'

type MaybeValue = Value | undefined

/** A modifier that removes elements: absent fields stay absent, what is no array is refused. */
const removing = (operator: string, path: string, keep: (list: readonly Value[]) => readonly Value[]): Modifier => ({
  operator,
  creates: false,
  apply: (old) => {
    if (!isArray(old)) {
      throw operator === '$pop'
        ? new ServerError(14, `Path '${path}' contains an element of non-array type '${typeName(old as Value)}'`)
        : new ServerError(2, `Cannot apply ${operator} to a non-array value`)
    }
    const kept = keep(old)
    return kept.length === old.length ? old : kept
  },
})

const compilePop: CompileModifier = (operand, { operator, path }) => {
  const end = asSafeInteger(operand)
  if (end !== 1 && end !== -1) throw new ServerError(9, `$pop expects 1 or -1, found: ${show(operand)}`)
  return removing(operator, path, (list) => (end === 1 ? list.slice(0, -1) : list.slice(1)))
}

const compilePull: CompileModifier = (operand, { operator, path, evaluation }) => {
  const matches = pullTest(operand, evaluation)
  return removing(operator, path, (list) => list.filter((element) => !matches(element)))
}

/** Operators test the element itself, a document is a filter over elements that are documents, anything else is equality. */
function pullTest(operand: Value, evaluation: EvaluationContext): (element: Value) => boolean {
  const scope = rootScope(evaluation)
  if (isOperatorDocument(operand)) {
    const conditions = compileOperators(operand, scope, compileFilterIn)
    return (element) => conditions.every((condition) => condition.onElement(element))
  }
  if (isDoc(operand)) {
    const matches = compileFilter(operand, evaluation)
    return (element) => isDoc(element) && matches(element)
  }
  if (isRegex(operand)) return equalityOrRegexTest(operand, evaluation.collation)
  const equal = equalIn(evaluation.collation)
  return (element) => equal(element, operand)
}

const compilePullAll: CompileModifier = (operand, { operator, path, evaluation }) => {
  if (!isArray(operand))
    throw new ServerError(2, `$pullAll requires an array argument but was given a ${typeName(operand)}`)
  const key = keyIn(evaluation.collation)
  const removed = new Set(operand.map(key))
  return removing(operator, path, (list) => list.filter((element) => !removed.has(key(element))))
}

const compileAddToSet: CompileModifier = (operand, { operator, path, evaluation }) => {
  const added = eachOf(operand)
  const key = keyIn(evaluation.collation)
  const apply = (old: MaybeValue, run: UpdateRun): Value => {
    if (old !== undefined && !isArray(old)) {
      throw new ServerError(
        2,
        `Cannot apply $addToSet to non-array field. Field named '${path.split('.').at(-1)}' has non-array type ${typeName(old)} in the document _id: ${show(run.original.get('_id'))}`,
      )
    }
    const present = new Set((old ?? []).map(key))
    const fresh = added.filter((value) => {
      const k = key(value)
      if (present.has(k)) return false
      present.add(k)
      return true
    })
    return old !== undefined && fresh.length === 0 ? old : [...(old ?? []), ...fresh]
  }
  return { operator, creates: true, apply }
}

function eachOf(operand: Value): readonly Value[] {
  if (!isDoc(operand) || operand.keys[0] !== '$each') return [operand]
  if (operand.size > 1) throw new ServerError(2, `Found unexpected fields after $each in $addToSet: ${show(operand)}`)
  const [each] = operand.values
  if (!isArray(each))
    throw new ServerError(
      14,
      `The argument to $each in $addToSet must be an array but it was of type ${typeName(each as Value)}`,
    )
  return each
}

export const ARRAY_MODIFIERS: Readonly<Record<string, CompileModifier>> = {
  $push: compilePush,
  $addToSet: compileAddToSet,
  $pull: compilePull,
  $pullAll: compilePullAll,
  $pop: compilePop,
}
