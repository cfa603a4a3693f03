import { isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../server-error.ts'
import type { StringCompare } from './contract.ts'
import { fieldPath, valueAt } from './paths.ts'
import { asNumber, isNullish, orderIn } from './values.ts'

/** A direction of a sort pattern: 1 or -1 of any numeric type. */
export function sortDirection(value: Value | undefined): 1 | -1 {
  const n = asNumber(value)
  if (n === 1 || n === -1) return n
  if (isDoc(value) && value.has('$meta'))
    throw new ServerError(115, '$meta sort is not supported by the embedded server')
  if (n === undefined) throw new ServerError(15974, 'Illegal key in $sort specification')
  throw new ServerError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)')
}

/**
 * The comparison of `$sortArray` and of `$push` with `$sort`: a direction compares the elements themselves,
 * a document compares fields inside them. Elements keep their order where they are equal.
 */
export function compileSortPattern(
  pattern: Value,
  collation: StringCompare | undefined,
): (a: Value, b: Value) => number {
  const order = orderIn(collation)
  if (!isDoc(pattern)) {
    const direction = patternDirection(pattern)
    return (a, b) => direction * order(a, b)
  }
  if (pattern.size === 0) throw new ServerError(2, 'The sort pattern is empty when it should be a set of fields.')
  const fields = pattern.keys.map((path, i) => ({
    parts: fieldPath(path),
    direction: patternDirection(pattern.values[i]),
  }))
  return (a, b) => {
    for (const { parts, direction } of fields) {
      const result = order(inElement(a, parts), inElement(b, parts))
      if (result !== 0) return direction * result
    }
    return 0
  }
}

function patternDirection(value: Value | undefined): 1 | -1 {
  const n = asNumber(value)
  if (n === 1 || n === -1) return n
  throw new ServerError(2, 'The $sort element value must be either 1 or -1')
}

/** A missing field sorts as null. */
function inElement(element: Value, parts: readonly string[]): Value {
  if (!isDoc(element) && !isArray(element)) return null
  const value = isDoc(element) ? valueAt(element as Doc, parts) : undefined
  return isNullish(value) ? null : value
}
