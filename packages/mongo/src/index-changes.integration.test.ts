import { doc, type Plain } from '@stage0/bson-schema'
import {
  canonicalJson,
  isRefused,
  sha256Hex,
  type Observed,
  type Plan,
  type Wanted,
  type WantedIndex,
} from '@stage0/core'
import { applyPlan, observeAndPlan, type ApplyInput } from '@stage0/engine'
import { isDeep } from '@stage0/testkit'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startScratch, value, type Scratch, type ScratchServer } from './testing/scratch.ts'

let server: ScratchServer
beforeAll(async () => {
  server = await startScratch()
})
afterAll(() => server.close())

const source = { file: 'configurations/user.yaml', pointer: '', line: 1, column: 1 }
const KEYS: readonly { readonly [path: string]: Plain }[] = [{ a: 1 }, { a: 1 }, { a: -1 }, { a: 1, b: 1 }, { b: 1 }]
const OPTIONS: readonly { readonly [option: string]: Plain }[] = [
  ...[{}, { unique: true }, { hidden: true }, { expireAfterSeconds: 1e8 }, { expireAfterSeconds: 2e8, hidden: true }],
  ...[{ sparse: true }, { unique: true, sparse: true }, { collation: { locale: 'de' } }],
]
const NAMES = ['one', 'two', 'three'] as const

/** What becomes of the index of each name in a version: `undefined` leaves it, `null` drops it, else which key and options it gets. */
type Change = readonly [number, number] | null | undefined
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.constantFrom(undefined, null),
  fc.tuple(fc.nat(KEYS.length - 1), fc.nat(OPTIONS.length - 1)),
)
const history = fc.array(fc.tuple(change, change, change), { minLength: 2, maxLength: 5 })

function definition(name: string, [key, options]: readonly [number, number]): WantedIndex {
  const keys = KEYS[key] ?? {}
  const wanted = OPTIONS[options] ?? {}
  // A time to live is for one field.
  const fits = Object.keys(keys).length === 1 || !('expireAfterSeconds' in wanted)
  return { name, key: doc(keys), options: doc(fits ? wanted : {}), source }
}

function repository(all: readonly (readonly Change[])[]): Wanted {
  const there = new Set<string>()
  const versions = all.map((changes, build) => {
    const dropIndexes: string[] = []
    const addIndexes: WantedIndex[] = []
    for (const [at, name] of NAMES.entries()) {
      const one = changes[at]
      if (one === undefined) continue
      if (there.delete(name)) dropIndexes.push(name)
      if (one === null) continue
      there.add(name)
      addIndexes.push(definition(name, one))
    }
    const number = `1.0.0.${build + 1}`
    const schema = doc({ bsonType: 'object' })
    return {
      ...{ number: [1, 0, 0, build + 1] as const, version: number, stored: `user.${number}` },
      ...{ schema, schemaHash: sha256Hex(canonicalJson(schema)) },
      ...{ validation: { level: 'moderate', action: 'error' } as const, dropIndexes, addIndexes },
      ...{ migrations: [], testData: undefined, allow: [], source },
    }
  })
  const collections = [{ name: 'user', file: source.file, versions }]
  return { hash: sha256Hex(canonicalJson({ collections })), enumerators: [], collections }
}

const clock: ApplyInput['clock'] = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()))
    }),
}
const options = { environment: 'local', loadTestData: false }

/**
 * Applies one version after the other, and looks at the indexes after each step.
 *
 * @returns how many versions were applied.
 */
async function applyAll({ target, db }: Scratch, wanted: Wanted): Promise<number> {
  const [user] = wanted.collections
  if (user === undefined) throw new TypeError('a generated repository without a collection')
  for (const [at] of user.versions.entries()) {
    const part: Wanted = { ...wanted, collections: [{ ...user, versions: user.versions.slice(0, at + 1) }] }
    const { plan } = value(await observeAndPlan({ target, wanted: part, options }))
    // Versions that contradict each other are refused as a whole, before anything is changed.
    if (isRefused(plan)) return at
    const run = applyPlan({
      ...{ target, wanted: part, options, clock, leaseMs: 30_000, toolVersion: '0' },
      ...{ holder: { host: 'h', pid: 1, user: 'ada', runId: `r${at}`, command: 'test' } },
      ...{ signal: new AbortController().signal, expectedPlanHash: plan.hash },
    })
    for await (const event of run) {
      if (event.type === 'run.finished') expect([event.status, event.error]).toEqual(['succeeded', undefined])
      if (event.type === 'step.finished') await expectNoGap(value(await target.observe({})), plan, event.step_id)
    }
    const after = value(await observeAndPlan({ target, wanted: part, options })).plan
    expect([after.steps, after.problems.filter(({ code }) => code !== 'INDEX_NOT_IN_REPOSITORY')]).toEqual([[], []])
    expect(after.collections[0]?.drift).toEqual([])
  }
  expect((await db.collection('user').countDocuments()) > 0).toBe(true)
  return user.versions.length
}

/** An index that the version changes in place is there after every step; so is one that goes, until its successor is built. */
async function expectNoGap(observed: Observed, { steps }: Plan, done: string): Promise<void> {
  const there = new Set(observed.collections.find(({ name }) => name === 'user')?.indexes.map(({ name }) => name))
  const at = steps.findIndex(({ id }) => id === done)
  for (const [i, step] of steps.entries()) {
    if (step.kind === 'changeIndex') expect([done, there.has(step.index.name)]).toEqual([done, true])
    if (step.kind !== 'dropIndex' || i <= at) continue
    // It goes later: until then it is there, and when it goes without being told as a gap, what is built is there.
    expect([done, there.has(step.index)]).toEqual([done, true])
  }
  const drop = steps[at]
  if (drop?.kind !== 'dropIndex' || drop.risks.some(({ code }) => code === 'RB')) return
  for (const step of steps)
    if (step.kind === 'buildIndexes')
      for (const { name } of step.indexes) expect([done, there.has(name)]).toEqual([done, true])
}

it('random changes of indexes over versions: nothing left to do after each, no index absent where none is promised to be', async () => {
  let applied = 0
  await fc.assert(
    fc.asyncProperty(history, async (all) => {
      const scratch = await server.database()
      try {
        await scratch.db.createCollection('user')
        await scratch.db.collection('user').insertMany([
          { a: 'x', b: 1 },
          { a: 'y', b: 2 },
        ])
        applied += await applyAll(scratch, repository(all))
      } finally {
        await scratch.drop()
      }
    }),
    { numRuns: isDeep ? 200 : 8 },
  )
  expect(applied).toBeGreaterThan(isDeep ? 100 : 0)
})
