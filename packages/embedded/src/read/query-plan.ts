import { equalValues, sameBracket, type Doc, type Value } from '@stage0/bson-schema'
import type { Collection } from '../storage/collection.ts'
import type { KeyValues } from '../storage/index-keys.ts'
import { IndexTree } from '../storage/index-tree.ts'
import type { StoredRecord } from '../storage/record.ts'
import { sameCollation, type Collation } from './collation.ts'
import { contains, predicatesOf, type Predicate } from './predicates.ts'

/** How the candidates for a filter are found. Every candidate is checked against the whole filter. */
export type QueryPlan =
  | { readonly kind: 'IDHACK'; readonly id: Value }
  | { readonly kind: 'IXSCAN'; readonly index: IndexTree; readonly scans: readonly Scan[] }
  | { readonly kind: 'COLLSCAN' }

interface Scan {
  /** Values of the leading fields. */
  readonly prefix: KeyValues
  /** Demand on the field after them. */
  readonly range: Predicate | undefined
}

/** What a client may ask for: an index, `_id_` (which needs an equality), or a scan of the collection. */
export type Hint = IndexTree | '_id_' | '$natural' | undefined

const COLLSCAN: QueryPlan = { kind: 'COLLSCAN' }

/** `_id` equality first, then the index with the most equal leading fields, a range on the next one breaking ties. */
export function planQuery(collection: Collection, filter: Doc, collation: Collation, hint?: Hint): QueryPlan {
  if (hint === '$natural') return COLLSCAN
  const predicates = predicatesOf(filter)
  if (hint instanceof IndexTree) {
    const { scans } = scansOf(hint, filter, predicates, collation) ?? { scans: [{ prefix: [], range: undefined }] }
    return { kind: 'IXSCAN', index: hint, scans }
  }
  const own = collection.options.collationSpec
  const id = predicates.get('_id')
  if (id?.points?.length === 1 && own === undefined && collation.spec === undefined) {
    return { kind: 'IDHACK', id: id.points[0] as Value }
  }
  let best: { readonly index: IndexTree; readonly scans: readonly Scan[]; readonly score: number } | undefined
  for (const index of collection.indexes.values()) {
    const candidate = scansOf(index, filter, predicates, collation)
    if (candidate !== undefined && (best === undefined || candidate.score > best.score)) best = { index, ...candidate }
  }
  return best === undefined ? COLLSCAN : { kind: 'IXSCAN', index: best.index, scans: best.scans }
}

function scansOf(
  index: IndexTree,
  filter: Doc,
  predicates: ReadonlyMap<string, Predicate>,
  collation: Collation,
): { readonly scans: readonly Scan[]; readonly score: number } | undefined {
  if (!index.usable || !sameCollation(index.spec.collation?.spec, collation.spec)) return undefined
  if (index.spec.partial !== undefined && !contains(filter, index.spec.partial.expression, equalValues))
    return undefined
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
  return { scans: prefixes.map((prefix) => ({ prefix, range })), score: equal * 2 + (range === undefined ? 0 : 1) }
}

/** Beyond this many points a scan of the collection is no worse. */
const MAX_SCANS = 1_000

/** The candidates of a plan, each document once. */
export function* candidates(collection: Collection, plan: QueryPlan): Generator<StoredRecord> {
  if (plan.kind === 'COLLSCAN') yield* collection.records()
  else if (plan.kind === 'IDHACK') {
    const record = collection.byId(plan.id)
    if (record !== undefined) yield record
  } else {
    const seen = new Set<string>()
    for (const scan of plan.scans) {
      for (const key of scanKeys(plan.index, scan)) {
        if (seen.has(key)) continue
        seen.add(key)
        const record = collection.byKey(key)
        if (record !== undefined) yield record
      }
    }
  }
}

function* scanKeys(index: IndexTree, { prefix, range }: Scan): Generator<string> {
  const field = prefix.length
  const descending = Number(index.spec.key.values[field]) < 0
  // Of an array, one element may satisfy the lower bound and another the upper one: a multikey index uses only one bound.
  const low = range?.low
  const high = index.multikey && low !== undefined ? undefined : range?.high
  const first = descending ? high : low
  const last = descending ? low : high
  const bracket = (low ?? high)?.value
  let inside = first !== undefined
  const start = first === undefined ? prefix : [...prefix, first.value]
  for (const entry of index.from(start)) {
    if (index.comparePrefix(entry, prefix) !== 0) return
    if (bracket !== undefined) {
      const value = entry.values[field] as Value
      if (!sameBracket(value, bracket)) {
        if (inside) return
        continue
      }
      inside = true
    }
    if (last !== undefined && index.comparePrefix(entry, [...prefix, last.value]) > 0) return
    yield entry.recordKey
  }
}
