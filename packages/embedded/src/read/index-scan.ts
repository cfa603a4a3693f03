import { sameBracket, type Value } from '@stage0/bson-schema'
import { ID_INDEX } from '../storage/id-index.ts'
import type { CollectionReader, IndexReader } from '../storage/readers.ts'
import type { KeyValues } from '../storage/index-keys.ts'
import { recordKey, type RecordKey, type StoredRecord } from '../storage/record.ts'
import type { Predicate } from './predicates.ts'
import type { QueryPlan } from './query-plan.ts'

/** `min` and `max` of a find: the first is inclusive, the second exclusive, in the order of the index. */
export interface KeyBounds {
  readonly min: KeyValues | undefined
  readonly max: KeyValues | undefined
}

export interface IndexScan {
  /** Values of the leading fields. */
  readonly prefix: KeyValues
  /** Demand on the field after them. */
  readonly range: Predicate | undefined
  readonly bounds: KeyBounds | undefined
}

/** The candidates of a plan, each document once, without the first `passed`: not of every plan, see `passable`. */
export function candidates(collection: CollectionReader, plan: QueryPlan, passed = 0): Iterable<StoredRecord> {
  if (plan.kind === 'COLLSCAN') return collection.records()
  if (plan.kind === 'IXSCAN') return isForwardPoint(plan) ? equal(collection, plan) : indexed(collection, plan, passed)
  const record = collection.byId(plan.id)
  return record === undefined ? [] : [record]
}

/** Others have no turn while candidates are passed over. */
const MAX_PASSED = 10_000

/**
 * How many of `count` candidates can be passed over without a look at their documents: where one scan of an index finds each
 * document under one key.
 */
export function passable(plan: QueryPlan, count: number): number {
  if (plan.kind !== 'IXSCAN' || isForwardPoint(plan) || plan.index.multikey) return 0
  const [only] = plan.scans.length === 1 ? plan.scans : []
  return only === undefined || isIdPoint(plan, only) ? 0 : Math.min(count, MAX_PASSED)
}

type IndexPlan = Extract<QueryPlan, { readonly kind: 'IXSCAN' }>

const isForwardPoint = ({ isExact, direction }: IndexPlan): boolean => isExact && direction === 1

/** Of an exact plan in the order of the index: the short way of the most frequent query. */
function* equal(collection: CollectionReader, plan: IndexPlan): Generator<StoredRecord> {
  const { index, scans } = plan
  const prefix = scans[0]?.prefix ?? []
  for (const entry of index.from(prefix)) {
    if (index.comparePrefix(entry, prefix) !== 0) return
    const record = collection.byKey(entry.recordKey)
    if (record !== undefined) yield record
  }
}

/** Points of the index on `_id` are the keys of the documents, unless a collation makes texts equal. */
const isIdPoint = ({ index }: IndexPlan, { prefix }: IndexScan): boolean =>
  index.name === ID_INDEX && index.spec.collation === undefined && prefix.length === 1

function indexed(collection: CollectionReader, plan: IndexPlan, passed: number): Iterable<StoredRecord> {
  const scans = plan.direction === 1 ? plan.scans : [...plan.scans].reverse()
  // Only an array, or a point that is asked for twice, leads to one document again.
  const seen = plan.index.multikey || scans.length > 1 ? new Set<RecordKey>() : undefined
  let toPass = passed
  let scan = 0
  let keys = keysOf(plan, scans[0])
  return iterate(() => {
    for (;;) {
      const { done, value: key } = keys.next()
      if (done === true) {
        if (++scan >= scans.length) return undefined
        keys = keysOf(plan, scans[scan])
      } else if (toPass > 0) toPass--
      else if (seen === undefined || !seen.has(key)) {
        seen?.add(key)
        const record = collection.byKey(key)
        if (record !== undefined) return record
      }
    }
  })
}

/**
 * What `next` returns, until it returns nothing. Where every document of a collection is passed, instead of a generator: the
 * engine optimizes the loop of a generator only after it was begun anew for hundreds of times.
 */
function iterate<T>(next: () => T | undefined): IterableIterator<T> {
  return {
    next: () => {
      const value = next()
      return value === undefined ? { done: true, value } : { done: false, value }
    },
    [Symbol.iterator]() {
      return this
    },
  }
}

function keysOf(plan: IndexPlan, scan: IndexScan | undefined): Iterator<RecordKey> {
  if (scan === undefined) return [][Symbol.iterator]()
  const keys = isIdPoint(plan, scan) ? keysById(scan) : keysInDirection(plan.index, scan, plan.direction)
  return keys[Symbol.iterator]()
}

const keysById = ({ prefix }: IndexScan): readonly RecordKey[] => [recordKey(prefix[0] as Value)]

function keysInDirection(index: IndexReader, scan: IndexScan, direction: 1 | -1): Iterable<RecordKey> {
  if (direction === 1) return scanKeys(index, scan)
  if (scan.prefix.length === 0 && scan.range === undefined && scan.bounds === undefined) return keysBackwards(index)
  return [...scanKeys(index, scan)].reverse()
}

function keysBackwards(index: IndexReader): Iterable<RecordKey> {
  const entries = index.backwards()[Symbol.iterator]()
  return iterate(() => entries.next().value?.recordKey)
}

function scanKeys(index: IndexReader, { prefix, range, bounds }: IndexScan): Iterable<RecordKey> {
  const field = prefix.length
  const descending = Number(index.spec.key.values[field]) < 0
  // Of an array, one element may satisfy the lower bound and another the upper one: a multikey index uses only one bound.
  const low = range?.low
  const high = index.multikey && low !== undefined ? undefined : range?.high
  const first = descending ? high : low
  const last = descending ? low : high
  const bracket = (low ?? high)?.value
  let inside = first !== undefined
  const start = bounds?.min ?? (first === undefined ? prefix : [...prefix, first.value])
  const stop = last === undefined ? undefined : [...prefix, last.value]
  const entries = index.from(start)[Symbol.iterator]()
  return iterate(() => {
    for (;;) {
      const { done, value: entry } = entries.next()
      if (done === true) return undefined
      if (bounds?.max !== undefined && index.comparePrefix(entry, bounds.max) >= 0) return undefined
      if (field > 0 && index.comparePrefix(entry, prefix) !== 0) return undefined
      if (bracket !== undefined) {
        const value = entry.values[field] as Value
        if (!sameBracket(value, bracket)) {
          if (inside) return undefined
          continue
        }
        inside = true
      }
      return stop !== undefined && index.comparePrefix(entry, stop) > 0 ? undefined : entry.recordKey
    }
  })
}
