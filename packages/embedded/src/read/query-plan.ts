import { doc, equalValues, type Doc, type Value } from '@stage0/bson-schema'
import type { CollectionReader, IndexReader } from '../storage/readers.ts'
import type { KeyValues } from '../storage/index-keys.ts'
import { sameCollation, type Collation } from './collation.ts'
import type { IndexScan, KeyBounds } from './index-scan.ts'
import { contains, equalFields, pointOf, predicatesOf, type Predicate } from './predicates.ts'
import { sortDirection } from './sort-by-index.ts'

/**
 * How the candidates for a filter are found. Candidates are checked against the whole filter. `isSorted`: they come in
 * the order that was asked for. `isExact`: every candidate matches.
 */
export type QueryPlan =
  | { readonly kind: 'IDHACK'; readonly id: Value; readonly isSorted: true; readonly isExact: boolean }
  | {
      readonly kind: 'IXSCAN'
      readonly index: IndexReader
      readonly scans: readonly IndexScan[]
      readonly direction: 1 | -1
      readonly isSorted: boolean
      readonly isExact: boolean
    }
  | { readonly kind: 'COLLSCAN'; readonly isSorted: boolean; readonly isExact: false }

/** What a client may ask for: an index, or a scan of the collection. */
export type Hint = IndexReader | '$natural' | undefined

export interface PlanRequest {
  readonly filter: Doc
  readonly collation: Collation
  readonly hint?: Hint
  /** Empty or absent: any order. */
  readonly sort?: Doc | undefined
  /** Values between which the keys of the hinted index must lie. */
  readonly bounds?: KeyBounds | undefined
}

export const ID_KEY = doc({ _id: 1 })

const WHOLE: readonly IndexScan[] = [{ prefix: [], range: undefined, bounds: undefined }]

/** `_id` equality first, then the index with the most equal leading fields, a range on the next one breaking ties, then one that sorts. */
export function planQuery(collection: CollectionReader, request: PlanRequest): QueryPlan {
  const { filter, collation, hint, bounds } = request
  const sort = request.sort?.size === 0 || request.sort?.has('$natural') === true ? undefined : request.sort
  const scanAll: QueryPlan = { kind: 'COLLSCAN', isSorted: sort === undefined, isExact: false }
  if (hint === '$natural') return scanAll
  const isById = hint === undefined && collection.options.collationSpec === undefined && collation.spec === undefined
  if (isById && filter.size === 1 && filter.keys[0] === '_id' && equalFields(filter) !== undefined) {
    return { kind: 'IDHACK', id: pointOf(filter.values[0] as Value), isSorted: true, isExact: true }
  }
  const predicates = predicatesOf(filter)
  const planFor = (index: IndexReader, scans: readonly IndexScan[]): QueryPlan => {
    const order = sort === undefined ? undefined : sortDirection(index, scans, sort, collation)
    const isSorted = sort === undefined || order !== undefined
    return { kind: 'IXSCAN', index, scans, direction: order ?? 1, isSorted, isExact: isExact(index, scans, filter) }
  }
  if (hint !== undefined) {
    if (bounds !== undefined) return planFor(hint, [{ prefix: [], range: undefined, bounds }])
    return planFor(hint, scansOf(hint, filter, predicates, collation)?.scans ?? WHOLE)
  }
  const id = predicates.get('_id')
  if (isById && id?.points?.length === 1) {
    return { kind: 'IDHACK', id: id.points[0] as Value, isSorted: true, isExact: false }
  }
  // The ordered index on `_id` is made on demand: only where the query can gain by it.
  const withId = id !== undefined || sort?.keys[0] === '_id' ? [collection.idIndex()] : []
  const indexes = [...withId, ...collection.indexes.values()]
  let best: { readonly index: IndexReader; readonly scans: readonly IndexScan[]; readonly score: number } | undefined
  for (const index of indexes) {
    const candidate = scansOf(index, filter, predicates, collation)
    if (candidate !== undefined && (best === undefined || candidate.score > best.score)) best = { index, ...candidate }
  }
  if (best !== undefined) return planFor(best.index, best.scans)
  const sorting = sort === undefined ? undefined : indexes.find((index) => sorts(index, filter, sort, collation))
  return sorting === undefined ? scanAll : planFor(sorting, WHOLE)
}

/** Whether reading all of `index` gives every document that can match, in the order asked for. */
const sorts = (index: IndexReader, filter: Doc, sort: Doc, collation: Collation): boolean =>
  !index.spec.sparse && covers(index, filter) && sortDirection(index, WHOLE, sort, collation) !== undefined

/** Whether no document that matches `filter` is left out of a partial index. */
const covers = ({ spec }: IndexReader, filter: Doc): boolean =>
  spec.partial === undefined || contains(filter, spec.partial.expression, equalValues)

/** One point for the leading fields of the index, which are all that the filter asks about; arrays have several keys. */
function isExact({ spec, multikey }: IndexReader, scans: readonly IndexScan[], filter: Doc): boolean {
  const [scan] = scans
  if (scan === undefined || scans.length > 1 || multikey || spec.collation !== undefined) return false
  if (scan.range !== undefined || scan.bounds !== undefined || scan.prefix.length !== filter.size) return false
  return (
    equalFields(filter)?.every((field) => spec.key.keys.indexOf(field) < filter.size && spec.key.has(field)) === true
  )
}

function scansOf(
  index: IndexReader,
  filter: Doc,
  predicates: ReadonlyMap<string, Predicate>,
  collation: Collation,
): { readonly scans: readonly IndexScan[]; readonly score: number } | undefined {
  if (!index.usable || !sameCollation(index.spec.collation?.spec, collation.spec)) return undefined
  if (!covers(index, filter)) return undefined
  // Keys of one document may come from different elements of an array: only the first field narrows safely.
  const fields = index.multikey ? index.spec.key.keys.slice(0, 1) : index.spec.key.keys
  let prefixes: KeyValues[] = [[]]
  let equal = 0
  for (const field of fields) {
    const { points } = predicates.get(field) ?? {}
    if (points === undefined || prefixes.length * points.length > MAX_SCANS) break
    prefixes = prefixes.flatMap((prefix) => points.map((point) => [...prefix, point]))
    equal++
  }
  const next = equal < fields.length ? predicates.get(fields[equal] as string) : undefined
  const range = next?.low !== undefined || next?.high !== undefined ? next : undefined
  if (equal === 0 && range === undefined) return undefined
  // Sorted: several scans one after the other are in the order of the index too.
  return {
    scans: prefixes.sort((a, b) => index.compareKeys(a, b)).map((prefix) => ({ prefix, range, bounds: undefined })),
    score: equal * 2 + (range === undefined ? 0 : 1),
  }
}

/** Beyond this many points a scan of the collection is no worse. */
const MAX_SCANS = 10_000
