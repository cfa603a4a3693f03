import { compareValues, isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../server-error.ts'
import type { DocCompare, EvaluationContext } from './contract.ts'
import { fieldPath } from './paths.ts'
import { keysOf, type Key } from './sort-keys.ts'
import { sortDirection } from './sort-values.ts'

/** Most fields of a sort pattern. Source: the manual, sort consistency. */
const MAX_SORT_FIELDS = 32

interface SortPlan {
  /** The key that stands for a document: the least, or the greatest where the first direction that decides is descending. */
  readonly keyOf: (document: Doc) => Key
  readonly compareKeys: (a: Key, b: Key) => number
}

/**
 * The order of documents by a sort pattern. Keys are computed once per document and comparison object.
 * Throws `ServerError` 15975 for a direction other than 1 and -1, 2 for parallel arrays when they are met.
 */
export function compileSort(spec: Doc, context: EvaluationContext): DocCompare {
  const { keyOf, compareKeys } = compilePlan(spec, context)
  const known = new WeakMap<Doc, Key>()
  const cached = (document: Doc): Key => {
    const before = known.get(document)
    if (before !== undefined) return before
    const key = keyOf(document)
    known.set(document, key)
    return key
  }
  return (a, b) => compareKeys(cached(a), cached(b))
}

/** Sorts documents; stable, so that equal ones keep their order. */
export function sortDocuments(documents: Iterable<Doc>, spec: Doc, context: EvaluationContext): Doc[] {
  const { keyOf, compareKeys } = compilePlan(spec, context)
  return Array.from(documents, (document) => ({ document, key: keyOf(document) }))
    .sort((a, b) => compareKeys(a.key, b.key))
    .map(({ document }) => document)
}

function compilePlan(spec: Doc, context: EvaluationContext): SortPlan {
  if (spec.size > MAX_SORT_FIELDS) throw new ServerError(13103, 'too many compound keys')
  const paths = spec.keys.map(fieldPath)
  const directions = spec.values.map(sortDirection)
  const options = { stringCompare: context.collation }
  const compareKeys = (a: Key, b: Key): number => {
    for (let i = 0; i < directions.length; i++) {
      const order = compareValues(a[i] as Value, b[i] as Value, options)
      if (order !== 0) return (directions[i] as number) * order
    }
    return 0
  }
  const keyOf = (document: Doc): Key => {
    const simple = simpleKey(document, paths)
    if (simple !== undefined) return simple
    return keysOf(document, paths).reduce((best, key) => (compareKeys(key, best) < 0 ? key : best))
  }
  return { keyOf, compareKeys }
}

/** The key where no array is on any path, which is nearly always. */
function simpleKey(document: Doc, paths: readonly (readonly string[])[]): Key | undefined {
  const key: Value[] = []
  for (const parts of paths) {
    let value: Value | undefined = document
    for (const part of parts) {
      value = isDoc(value) ? value.get(part) : isArray(value) ? value : undefined
    }
    if (isArray(value)) return undefined
    key.push(value ?? null)
  }
  return key
}
