import { doc, type Doc, type Plain } from '@stage0/bson-schema'
import {
  canonicalJson,
  sha256Hex,
  type SourcePlace,
  type Wanted,
  type WantedIndex,
  type WantedVersion,
} from '@stage0/core'
import fc from 'fast-check'

const placeOf = (name: string): SourcePlace => ({
  file: `configurations/${name}.yaml`,
  pointer: '',
  line: 1,
  column: 1,
})
const hashOf = (value: Parameters<typeof canonicalJson>[0]): string => sha256Hex(canonicalJson(value))

/** Indexes that never get in each other's way. The last one has two forms, so that a version can change it in place. */
const INDEXES: readonly (readonly [name: string, key: { readonly [path: string]: Plain }, options: object])[] = [
  ['a', { a: 1 }, { unique: true, sparse: true }],
  ['b', { b: -1, a: 1 }, {}],
  ['c', { c: 1 }, { collation: { locale: 'en', strength: 2 } }],
  ['d', { d: 1 }, { partialFilterExpression: { d: { $gt: 5 } } }],
  ['e', { e: 1 }, {}],
]
const CHANGING = INDEXES.length - 1

/** What one version does. */
interface Draft {
  readonly migrates: 'no' | 'as-written' | 'update'
  readonly documents: number
  /** Indexes that are dropped where they are there, and built where not. */
  readonly toggled: readonly number[]
  /** Whether the last index, where it is there, gets another visibility. */
  readonly changes: boolean
  readonly shape: number
  readonly action: 'error' | 'warn'
}
const draft: fc.Arbitrary<Draft> = fc.record({
  migrates: fc.constantFrom('no', 'as-written', 'update'),
  documents: fc.nat(3),
  toggled: fc.uniqueArray(fc.nat(CHANGING)),
  changes: fc.boolean(),
  shape: fc.nat(2),
  action: fc.constantFrom('error', 'warn'),
})

function versionsOf(name: string, drafts: readonly Draft[]): readonly WantedVersion[] {
  const source = placeOf(name)
  const there = new Map<number, boolean>()
  const indexOf = (n: number): WantedIndex => {
    const [indexName = '', key = {}, options = {}] = INDEXES[n] ?? []
    const hidden = there.get(n) === true ? { hidden: true } : {}
    return {
      name: indexName,
      key: doc(key),
      options: doc({ ...options, ...hidden } as { [option: string]: Plain }),
      source,
    }
  }
  return drafts.map((one, i) => {
    const drops = one.toggled.filter((n) => there.has(n))
    const adds = one.toggled.filter((n) => !there.has(n))
    for (const n of drops) there.delete(n)
    for (const n of adds) there.set(n, false)
    const isHidden = there.get(CHANGING)
    if (one.changes && isHidden !== undefined && !one.toggled.includes(CHANGING)) {
      there.set(CHANGING, !isHidden)
      drops.push(CHANGING)
      adds.push(CHANGING)
    }
    const number = `1.0.${i}.0`
    const schema = doc({ bsonType: 'object', title: `shape ${one.shape}`, properties: { n: { bsonType: 'int' } } })
    return {
      number: [1, 0, i, 0] as const,
      version: number,
      stored: `${name}.${number}`,
      schema,
      schemaHash: hashOf(schema),
      validation: { level: 'moderate', action: one.action },
      dropIndexes: drops.map((n) => INDEXES[n]?.[0] ?? ''),
      addIndexes: adds.map(indexOf),
      migrations: one.migrates === 'no' ? [] : [migrationOf(name, i, one.migrates)],
      testData: one.documents === 0 ? undefined : dataOf(name, i, one.documents),
      allow: [],
      source,
    }
  })
}

/** Counts up, so that a second execution shows. */
function migrationOf(name: string, i: number, mode: 'as-written' | 'update') {
  const count = doc({ $set: { n: { $add: [{ $ifNull: ['$n', 0] }, 1] } } })
  const pipeline = mode === 'update' ? [count] : [count, doc({ $out: name })]
  return { file: `migrations/${name}${i}.json`, hash: hashOf(pipeline), pipeline, mode, source: placeOf(name) }
}

function dataOf(name: string, i: number, count: number) {
  const documents: readonly Doc[] = Array.from({ length: count }, (_, k) =>
    doc({ _id: i * 10 + k, n: 0, b: k, d: k * 4 }),
  )
  return { file: `test_data/${name}.${i}.json`, hash: hashOf(documents), documents, source: placeOf(name) }
}

function wantedOf(drafts: Readonly<Record<string, readonly Draft[]>>, upTo: number): Wanted {
  const collections = Object.keys(drafts)
    .sort()
    .map((name) => ({ name, file: placeOf(name).file, versions: versionsOf(name, drafts[name] ?? []).slice(0, upTo) }))
  const document = doc({ version: 0, enumerators: [] })
  const enumerators = [{ version: 0, document, hash: hashOf(document), file: 'enumerators/enumerations.0.yaml' }]
  return { hash: hashOf({ collections, enumerators } as never), collections, enumerators }
}

/** A repository as it was once, and as it is now. Development only. */
export interface Repositories {
  readonly before: Wanted
  readonly after: Wanted
}

/** Valid repositories of one to three collections, of one to four versions each. */
export const repositories: fc.Arbitrary<Repositories> = fc
  .record({
    drafts: fc.dictionary(fc.constantFrom('alpha', 'beta', 'gamma'), fc.array(draft, { minLength: 1, maxLength: 4 }), {
      minKeys: 1,
    }),
    upTo: fc.integer({ min: 1, max: 2 }),
  })
  // Else there would be nothing to plan.
  .filter(({ drafts, upTo }) => Object.values(drafts).some(({ length }) => length > upTo))
  .map(({ drafts, upTo }) => ({ before: wantedOf(drafts, upTo), after: wantedOf(drafts, Infinity) }))
