import { doc, type Doc } from '@stage0/bson-schema'
import { planToJson, readPlanHash, type WantedVersion } from '@stage0/core'
import { err, ok, type PlanEvidence, type Result } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { observeAndPlan } from '../observe-and-plan.ts'
import type { TargetError, TargetPort } from '../ports.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { MemoryDatabase } from '../testing/memory-database.ts'
import { memoryTarget } from '../testing/memory-target.ts'
import { repository, version, type VersionParts } from '../testing/repository.ts'
import type { EvidencePort } from './evidence-port.ts'
import { gatherEvidence } from './gather-evidence.ts'

const LIMITS = { ms: 30_000, documents: 1000, samples: 20 }
const SOURCE = { file: 'configurations/user.yaml', pointer: '', line: 1, column: 1 }
const strict = doc({ bsonType: 'object', required: ['name'], properties: { name: { bsonType: 'string' } } })
const wanted = (name: string, parts: VersionParts = {}, schema: Doc = strict): WantedVersion => ({
  ...version(name, '1.0.0.0', parts),
  schema,
})

interface Given {
  readonly documents?: Readonly<Record<string, readonly Doc[]>>
  readonly versions?: readonly WantedVersion[]
  readonly limits?: Partial<typeof LIMITS>
  /** How far planning itself looks; as far as it goes where absent. */
  readonly look?: 'bounded' | 'none'
  readonly evidence?: (port: EvidencePort, clock: FakeClock) => Partial<EvidencePort>
}

async function gather({ documents = {}, versions = [wanted('user')], limits, evidence, look }: Given) {
  const database = new MemoryDatabase()
  const clock = new FakeClock()
  for (const [name, all] of Object.entries(documents)) database.create(name).documents.push(...all)
  const whole = memoryTarget(database, clock)
  const target: TargetPort = { ...whole, evidence: { ...whole.evidence, ...evidence?.(whole.evidence, clock) } }
  const names = [...new Set(versions.map(({ stored }) => stored.split('.')[0] ?? ''))].sort()
  const all = repository(
    Object.fromEntries(names.map((name) => [name, versions.filter(({ stored }) => stored.startsWith(`${name}.`))])),
  )
  const bounds = { ...LIMITS, ...limits }
  const planned = await observeAndPlan({
    ...{ target, wanted: all, options: { environment: 'local', loadTestData: false }, samples: bounds.samples },
    look: look === 'bounded' ? { ...bounds, clock } : look,
  })
  if (!planned.ok) throw new Error(planned.error.message)
  const found = await gatherEvidence({ target, ...planned.value, limits: bounds, clock })
  return { found, plan: planned.value.plan, operations: whole.operations }
}
function of(found: Result<PlanEvidence, TargetError>, name = 'user') {
  if (!found.ok) throw new Error(found.error.message)
  const collection = found.value.collections.find((one) => one.name === name)
  if (collection === undefined) throw new Error(`nothing about ${name}`)
  return collection
}
const people = [doc({ _id: 1, name: 'a' }), doc({ _id: 2, name: 5 }), doc({ _id: 3 })]

