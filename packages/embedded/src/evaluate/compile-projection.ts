import { EMPTY_DOC, isArray, isDoc, isNumeric, type Doc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../server-error.ts'
import type { EvaluationContext, Projection } from './contract.ts'
import { compileFilterIn } from './compile-filter.ts'
import { rootScope } from './expression/compile.ts'
import type { Scope } from './expression/types.ts'
import { elementTest } from './filter/array-conditions.ts'
import { compileOperators } from './filter/field-operators.ts'
import { compilePosition } from './position.ts'
import { compileFieldProjection, type Entry } from './projection/parse.ts'
import { asSafeInteger } from './values.ts'

/**
 * Compiles the projection of find and findAndModify. `filter` is the query's, for the positional operator.
 *
 * Throws `ServerError` 31254 and 31253 for mixes of inclusion and exclusion, 31249 and 31250 for colliding paths,
 * and the codes of expressions.
 */
export function compileProjection(spec: Doc, context: EvaluationContext, filter: Doc = EMPTY_DOC): Projection {
  if (spec.size === 0) return (document) => document
  const scope = rootScope(context)
  return compileFieldProjection(spec, scope, (path, value) => parseFindOperator(path, value, scope, filter))
}

function parseFindOperator(path: string, value: Value, scope: Scope, filter: Doc): Entry | undefined {
  if (path.endsWith('.$')) return positional(path, value, scope, filter)
  if (path.includes('.$.') || path.startsWith('$')) {
    throw new ServerError(
      31394,
      `As of 4.4, it's illegal to specify positional operator in the middle of a path: ${path}`,
    )
  }
  if (!isDoc(value) || value.size !== 1) return undefined
  const operand = value.values[0] as Value
  switch (value.keys[0]) {
    case '$slice':
      return sliceEntry(path, operand)
    case '$elemMatch':
      return elemMatchEntry(path, operand, scope)
    case '$meta':
      throw new ServerError(115, '$meta is not supported by the embedded server')
    default:
      return undefined
  }
}

function positional(path: string, value: Value, scope: Scope, filter: Doc): Entry {
  if (value !== true && !(isNumeric(value) && asSafeInteger(value) !== 0)) {
    throw new ServerError(31271, 'positional projection cannot be used with an expression or sub object')
  }
  const array = path.slice(0, -'.$'.length)
  const find = compilePosition(filter, scope)
  const parts = array.split('.')
  const apply = (list: Value, document: Doc): Value => {
    if (!isArray(list)) return list
    const position = find(document, parts)
    const element = position === undefined ? undefined : list[position]
    if (element === undefined) {
      throw new ServerError(51246, `positional operator '.$' couldn't find a matching element in the array`)
    }
    return [element]
  }
  return { path: array, leaf: { kind: 'transform', apply }, neutral: false }
}

/** `$slice` of find takes a count or `[skip, count]`; with anything else it is the expression of that name. */
function sliceEntry(path: string, operand: Value): Entry | undefined {
  const [first, second] = isArray(operand) ? operand : [undefined, operand]
  if (isArray(operand) && (operand.length !== 2 || !isNumeric(first))) return undefined
  const count = asSafeInteger(second)
  const skip = first === undefined ? undefined : asSafeInteger(first)
  if (count === undefined || (first !== undefined && skip === undefined)) {
    throw new ServerError(28667, `Invalid $slice syntax. The given syntax did not match the find() syntax`)
  }
  if (skip !== undefined && count <= 0) throw new ServerError(28724, `$slice limit must be positive`)
  const apply = (list: Value): Value => {
    if (!isArray(list)) return list
    if (skip === undefined) return count < 0 ? list.slice(count) : list.slice(0, count)
    const start = skip < 0 ? Math.max(0, list.length + skip) : skip
    return list.slice(start, start + count)
  }
  return { path, leaf: { kind: 'transform', apply }, neutral: true }
}

function elemMatchEntry(path: string, operand: Value, scope: Scope): Entry {
  if (!isDoc(operand))
    throw new ServerError(31274, `elemMatch: Invalid argument, object required, but got something else`)
  if (path.includes('.')) throw new ServerError(31275, 'Cannot use $elemMatch projection on a nested field.')
  const test = elementTest(operand, {
    scope,
    siblings: operand,
    compileFilter: compileFilterIn,
    compileOperators: (operators, inner) => compileOperators(operators, inner, compileFilterIn),
  })
  const apply = (list: Value): Value | undefined => {
    const found = isArray(list) ? list.find(test) : undefined
    return found === undefined ? undefined : [found]
  }
  return { path, leaf: { kind: 'transform', apply }, neutral: false }
}
