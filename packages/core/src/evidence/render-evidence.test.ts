import type { CollectionEvidence, DuplicateSample, PlanEvidence } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { renderEvidenceText } from './render-evidence.ts'

const scan = { ended: 'all', checked: 300, total: 300, basis: 'as stored now', foreseen: true } as const
const sample = (value: string, documents: number): DuplicateSample => ({
  key: [{ path: 'mail', value: JSON.stringify(value) }],
  documents,
  ids: ['1', '7'],
})
function evidenceOf(parts: Partial<CollectionEvidence>): PlanEvidence {
  const nothing = { name: 'user', validators: [], uniques: [], expiries: [], work: [], risks: [], errors: [] }
  const limits = { ms: 30_000, documents: 1_000_000, samples: 20 }
  return {
    plan_hash: 'x',
    at: '2026-01-01T00:00:00.000Z',
    took_ms: 120,
    limits,
    collections: [{ ...nothing, ...parts }],
  }
}
const unique = (samples: readonly DuplicateSample[]) => ({
  ...{ step_id: 'user/1.0.0.0/buildIndexes', version: '1.0.0.0', index: 'byMail', scan },
  ...{ text: 'shared', keys: samples.length, documents: 9, samples: [...samples] },
})
const expiry = (documents: number) => ({
  ...{ step_id: 'user/1.0.0.0/buildIndexes', version: '1.0.0.0', index: 'old', scan },
  ...{ text: `${documents} of 300 would be deleted`, path: 'at', seconds: 60, documents },
})

describe('evidence for a person', () => {
  it('tells a rule in the same words where it is counted and where a document breaks it', () => {
    const violation = { path: 'age', rule: 'bsonType', expected: '"int"', actual: '"x" (string)' }
    const samples = [{ id: '1', violations: [violation, { path: 'tags', rule: 'uniqueItems' }], more: 0 }]
    const rules = [{ path: 'age', keyword: 'bsonType', expected: '"int"', documents: 1 }]
    const validator = { step_id: 'user/1.0.0.0/setValidator', version: '1.0.0.0', text: 'one', scan, failing: 1 }
    const text = renderEvidenceText(evidenceOf({ validators: [{ ...validator, rules, samples }] }))
    expect(text).toContain('1  age: bsonType, expected "int"\n')
    expect(text).toContain('age: bsonType, expected "int", found "x" (string)\n')
    expect(text).toContain('tags: uniqueItems\n')
  })

  it('names both documents of a key, and of more that these are two of them', () => {
    const text = renderEvidenceText(evidenceOf({ uniques: [unique([sample('a', 2), sample('b', 5)])] }))
    expect(text).toContain('mail: "a" in 2 documents, _id 1 and 7\n')
    expect(text).toContain('mail: "b" in 5 documents, among them _id 1 and 7\n')
  })

  it('says how many samples there are besides those that it shows, and no more than there are', () => {
    const samples = (count: number) => Array.from({ length: count }, (_, i) => sample(`v${i}`, 2))
    const text = (count: number) => renderEvidenceText(evidenceOf({ uniques: [unique(samples(count))] }))
    expect(text(5)).not.toContain('--json')
    expect(text(6)).toContain('1 more sample with --json')
    expect(text(8)).toContain('3 more samples with --json')
  })

  it('tells what an index would delete', () => {
    const evidence = evidenceOf({ expiries: [expiry(2)] })
    expect(renderEvidenceText(evidence)).toContain('index old of 1.0.0.0, which deletes: 2 of 300 would be deleted')
  })

  it('paints what deletes in the colour of what is bad, and nothing that deletes nothing', () => {
    const painted = (documents: number) =>
      renderEvidenceText(evidenceOf({ expiries: [expiry(documents)] }), { color: true })
    expect(painted(2)).toContain('\u001b[31m2 of 300')
    expect(painted(0)).toContain('\u001b[32m0 of 300')
  })
})