describe('the evidence of a plan', () => {
  it('counts what would fail the validator, by rule, and says what that means for the risks', async () => {
    const { found } = await gather({ documents: { user: people } })
    const { validators, risks, work, size } = of(found)
    expect(validators).toMatchObject([
      {
        step_id: 'user/1.0.0.0/setValidator',
        text: '2 of 3 documents would fail, as stored now',
        scan: { ended: 'all', checked: 3, total: 3, foreseen: true },
        failing: 2,
        rules: [
          { path: 'name', keyword: 'bsonType', documents: 1 },
          { path: 'name', keyword: 'required', documents: 1 },
        ],
        samples: [
          { id: '2', violations: [{ path: 'name', rule: 'bsonType', expected: '"string"', actual: '5 (int)' }] },
          { id: '3', violations: [{ path: 'name', rule: 'required', expected: 'a value', actual: 'nothing' }] },
        ],
      },
    ])
    expect(risks.map(({ text }) => text)).toEqual(['MF: 2 documents'])
    expect(size?.documents).toBe(3)
    expect(work.map(({ step_id: id }) => id)).toContain('user/1.0.0.0/setValidator')
  })

  it('of documents that match is empty, and says how many were checked', async () => {
    const { found } = await gather({ documents: { user: people.slice(0, 1) } })
    const { validators, risks } = of(found)
    expect(validators[0]).toMatchObject({ failing: 0, rules: [], samples: [] })
    expect(validators[0]?.text).toBe('no document would fail: checked 1 of 1, as stored now')
    expect(risks.map(({ text }) => text)).toEqual(['MF: no document fails: checked 1 of 1'])
  })

  it('finds what would break a unique index', async () => {
    const documents = { user: [1, 1, 2].map((email, i) => doc({ _id: i, name: 'a', email })) }
    const { found } = await gather({ documents, versions: [wanted('user', { unique: ['email'] })] })
    const { uniques, risks } = of(found)
    expect(uniques).toMatchObject([
      {
        index: 'email',
        keys: 1,
        documents: 2,
        samples: [{ key: [{ path: 'email', value: '1' }], documents: 2, ids: ['0', '1'] }],
      },
    ])
    expect(uniques[0]?.text).toBe('2 documents share 1 key: the index cannot be built, as stored now')
    expect(risks.map(({ text }) => text)).toContain('MF: 2 documents share 1 key')
  })

  describe('of which planning itself has looked for duplicates', () => {
    const emails = [1, 2, 3, 3, 1].map((email, _id) => doc({ _id, name: 'a', email }))
    const given = { documents: { user: emails }, versions: [wanted('user', { unique: ['email'] })] }

    it.each([
      { documents: 100, shared: '4 documents of user share 2 keys', text: '4 documents share 2 keys' },
      {
        documents: 4,
        shared: 'of the first 4 documents of user, 2 share 1 key',
        text: 'of the first 4 documents 2 share 1 key',
      },
    ])(
      'says the same as the plan, within the limit of $documents, and asks once',
      async ({ documents, shared, text }) => {
        let asked = 0
        const counts = (port: EvidencePort): Partial<EvidencePort> => ({
          findDuplicates: (query) => {
            asked += 1
            return port.findDuplicates(query)
          },
        })
        const { found, plan } = await gather({ ...given, limits: { documents }, evidence: counts, look: 'bounded' })
        expect(plan.problems.map((one) => one.text)).toEqual([expect.stringContaining(shared)])
        expect(of(found).uniques[0]?.text).toBe(`${text}: the index cannot be built, as stored now`)
        expect(asked).toBe(1)
      },
    )

    it('says of none within the limit that apply looks further, everywhere with the same words', async () => {
      const { found, plan } = await gather({ ...given, limits: { documents: 2 }, look: 'bounded' })
      expect(plan.problems).toEqual([])
      expect(of(found).uniques[0]?.text).toBe(
        'of the first 2 documents no two share a key, as stored now; apply looks at all documents, for up to 10 s, before it changes anything',
      )
      const texts = of(found).risks.map(({ text }) => text)
      expect(texts).toContain('MF: no two documents share a key, among the first 2 only')
    })

    it('leaves half of the time to the other questions', async () => {
      const limits: number[] = []
      const slow = (port: EvidencePort, clock: FakeClock): Partial<EvidencePort> => ({
        findDuplicates: async ({ maxMs }) => {
          limits.push(maxMs)
          clock.suspend(maxMs)
          return ok('time')
        },
        findFailing: (query) => {
          limits.push(query.maxMs)
          return port.findFailing(query)
        },
      })
      const { found, plan } = await gather({ ...given, evidence: slow, look: 'bounded' })
      expect(limits).toEqual([15_000, 15_000])
      expect(plan.problems).toEqual([])
      expect(of(found).uniques[0]?.text).toMatch(
        /^not finished within 15 s: whether documents share a key is not known, as stored now; apply looks/,
      )
      expect(found).toMatchObject({ ok: true, value: { took_ms: 15_000 } })
    })

    it('names no value of a document without samples, in the plan neither', async () => {
      const secret = given.documents.user.map((one) => one.with('email', `secret ${String(one.get('email'))}`))
      const { found, plan } = await gather({
        ...{ ...given, documents: { user: secret } },
        ...{ limits: { samples: 0 }, look: 'bounded' as const },
      })
      expect(plan.problems[0]?.text).toBe(
        '4 documents of user share 2 keys of the unique index email (values are not shown: EVIDENCE_SAMPLES is 0)',
      )
      expect(JSON.stringify(found)).not.toContain('secret')
      expect(planToJson(plan)).not.toContain('secret')
    })

    it('does not look while planning where that is not wanted', async () => {
      const { plan } = await gather({ ...given, look: 'none' })
      expect(plan.problems).toEqual([])
    })
  })

  it('counts what an index with a time to live would delete, for its risk', async () => {
    const dates = [new Date(0), [new Date(0), 'x'], new Date(Date.UTC(2026, 0, 1)), 'no date']
    const documents = { user: dates.map((at, _id) => doc({ _id, name: 'a', at })) }
    const expires = [{ name: 'old', key: doc({ at: 1 }), options: doc({ expireAfterSeconds: 3600 }), source: SOURCE }]
    const { found, plan } = await gather({ documents, versions: [{ ...wanted('user'), addIndexes: expires }] })
    const { expiries, risks } = of(found)
    const text = '2 of 4 documents would be deleted right away: at is 3,600 s or more ago, as stored now'
    expect(expiries).toMatchObject([{ index: 'old', path: 'at', seconds: 3600, documents: 2, text }])
    const told = risks.find((one) => one.text === 'DS: 2 documents right away')
    const step = plan.steps.find(({ id }) => id === told?.step_id)
    expect(step?.risks[told?.risk ?? -1]).toMatchObject({ code: 'DS', path: 'old' })
  })

  it('looks at no more documents than the limit, and never tells a total then', async () => {
    const { found } = await gather({ documents: { user: people }, limits: { documents: 2 } })
    const [validator] = of(found).validators
    expect(validator?.text).toBe('of the first 2 documents 1 would fail, as stored now')
    expect(validator?.scan).toEqual({ ended: 'limit', checked: 2, basis: 'as stored now', foreseen: true })
    expect(of(found).risks.map(({ text }) => text)).toEqual(['MF: 1 document of the first 2'])
  })

  it('says where a question was cut off, with what was found until then', async () => {
    const cutOff = (port: EvidencePort): Partial<EvidencePort> => ({
      findFailing: async (query) => {
        await port.findFailing({ ...query, limit: 2 })
        return ok('time')
      },
    })
    const { found } = await gather({ documents: { user: people }, evidence: cutOff })
    const [validator] = of(found).validators
    expect(validator).toMatchObject({ failing: 1, scan: { ended: 'time' } })
    expect(validator?.scan).not.toHaveProperty('checked')
    expect(validator?.text).toBe('not finished within 30 s: 1 document found until then that would fail, as stored now')
    expect(of(found).risks.map(({ text }) => text)).toEqual(['MF: at least 1 document, not finished'])
  })

  it('asks about small collections first, and about none when the time is over', async () => {
    const asked: string[] = []
    const slow = (port: EvidencePort, clock: FakeClock): Partial<EvidencePort> => ({
      findFailing: (query) => {
        asked.push(query.collection)
        clock.suspend(30_000)
        return port.findFailing(query)
      },
    })
    const versions = [wanted('order'), wanted('user')]
    const documents = { order: people, user: people.slice(0, 1) }
    const { found } = await gather({ documents, versions, evidence: slow })
    expect(asked).toEqual(['user'])
    expect(of(found, 'order').validators[0]?.text).toBe(
      'not finished within 30 s: no failing document was found until then, as stored now',
    )
  })

  it('tells a refusal with its collection and goes on; a database that is gone ends it', async () => {
    const failure = (kind: TargetError['kind']): TargetError => ({ kind, code: 'TARGET_REFUSED', message: 'no' })
    const fails = (kind: TargetError['kind']) => (): Partial<EvidencePort> => ({
      findFailing: async () => err(failure(kind)),
    })
    const refused = await gather({ documents: { user: people }, evidence: fails('refused') })
    expect(of(refused.found)).toMatchObject({ validators: [], errors: [{ code: 'TARGET_REFUSED', message: 'no' }] })
    const gone = await gather({ documents: { user: people }, evidence: fails('unreachable') })
    expect(gone.found).toEqual(err(failure('unreachable')))
  })

  it('names what it cannot explain and what it cannot look for', async () => {
    const disagrees = (): Partial<EvidencePort> => ({
      findFailing: async ({ onDocument }) => {
        onDocument(doc({ _id: 1, name: 'a' }))
        return ok('end')
      },
    })
    const odd = { ...wanted('user', { unique: ['list.0'] }) }
    const { found } = await gather({ documents: { user: people }, versions: [odd], evidence: disagrees })
    expect(of(found).errors.map(({ code }) => code)).toEqual(['EVIDENCE_KEY_UNKNOWN', 'EVIDENCE_UNEXPLAINED'])
    expect(of(found).validators[0]?.failing).toBe(1)
  })

  it('says nothing about collections that do not exist yet, and writes nothing', async () => {
    const { found, operations } = await gather({})
    expect(found).toMatchObject({ ok: true, value: { collections: [] } })
    expect(operations).toEqual([])
  })

  it('stands outside of the plan and its hash', async () => {
    const { found, plan } = await gather({ documents: { user: people } })
    if (!found.ok) throw new Error(found.error.message)
    const text = planToJson(plan, found.value)
    expect(JSON.parse(text)).toMatchObject({ hash: plan.hash, evidence: { plan_hash: plan.hash } })
    expect(readPlanHash(text)).toEqual(ok(plan.hash))
    expect(readPlanHash(text.replace('"database":"shop"', '"database":"shot"'))).toEqual(err('changed'))
    expect(readPlanHash(planToJson(plan))).toEqual(ok(plan.hash))
  })
})
