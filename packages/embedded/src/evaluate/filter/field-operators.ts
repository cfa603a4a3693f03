import type { Doc } from '@stage0/bson-schema'
import { isDoc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import type { Filter } from '../contract.ts'
import type { Scope } from '../expression/types.ts'
import { ARRAY_CONDITIONS } from './array-conditions.ts'
import { BITS } from './bits.ts'
import { COMPARISONS } from './comparison.ts'
import { REGEX_CONDITIONS } from './regex.ts'
import type { CompileCondition, Condition } from './types.ts'
import { VALUE_CONDITIONS } from './value-conditions.ts'

/** The operators of one field in a filter. */
export const FIELD_OPERATORS: ReadonlyMap<string, CompileCondition> = new Map(
  Object.entries({ ...COMPARISONS, ...ARRAY_CONDITIONS, ...VALUE_CONDITIONS, ...BITS, ...REGEX_CONDITIONS }),
)

/** Operators that a real server has and this one refuses. */
export const REFUSED_FIELD_OPERATORS: ReadonlySet<string> = new Set([
  '$near',
  '$nearSphere',
  '$geoWithin',
  '$geoIntersects',
  '$within',
  '$geoNear',
  '$maxDistance',
  '$minDistance',
  '$uniqueDocs',
])

/** Whether the value of a field is a document of operators and not a value to be equal to. A DBRef is a value. */
export function isOperatorDocument(value: Value): value is Doc {
  if (!isDoc(value)) return false
  const first = value.keys[0]
  return first !== undefined && first.startsWith('$') && first !== '$ref' && first !== '$id' && first !== '$db'
}

/** Compiles the operators of one field; `compileFilter` is handed in because filters and fields contain each other. */
export function compileOperators(
  operators: Doc,
  scope: Scope,
  compileFilter: (filter: Doc, scope: Scope) => Filter,
): readonly Condition[] {
  const context = {
    scope,
    siblings: operators,
    compileFilter,
    compileOperators: (nested: Doc, inner: Scope) => compileOperators(nested, inner, compileFilter),
  }
  return operators.keys.flatMap((name, i) => {
    const compile = FIELD_OPERATORS.get(name)
    if (compile !== undefined) return compile(operators.values[i] as Value, context)
    if (REFUSED_FIELD_OPERATORS.has(name)) throw new ServerError(115, `${name} is not supported by the embedded server`)
    throw new ServerError(2, `unknown operator: ${name}`)
  })
}
