import fc from 'fast-check'
import type { WantedCollection, WantedIndex } from '../wanted.ts'
import { collection, index, schema, version } from './builders.ts'

/** Generated versions that change indexes in every way that a file can say. Development only. */

const NAMES = ['one', 'two', 'three'] as const
const KEYS = [{ a: 1 }, { a: -1 }, { a: 1, b: 1 }, { b: 1 }, { c: 'text' }, { a: 'hashed' }] as const
const OPTIONS = [
  {},
  { unique: true },
  { hidden: true },
  { expireAfterSeconds: 100 },
  { expireAfterSeconds: 200, hidden: true },
  { sparse: true },
  { unique: true, sparse: true },
  { collation: { locale: 'de' } },
  { partialFilterExpression: { b: 'x' } },
] as const

/** For each name: what becomes of it in the version. `undefined` leaves it as it is, `null` drops it. */
type Change = readonly [number, number] | null | undefined

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.constant(undefined),
  fc.constant(null),
  // The first key often: only equal keys can be changed in place.
  fc.tuple(fc.oneof(fc.constant(0), fc.nat(KEYS.length - 1)), fc.nat(OPTIONS.length - 1)),
)
const changes = fc.array(fc.tuple(change, change, change), { minLength: 1, maxLength: 5 })

/** Not what any server takes: one field only, and no special kinds, for uniqueness and time to live. */
function definition(name: string, [key, options]: readonly [number, number]): WantedIndex {
  const keys = KEYS[key] ?? KEYS[0]
  const isSpecial = Object.values(keys).some((kind) => typeof kind === 'string')
  const wanted = OPTIONS[options] ?? {}
  const isTtl = 'expireAfterSeconds' in wanted
  if (isSpecial || (isTtl && Object.keys(keys).length > 1)) return index(name, keys)
  return index(name, keys, wanted)
}

function versionsOf(name: string, all: readonly (readonly Change[])[]): WantedCollection {
  const there = new Set<string>()
  const versions = all.map((each, i) => {
    const dropIndexes: string[] = []
    const addIndexes: WantedIndex[] = []
    for (const [n, one] of each.entries()) {
      const indexName = NAMES[n]
      if (indexName === undefined || one === undefined) continue
      if (there.delete(indexName)) dropIndexes.push(indexName)
      if (one === null) continue
      there.add(indexName)
      addIndexes.push(definition(indexName, one))
    }
    return version(name, `1.0.${i}.0`, { schema: schema('_id', 'a', 'b', 'c'), dropIndexes, addIndexes })
  })
  return collection(name, ...versions)
}

/** A collection whose versions change its indexes at random. Some of them contradict each other, which planning refuses. */
export const indexChanges = (name: string): fc.Arbitrary<WantedCollection> =>
  changes.map((all) => versionsOf(name, all))
