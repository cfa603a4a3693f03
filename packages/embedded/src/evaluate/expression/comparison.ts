import { typeName, isNumeric, type Value } from '@stage0/bson-schema'
import { orderIn } from '../values.ts'
import type { CompileOperator, Expression, Scope } from './types.ts'
import { checkCount, fold, operands, unary } from './builders.ts'

/** A comparison over all types in canonical order; a missing operand is below null. */
const comparison =
  (accept: (order: number) => Value): CompileOperator =>
  (argument, scope: Scope, name) => {
    const parts = operands(argument, scope)
    checkCount(name, parts.length, 2, 2)
    const [a, b] = parts as [Expression, Expression]
    const order = orderIn(scope.context.collation)
    return fold(parts, (root) => accept(order(a.evaluate(root), b.evaluate(root))))
  }

export const COMPARISON: Readonly<Record<string, CompileOperator>> = {
  $cmp: comparison((order) => Math.sign(order)),
  $eq: comparison((order) => order === 0),
  $ne: comparison((order) => order !== 0),
  $gt: comparison((order) => order > 0),
  $gte: comparison((order) => order >= 0),
  $lt: comparison((order) => order < 0),
  $lte: comparison((order) => order <= 0),
  $type: unary((value) => (value === undefined ? 'missing' : typeName(value))),
  $isNumber: unary((value) => isNumeric(value)),
}
