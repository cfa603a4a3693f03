import type { Doc, Value } from '@stage0/bson-schema'
import type { EvaluationContext } from '../contract.ts'

/** Evaluates against one document; `undefined` is "missing", which is not `null`. */
export type Evaluate = (root: Doc) => Value | undefined

export interface Expression {
  readonly evaluate: Evaluate
  /** The same result for every document, so that operators over constants are folded when they are compiled. */
  readonly constant: boolean
}

/**
 * Where a variable of `$let`, `$map` ... keeps its value during an evaluation. Evaluation is synchronous and an expression
 * never evaluates itself again inside its own scope, so one cell per declaration is enough and no frames are needed.
 */
export interface Cell {
  value: Value | undefined
}

export interface Scope {
  readonly context: EvaluationContext
  readonly variables: ReadonlyMap<string, Cell>
  /** Compiles a sub-expression; carried here so that operator modules need not import the dispatcher that imports them. */
  readonly compile: (value: Value, scope: Scope) => Expression
}

export type CompileOperator = (argument: Value, scope: Scope, name: string) => Expression

export const constant = (value: Value | undefined): Expression => ({ evaluate: () => value, constant: true })
export const computed = (evaluate: Evaluate): Expression => ({ evaluate, constant: false })

/** A scope with one more variable. */
export function declare(
  scope: Scope,
  names: readonly string[],
): { readonly scope: Scope; readonly cells: readonly Cell[] } {
  const variables = new Map(scope.variables)
  const cells = names.map((name) => {
    const cell: Cell = { value: undefined }
    variables.set(name, cell)
    return cell
  })
  return { scope: { ...scope, variables }, cells }
}
