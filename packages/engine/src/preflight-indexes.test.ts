import { doc, type Doc, type Plain } from '@stage0/bson-schema'
import { isRefused, type PlanOptions, type Wanted, type WantedVersion } from '@stage0/core'
import { ERRORS } from '@stage0/types'
import { beforeEach, describe, expect, it } from 'vitest'
import { observeAndPlan } from './observe-and-plan.ts'
import { FakeClock } from './testing/fake-clock.ts'
import { MemoryDatabase } from './testing/memory-database.ts'
import { memoryTarget } from './testing/memory-target.ts'
import { repository, version } from './testing/repository.ts'
import { apply } from './testing/run.ts'

const options: PlanOptions = { environment: 'local', loadTestData: false }
const source = { file: 'configurations/x.yaml', pointer: '', line: 1, column: 1 }
type Literal = { readonly [name: string]: Plain }
const adding = (
  number: string,
  name: string,
  key: Literal,
  indexOptions: Literal,
  drop: readonly string[] = [],
): WantedVersion => ({
  ...version('user', number, { drop }),
  addIndexes: [{ name, key: doc(key), options: doc(indexOptions), source }],
})

let database: MemoryDatabase
const clock = new FakeClock()
const indexNames = (): string[] => (database.collections.get('user')?.indexes ?? []).map((one) => one.name)
const FIRST = adding('1.0.0.0', 'byMail', { mail: 1 }, {})
const twice = (): readonly Doc[] => [doc({ _id: 1, mail: 'a', code: 1 }), doc({ _id: 2, mail: 'a', code: 2 })]

beforeEach(async () => {
  database = new MemoryDatabase()
  await apply(database, repository({ user: [FIRST] }), { clock })
  database.collections.get('user')?.documents.push(...twice())
})

async function planOf(wanted: Wanted) {
  const planned = await observeAndPlan({ target: memoryTarget(database, clock), wanted, options })
  if (!planned.ok) throw new Error(planned.error.message)
  return planned.value.plan
}

describe('a unique index over documents with equal values', () => {
  it.each<[string, WantedVersion]>([
    ['built', adding('1.0.1.0', 'unique', { mail: 1 }, { unique: true })],
    [
      'dropped and built anew',
      adding('1.0.1.0', 'byMail', { mail: 1, _id: 1 }, { unique: true, sparse: true }, ['byMail']),
    ],
    ['changed in place', adding('1.0.1.0', 'byMail', { mail: 1 }, { unique: true }, ['byMail'])],
  ])('that is %s is refused before anything changes, naming the documents', async (how, next) => {
    const same =
      how === 'dropped and built anew'
        ? { ...next, addIndexes: next.addIndexes.map((one) => ({ ...one, key: doc({ mail: -1 }) })) }
        : next
    const wanted = repository({ user: [FIRST, same] })
    const plan = await planOf(wanted)
    expect(isRefused(plan)).toBe(true)
    expect(plan.problems).toEqual([
      expect.objectContaining({
        code: 'INDEX_DUPLICATES',
        file: source.file,
        text: expect.stringMatching(
          /^2 documents of user share 1 key of the unique index \S+: mail "a" in _id 1 and 2$/,
        ),
        hint: ERRORS.INDEX_DUPLICATES.fix,
      }),
    ])
    const ran = await apply(database, wanted, { clock, runId: 'run-2' })
    expect(ran.last).toMatchObject({ status: 'failed', error: { code: 'PLAN_REFUSED' } })
    expect([indexNames(), ran.target.operations]).toEqual([['_id_', 'byMail'], []])
  })

  it('is refused by the run whose plan had looked at fewer documents, not as another plan: PLAN_REFUSED', async () => {
    const wanted = repository({ user: [FIRST, adding('1.0.1.0', 'unique', { mail: 1 }, { unique: true })] })
    const look = { documents: 1, ms: 1000, clock }
    const planned = await observeAndPlan({ target: memoryTarget(database, clock), wanted, options, look })
    if (!planned.ok) throw new Error(planned.error.message)
    expect(isRefused(planned.value.plan)).toBe(false)
    const agreed = { options, expectedPlanHash: planned.value.plan.hash }
    const ran = await apply(database, wanted, { clock, runId: 'run-2', ...agreed })
    expect(ran.last).toMatchObject({ status: 'failed', error: { code: 'PLAN_REFUSED' } })
    expect([indexNames(), ran.target.operations]).toEqual([
      ['_id_', 'byMail'],
      ['claim', 'release'],
    ])
  })

  it('is planned where a migration makes the values different first', async () => {
    const unique = adding('1.0.1.0', 'byMail', { mail: 1 }, { unique: true }, ['byMail'])
    const migrates = version('user', '1.0.1.0', {
      migrate: [{ $set: { mail: { $add: ['$code', 1] } } }, { $out: 'user' }],
    })
    const wanted = repository({ user: [FIRST, { ...unique, migrations: migrates.migrations }] })
    expect((await planOf(wanted)).problems.filter(({ code }) => code === 'INDEX_DUPLICATES')).toEqual([])
    expect((await apply(database, wanted, { clock, runId: 'run-2' })).last?.status).toBe('succeeded')
  })
})

describe('W-03: an index that a unique one replaces', () => {
  it.each([
    { samples: undefined, told: 'code 2 in _id 2 and 3' },
    { samples: 0, told: '(values are not shown: EVIDENCE_SAMPLES is 0)' },
  ])('is not dropped when duplicates came in after the plan was made: $told', async ({ samples, told }) => {
    const next = adding('1.0.1.0', 'byMail', { code: 1 }, { unique: true }, ['byMail'])
    const wanted = repository({ user: [FIRST, next] })
    expect(isRefused(await planOf(wanted))).toBe(false)
    const ran = await apply(database, wanted, {
      clock,
      runId: 'run-2',
      samples,
      faults: {
        before: (name) => {
          // The last write of the run before its steps.
          if (name === 'appendEvents' || name === 'begin')
            database.collections.get('user')?.documents.push(doc({ _id: 3, code: 2 }))
        },
      },
    })
    const failed = ran.events.find((event) => event.type === 'step.finished' && event.status === 'failed')
    expect(failed).toMatchObject({
      kind: 'dropIndex',
      error: { code: 'INDEX_DUPLICATES', message: expect.stringContaining(told) },
    })
    if (samples === 0) expect(JSON.stringify(ran.events)).not.toMatch(/code 2|_id 2/)
    expect(indexNames()).toEqual(['_id_', 'byMail'])
  })
})

it('an index is changed in place by a run, and the next one finds nothing to do', async () => {
  const next = adding('1.0.1.0', 'byMail', { mail: 1 }, { hidden: true, expireAfterSeconds: 60 }, ['byMail'])
  const wanted = repository({ user: [FIRST, next] })
  const ran = await apply(database, wanted, { clock, runId: 'run-2' })
  expect(ran.last?.status).toBe('succeeded')
  expect(ran.target.operations).toContain('changeIndex')
  expect(ran.target.operations).not.toContain('dropIndex')
  const again = await planOf(wanted)
  expect([again.steps, again.problems]).toEqual([[], []])
})
