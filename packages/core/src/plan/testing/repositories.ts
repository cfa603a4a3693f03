import { doc } from '@stage0/bson-schema'
import fc from 'fast-check'
import type { Wanted, WantedIndex } from '../wanted.ts'
import { collection, index, migration, version, wanted } from './builders.ts'

/** Indexes that never get in each other's way, so that a generated repository is a valid one. */
const INDEXES: readonly WantedIndex[] = [
  index('a', { a: 1 }, { unique: true }),
  index('b', { b: -1, a: 1 }, { sparse: false }),
  index('c', { c: 'text' }),
  index('d', { d: 1 }, { collation: { locale: 'en' } }),
]

interface Draft {
  readonly migrates: boolean
  readonly hasData: boolean
  readonly toggled: readonly number[]
  readonly schemaNumber: number
}
const draft: fc.Arbitrary<Draft> = fc.record({
  migrates: fc.boolean(),
  hasData: fc.boolean(),
  toggled: fc.uniqueArray(fc.nat(INDEXES.length - 1)),
  schemaNumber: fc.nat(2),
})

/** Each version toggles some indexes: what is there is dropped, what is not is added. */
function versionsOf(name: string, drafts: readonly Draft[]) {
  const there = new Set<number>()
  return drafts.map((one, i) => {
    const drops = one.toggled.filter((n) => there.has(n))
    const adds = one.toggled.filter((n) => !there.has(n))
    for (const n of drops) there.delete(n)
    for (const n of adds) there.add(n)
    return version(name, `1.0.${i}.0`, {
      schema: doc({ bsonType: 'object', title: `shape ${one.schemaNumber}` }),
      dropIndexes: drops.map((n) => INDEXES[n]?.name ?? ''),
      addIndexes: adds.flatMap((n) => INDEXES[n] ?? []),
      migrations: one.migrates ? [migration(`m${i}.json`, [{ $set: { n: 1 } }, { $out: name }])] : [],
      ...(one.hasData && { data: [doc({ _id: i })] }),
    })
  })
}

/** Repositories of up to three collections that migrate, load data and change indexes in any mixture. Development only. */
export const repositories: fc.Arbitrary<Wanted> = fc
  .dictionary(fc.constantFrom('alpha', 'beta', 'gamma'), fc.array(draft, { minLength: 1, maxLength: 4 }))
  .map((byName) =>
    wanted(
      Object.entries(byName)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, drafts]) => collection(name, ...versionsOf(name, drafts))),
      [{ version: 0, document: doc({ version: 0 }) }],
    ),
  )
