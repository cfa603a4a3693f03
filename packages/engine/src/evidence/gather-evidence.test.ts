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
const strict = doc({ bsonType: 'object', required: ['name'], properties: { name: { bsonType: 'string' } } })
const wanted = (name: string, parts: VersionParts = {}, schema: Doc = strict): WantedVersion => ({
  ...version(name, '1.0.0.0', parts),
  schema,
})

interface Given {
  readonly documents?: Readonly<Record<string, readonly Doc[]>>
  readonly versions?: readonly WantedVersion[]
  readonly limits?: Partial<typeof LIMITS>
  readonly evidence?: (port: EvidencePort, clock: FakeClock) => Partial<EvidencePort>
}

async function gather({ documents = {}, versions = [wanted('user')], limits, evidence }: Given) {
  const database = new MemoryDatabase()
  const clock = new FakeClock()
  for (const [name, all] of Object.entries(documents)) database.create(name).documents.push(...all)
  const whole = memoryTarget(database, clock)
  const target: TargetPort = { ...whole, evidence: { ...whole.evidence, ...evidence?.(whole.evidence, clock) } }
  const names = [...new Set(versions.map(({ stored }) => stored.split('.')[0] ?? ''))].sort()
  const all = repository(
    Object.fromEntries(names.map((name) => [name, versions.filter(({ stored }) => stored.startsWith(`${name}.`))])),
  )
  const planned = await observeAndPlan({ target, wanted: all, options: { environment: 'local', loadTestData: false } })
  if (!planned.ok) throw new Error(planned.error.message)
  const found = await gatherEvidence({ target, ...planned.value, limits: { ...LIMITS, ...limits }, clock })
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
