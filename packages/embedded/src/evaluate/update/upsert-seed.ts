import { Doc, EMPTY_DOC, isArray, isDoc, isRegex, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { isOperatorDocument } from '../filter/field-operators.ts'
import { withValueAt } from '../paths.ts'

/**
 * The document that an upsert starts from: the equalities of the filter, `_id` first.
 * Throws 224 for `$expr` in the filter and 54 where one path is fixed twice.
 */
export function upsertSeed(filter: Doc): Doc {
  const found = new Map<string, Value>()
  collect(filter, found)
  const paths = [...found.keys()]
  for (const path of paths) {
    const inner = paths.find((other) => other.startsWith(`${path}.`))
    if (inner !== undefined)
      throw new ServerError(54, `cannot infer query fields to set, both paths '${path}' and '${inner}' are matched`)
    if (path.startsWith('_id.')) throw new ServerError(111, `_id path '${path}' must be exact for an upsert`)
  }
  const id = found.get('_id')
  let seed: Doc = id === undefined ? EMPTY_DOC : new Doc(['_id'], [id])
  for (const [path, value] of found) seed = withValueAt(seed, path.split('.'), value)
  return seed
}

function collect(filter: Doc, found: Map<string, Value>): void {
  filter.keys.forEach((key, i) => {
    const operand = filter.values[i] as Value
    if (key === '$expr') throw new ServerError(224, '$expr is not allowed in the query predicate for an upsert')
    if (key === '$and' || (key === '$or' && isArray(operand) && operand.length === 1)) {
      for (const clause of isArray(operand) ? operand : []) if (isDoc(clause)) collect(clause, found)
    } else if (!key.startsWith('$')) {
      const value = equalityOf(operand)
      if (value !== undefined) add(key, value, found)
    } else if (isArray(operand)) operand.forEach(refuseExpression)
  })
}

/** `$expr` is refused wherever it stands, also under `$or` and `$nor`. */
function refuseExpression(clause: Value): void {
  if (isDoc(clause)) collect(clause, new Map())
}

function equalityOf(operand: Value): Value | undefined {
  if (isRegex(operand)) return undefined
  if (!isOperatorDocument(operand)) return operand
  const equal = operand.get('$eq')
  if (equal !== undefined) return equal
  const all = operand.get('$all')
  const [only] = isArray(all) && all.length === 1 ? all : []
  return only === undefined || isRegex(only) || isOperatorDocument(only) ? undefined : only
}

function add(path: string, value: Value, found: Map<string, Value>): void {
  if (found.has(path)) throw new ServerError(54, `cannot infer query fields to set, path '${path}' is matched twice`)
  found.set(path, value)
}
