import type { Doc, Value } from '@stage0/bson-schema'
import type { Filter } from '../contract.ts'
import type { Scope } from '../expression/types.ts'
import { anyAtPath, type LeafArrays, type Test } from './element-path.ts'

/** What one operator demands of a field: of the values that a path leads to, or of one array element (`$elemMatch`). */
export interface Condition {
  readonly atPath: (parts: readonly string[]) => Filter
  readonly onElement: Test
}

export interface ConditionContext {
  readonly scope: Scope
  /** The document of all operators of the field: `$regex` looks for `$options` beside it. */
  readonly siblings: Doc
  /** Compiles a whole filter, for `$elemMatch` over documents. */
  readonly compileFilter: (filter: Doc, scope: Scope) => Filter
  /** Compiles the operators of one field: `$not`, `$elemMatch` over values. */
  readonly compileOperators: (operators: Doc, scope: Scope) => readonly Condition[]
}

/** An operator of a field; all the conditions must hold. */
export type CompileCondition = (operand: Value, context: ConditionContext) => readonly Condition[]

/** Holds where some value at the path passes the test. */
export const some = (test: Test, leaf: LeafArrays = 'elements-and-array'): Condition => ({
  atPath: (parts) => (document) => anyAtPath(document, parts, leaf, test),
  onElement: test,
})

/** Holds where not all of the conditions do. */
export const notAll = (conditions: readonly Condition[]): Condition => ({
  atPath: (parts) => {
    const filters = conditions.map((condition) => condition.atPath(parts))
    return (document) => !filters.every((filter) => filter(document))
  },
  onElement: (value) => !conditions.every((condition) => condition.onElement(value)),
})
