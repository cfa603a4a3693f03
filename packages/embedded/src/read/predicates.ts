import { isArray, isDoc, typeRank, UNDEFINED, type Doc, type Value } from '@stage0/bson-schema'

/** What a filter demands of one path, as far as an index can use it. Several points mean one of them. */
export interface Predicate {
  readonly points: readonly Value[] | undefined
  readonly low: { readonly value: Value; readonly inclusive: boolean } | undefined
  readonly high: { readonly value: Value; readonly inclusive: boolean } | undefined
}

/** Ranks of null and undefined, of arrays and of regular expressions: their equality means more than one key of an index. */
const NOT_A_POINT: ReadonlySet<number> = new Set([1, 2, 6, 12])
/** Ranks of MinKey, documents, arrays and MaxKey: ranges over them are left to the scan. */
const NOT_A_RANGE: ReadonlySet<number> = new Set([0, 1, 2, 5, 6, 12, 16])

const isPoint = (value: Value): boolean => !NOT_A_POINT.has(typeRank(value))
/**
 * The keys of an index that equal one of the values, where these can be told. An `_id` is there in every document, so that null is
 * no more than the one key, and the undefined that it finds too.
 */
function pointsAt(path: string, values: readonly Value[]): readonly Value[] | undefined {
  if (values.every(isPoint)) return values
  if (path !== '_id' || !values.every((value) => value === null || isPoint(value))) return undefined
  return [...values, UNDEFINED]
}
const isBound = (value: Value): boolean => !NOT_A_RANGE.has(typeRank(value))
const isOperators = (value: Value): value is Doc =>
  isDoc(value) && value.size > 0 && (value.keys[0] as string).startsWith('$')

const NOTHING: Predicate = { points: undefined, low: undefined, high: undefined }

function ofOperators(path: string, condition: Doc): Predicate {
  let { points, low, high } = NOTHING
  for (const [operator, operand] of condition.entries()) {
    if (operator === '$eq') points ??= pointsAt(path, [operand])
    else if (operator === '$in' && isArray(operand)) points ??= pointsAt(path, operand)
    else if ((operator === '$gt' || operator === '$gte') && isBound(operand))
      low ??= { value: operand, inclusive: operator === '$gte' }
    else if ((operator === '$lt' || operator === '$lte') && isBound(operand))
      high ??= { value: operand, inclusive: operator === '$lte' }
  }
  return { points, low, high }
}

/**
 * The usable demands of a filter by path, from its top level and from `$and`. A path that is named twice keeps what came
 * first: the whole filter is checked on every document anyway.
 */
export function predicatesOf(filter: Doc): ReadonlyMap<string, Predicate> {
  const found = new Map<string, Predicate>()
  const add = (path: string, predicate: Predicate): void => {
    const before = found.get(path)
    if (predicate.points === undefined && predicate.low === undefined && predicate.high === undefined) return
    if (before === undefined) found.set(path, predicate)
  }
  const walk = (clauses: Doc): void => {
    for (let i = 0; i < clauses.size; i++) {
      const key = clauses.keys[i] as string
      const value = clauses.values[i] as Value
      if (key === '$and' && isArray(value)) value.filter(isDoc).forEach(walk)
      else if (key.startsWith('$')) continue
      else if (isOperators(value)) add(key, ofOperators(key, value))
      else add(key, { points: pointsAt(key, [value]), low: undefined, high: undefined })
    }
  }
  walk(filter)
  return found
}

/** The value that a condition asks for: `{$eq: value}` and `value` mean the same, unless it is a regular expression. */
export const pointOf = (condition: Value): Value =>
  isDoc(condition) && condition.size === 1 && condition.keys[0] === '$eq' ? (condition.values[0] as Value) : condition

/**
 * The fields of a filter that demands nothing but that each of them equals one plain value; `undefined` for any other filter.
 * A document and an array are no plain values: what they mean depends on what they hold.
 */
export function equalFields(filter: Doc): readonly string[] | undefined {
  for (let i = 0; i < filter.size; i++) {
    const point = pointOf(filter.values[i] as Value)
    if ((filter.keys[i] as string).startsWith('$') || isDoc(point) || !isPoint(point)) return undefined
  }
  return filter.keys
}

/** Whether every clause of `part` stands in `filter` as it is: then the filter finds nothing outside of the part. */
export function contains(filter: Doc, part: Doc, equal: (a: Value, b: Value) => boolean): boolean {
  const clauses: [string, Value][] = []
  const walk = (level: Doc): void => {
    for (const [key, value] of level.entries()) {
      if (key === '$and' && isArray(value)) value.filter(isDoc).forEach(walk)
      else clauses.push([key, value])
    }
  }
  walk(filter)
  return [...part.entries()].every(([key, value]) =>
    clauses.some(([name, other]) => name === key && equal(value, other)),
  )
}
