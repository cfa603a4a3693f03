import { Doc, isArray, isDoc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import type { EvaluationContext } from '../contract.ts'
import { show } from '../show.ts'
import { fold } from './builders.ts'
import { compileFieldPath } from './field-path.ts'
import { EXPRESSION_OPERATORS } from './operators.ts'
import { constant, type Evaluate, type Expression, type Scope } from './types.ts'

export const rootScope = (context: EvaluationContext): Scope => ({
  context,
  variables: context.cells ?? new Map(),
  compile: compileIn,
})

/**
 * Compiles an aggregation expression.
 *
 * Throws `ServerError` 168 for an unknown operator, 15983 where an operator stands beside other fields,
 * 17276 for an undefined variable, and the operator's own code for wrong arguments.
 */
export const compileExpression = (value: Value, scope: Scope): Evaluate => compileIn(value, scope).evaluate

function compileIn(value: Value, scope: Scope): Expression {
  if (typeof value === 'string') return value.startsWith('$') ? compileFieldPath(value, scope) : constant(value)
  if (isArray(value)) return compileArray(value, scope)
  if (!isDoc(value)) return constant(value)
  const first = value.keys[0]
  if (first !== undefined && first.startsWith('$')) return compileOperator(first, value, scope)
  return compileObject(value, scope)
}

function compileOperator(name: string, value: Doc, scope: Scope): Expression {
  if (value.size !== 1) {
    throw new ServerError(15983, `An object representing an expression must have exactly one field: ${show(value)}`)
  }
  const compileArgument = EXPRESSION_OPERATORS.get(name)
  if (compileArgument === undefined) throw new ServerError(168, `Unrecognized expression '${name}'`)
  return compileArgument(value.values[0] as Value, scope, name)
}

function compileArray(value: readonly Value[], scope: Scope): Expression {
  const parts = value.map((each) => compileIn(each, scope))
  const evaluators = parts.map((part) => part.evaluate)
  return fold(parts, (root) => evaluators.map((evaluate) => evaluate(root) ?? null))
}

function compileObject(value: Doc, scope: Scope): Expression {
  const parts = [...value.entries()].map(([key, each]) => {
    if (key.startsWith('$')) {
      throw new ServerError(15983, `An object representing an expression must have exactly one field: ${show(value)}`)
    }
    if (key.includes('.'))
      throw new ServerError(16410, `FieldPath field names may not contain '.'. Consider using $getField or $setField.`)
    return [key, compileIn(each, scope)] as const
  })
  return fold(
    parts.map(([, part]) => part),
    (root) => {
      const keys: string[] = []
      const values: Value[] = []
      for (const [key, part] of parts) {
        const evaluated = part.evaluate(root)
        if (evaluated === undefined) continue
        keys.push(key)
        values.push(evaluated)
      }
      return new Doc(keys, values)
    },
  )
}
