import { isArray, type Doc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../server-error.ts'
import type { EvaluationContext, Filter } from './contract.ts'
import { rootScope } from './expression/compile.ts'
import type { Scope } from './expression/types.ts'
import { equalityOrRegexTest } from './filter/comparison.ts'
import { compileOperators, isOperatorDocument } from './filter/field-operators.ts'
import { REFUSED_TOP_LEVEL, TOP_LEVEL_OPERATORS } from './filter/top-level.ts'
import { some } from './filter/types.ts'

/**
 * Compiles a query filter.
 *
 * Throws `ServerError` 2 for an unknown operator or a wrong operand, 115 for one that the embedded server refuses,
 * and the codes of expressions and schemas for `$expr` and `$jsonSchema`.
 */
export const compileFilter = (filter: Doc, context: EvaluationContext): Filter =>
  compileFilterIn(filter, rootScope(context))

/** As `compileFilter`, where variables of an enclosing pipeline are visible to `$expr`. */
export function compileFilterIn(filter: Doc, scope: Scope): Filter {
  const filters = filter.keys.map((key, i) => compileClause(key, filter.values[i] as Value, scope))
  const [only] = filters
  if (only === undefined) return () => true
  if (filters.length === 1) return only
  return (document) => {
    for (const each of filters) if (!each(document)) return false
    return true
  }
}

function compileClause(key: string, operand: Value, scope: Scope): Filter {
  if (key.startsWith('$') && key !== '$ref' && key !== '$id' && key !== '$db') {
    const compile = TOP_LEVEL_OPERATORS.get(key)
    if (compile !== undefined) return compile(operand, scope, compileFilterIn)
    if (REFUSED_TOP_LEVEL.has(key)) throw new ServerError(115, `${key} is not supported by the embedded server`)
    throw new ServerError(
      2,
      `unknown top level operator: ${key}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
    )
  }
  return compileField(key.split('.'), operand, scope)
}

function compileField(parts: readonly string[], operand: Value, scope: Scope): Filter {
  if (isOperatorDocument(operand)) {
    const filters = compileOperators(operand, scope, compileFilterIn).map((condition) => condition.atPath(parts))
    const [only] = filters
    if (filters.length === 1 && only !== undefined) return only
    return (document) => filters.every((filter) => filter(document))
  }
  const test = equalityOrRegexTest(operand, scope.context.collation)
  const [only] = parts
  if (parts.length > 1 || only === undefined) return some(test).atPath(parts)
  return (document) => {
    const value = document.get(only)
    if (isArray(value) && value.some(test)) return true
    return test(value)
  }
}
