import { doc, docOf, double } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import { canonicalJson, sha256Hex } from './canonical.ts'
import { planChanges } from './plan-changes.ts'
import { planToJson, readPlanHash } from './plan-json.ts'
import { renderPlanText } from './render-plan.ts'
import { renderReview } from '../present/review.ts'
import {
  collection,
  index,
  LOCAL,
  observed,
  observedCollection,
  recorded,
  schema,
  version,
  wanted,
} from './testing/builders.ts'

const V1 = version('user', '1.0.0.0', { schema: schema('_id', 'a|b') })
const V2 = version('user', '1.0.1.0', {
  schema: schema('_id'),
  addIndexes: [index('email', { email: 1 }, { unique: true })],
})
const state = observed({
  collections: [
    observedCollection('user', { validator: doc({ $jsonSchema: V1.schema }), validationLevel: 'moderate' }),
  ],
  versions: [recorded('user', 'user.1.0.0.0', V1.schemaHash)],
})
const plan = planChanges(wanted([collection('user', V1, V2)]), state, LOCAL)

describe('canonicalJson', () => {
  it('sorts the keys of plain data, keeps those of documents and tells BSON types apart', () => {
    const document = docOf([
      ['b', 1],
      ['2', double(1)],
      ['1', 5n],
      ['__proto__', new Date(0)],
    ])
    expect(canonicalJson({ z: [null, undefined, 0.5], a: document, left: undefined })).toBe(
      '{"a":{"b":1,"2":{"$numberDouble":"1.0"},"1":{"$numberLong":"5"},"__proto__":{"$date":{"$numberLong":"0"}}},"z":[null,null,0.5]}',
    )
  })
  it('throws for what no plan holds', () => {
    expect(() => canonicalJson(() => 1)).toThrow(TypeError)
  })
  it('is hashed by SHA-256', () => {
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })
})

describe('a saved plan', () => {
  it('is JSON that begins with its hash, and the hash is that of the plan', () => {
    const text = planToJson(plan)
    expect(JSON.parse(text)).toMatchObject({ hash: plan.hash, database: 'shop', environment: 'local' })
    expect(readPlanHash(`${text}\n`)).toEqual({ ok: true, value: plan.hash })
  })
  it('that was changed by hand is not the plan that was reviewed', () => {
    expect(readPlanHash(planToJson(plan).replace('"email"', '"e-mail"'))).toEqual({ ok: false, error: 'changed' })
    expect(readPlanHash('{"a": 1}')).toEqual({ ok: false, error: 'not-a-plan' })
  })
})

describe('a plan for people', () => {
  it('tells per collection the state, the steps, the changes and the risks', () => {
    expect(
      renderPlanText(plan)
        .split('\n')
        .filter((line) => !line.startsWith('plan ')),
    ).toEqual([
      '3 steps in 1 collection for shop on MongoDB 7.0.0, replica-set, environment local',
      '',
      'user  behind: 1.0.0.0 -> 1.0.1.0',
      '  1.0.1.0',
      '    build index email',
      '      + email {email: 1} {unique: true}',
      expect.stringMatching(/^ {6}! LK under load: building email on a collection in use\. .* Safer: /),
      expect.stringMatching(/^ {6}! MF data-dependent: unique index email fails/),
      '    set the validator (moderate, error)',
      '      - a|b: removed',
      expect.stringMatching(/^ {6}! BC breaking: a\|b: removed\. /),
      expect.stringMatching(/^ {6}! LK under load: one collMod/),
      '    record version 1.0.1.0',
      '',
      'What the codes of risks mean, and how a file accepts one: docs/risks.md',
      '',
    ])
  })
  it('does not name the page of risks where all of them are accepted, or there are none', () => {
    const accepted = {
      ...plan,
      steps: plan.steps.map((step) => ({ ...step, risks: step.risks.map((one) => ({ ...one, accepted: 'agreed' })) })),
    }
    const names = (one: typeof plan): boolean[] =>
      [renderPlanText(one), renderReview(one)].map((text) => text.includes('docs/risks.md'))
    expect([names(plan), names(accepted)]).toEqual([
      [true, true],
      [false, false],
    ])
  })
  it('is coloured only on request', () => {
    const escapes = (text: string): number => text.split('\u001b[').length - 1
    expect([escapes(renderPlanText(plan)), escapes(renderPlanText(plan, { color: true })) > 0]).toEqual([0, true])
  })
  it('names what refuses it', () => {
    const refused = planChanges(
      wanted([collection('user', V1)]),
      { ...state, versions: [recorded('user', 'user.9.0.0.0')] },
      LOCAL,
    )
    expect(renderPlanText(refused)).toMatch(
      /^Refused: 1 error for shop.*\n(.*\n)*problems\n {2}error VERSION_AHEAD configurations\/user.yaml:1:1 user is recorded at 9.0.0.0/,
    )
    expect(renderPlanText(planChanges(wanted([]), observed(), LOCAL))).toMatch(/^Nothing to do for shop/)
  })
})
