import type { Doc, Value } from '@stage0/bson-schema'
import type { EvaluationContext } from '../contract.ts'

type MaybeValue = Value | undefined

/** What is known while one document is updated. */
export interface UpdateRun {
  readonly original: Doc
  readonly insert: boolean
  /** The position that `$` stands for, under the array at a path. */
  readonly position: (path: readonly string[]) => number | undefined
}

/** The change of one field: the new value, or `undefined` to remove it. Returning the very same value means no change. */
export interface Modifier {
  readonly operator: string
  /** Whether missing documents on the way are created; otherwise a path that does not exist is left alone. */
  readonly creates: boolean
  readonly apply: (value: MaybeValue, run: UpdateRun) => MaybeValue
  /** Whether the modifier takes part in this run: `$setOnInsert` only on insert. */
  readonly active?: (run: UpdateRun) => boolean
}

export interface UpdateContext extends EvaluationContext {
  readonly arrayFilters?: readonly Doc[] | undefined
  /** The query, which the positional operator `$` refers to. */
  readonly filter?: Doc | undefined
}

/** Compiles the operand of one operator for one field. */
export type CompileModifier = (operand: Value, context: ModifierContext) => Modifier

export interface ModifierContext {
  readonly operator: string
  readonly path: string
  readonly evaluation: EvaluationContext
}

/** The conditions of `$[identifier]`, by identifier; the element under test is a document with the identifier as its field. */
export type ArrayFilters = ReadonlyMap<string, (element: Value) => boolean>
