import { isArray, type Value } from '@stage0/bson-schema'
import { Deviation, Summation } from '../accumulate/summation.ts'
import { isNullish, orderIn } from '../values.ts'
import { fold, operands } from './builders.ts'
import type { CompileOperator, Scope } from './types.ts'

type MaybeValue = Value | undefined

/** An accumulator as expression: a single operand that is a list stands for its elements. */
const overList =
  (compute: (values: readonly MaybeValue[], scope: Scope) => Value): CompileOperator =>
  (argument, scope) => {
    const parts = operands(argument, scope)
    const evaluators = parts.map((part) => part.evaluate)
    return fold(parts, (root) => {
      const values = evaluators.map((evaluate) => evaluate(root))
      const [only] = values
      return compute(values.length === 1 && isArray(only) ? only : values, scope)
    })
  }

const extreme = (sign: 1 | -1): CompileOperator =>
  overList((values, scope) => {
    const order = orderIn(scope.context.collation)
    let best: MaybeValue
    for (const value of values) {
      if (!isNullish(value) && (best === undefined || sign * order(value, best) > 0)) best = value
    }
    return best ?? null
  })

function summed(values: readonly MaybeValue[]): Summation {
  const state = new Summation()
  for (const value of values) state.add(value)
  return state
}

function deviation(values: readonly MaybeValue[], sample: boolean): Value {
  const state = new Deviation()
  for (const value of values) state.add(value)
  return state.result(sample)
}

export const ACCUMULATE: Readonly<Record<string, CompileOperator>> = {
  $sum: overList((values) => summed(values).sum()),
  $avg: overList((values) => summed(values).mean()),
  $min: extreme(-1),
  $max: extreme(1),
  $stdDevPop: overList((values) => deviation(values, false)),
  $stdDevSamp: overList((values) => deviation(values, true)),
}
