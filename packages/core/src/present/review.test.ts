import type { CollectionEvidence, PlanEvidence } from '@stage0/types'
import { doc } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import { planChanges } from '../plan/plan-changes.ts'
import type { Plan } from '../plan/plan.ts'
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
} from '../plan/testing/builders.ts'
import { renderReview } from './review.ts'

/** A plan that takes the rule of a field, and makes an index, in collections of these names. */
function planOf(names: readonly string[], fields: readonly string[] = ['a|b']): Plan {
  const first = names.map((name) => version(name, '1.0.0.0', { schema: schema('_id', ...fields) }))
  const second = names.map((name) =>
    version(name, '1.0.1.0', { schema: schema('_id'), addIndexes: [index('email', { email: 1 }, { unique: true })] }),
  )
  return planChanges(
    wanted(names.map((name, at) => collection(name, first[at]!, second[at]!))),
    observed({
      collections: names.map((name, at) =>
        observedCollection(name, { validator: doc({ $jsonSchema: first[at]!.schema }), validationLevel: 'moderate' }),
      ),
      versions: names.map((name, at) => recorded(name, `${name}.1.0.0.0`, first[at]!.schemaHash)),
    }),
    LOCAL,
  )
}

function evidenceOf(name: string, parts: Partial<CollectionEvidence>): PlanEvidence {
  const nothing = { name, validators: [], uniques: [], expiries: [], work: [], risks: [], errors: [] }
  return {
    ...{ plan_hash: 'x', at: '2026-01-01T00:00:00.000Z', took_ms: 120 },
    limits: { ms: 30_000, documents: 1_000_000, samples: 20 },
    collections: [{ ...nothing, ...parts }],
  }
}

const scan = { ended: 'all', checked: 300, total: 300, basis: 'as stored now', foreseen: true } as const
const bytes = (text: string): number => Buffer.byteLength(text)

describe('a plan for a review', () => {
  it('has a table of what changes, and unfolds the steps, open where a risk is grave', () => {
    const text = renderReview(planOf(['user']), { documents: new Map([['user', 1200]]) })
    expect(text).toContain(
      '| user | behind: 1.0.0.0 -&gt; 1.0.1.0 | 3 | 2 under load, 1 data-dependent, 1 breaking | about 1,200 |',
    )
    expect(text).toContain(
      '<details open>\n<summary><b>user</b> behind: 1.0.0.0 -&gt; 1.0.1.0, 3 steps</summary>\n\n#### 1.0.1.0\n',
    )
    expect(text).toContain('   ```diff\n   - a|b: removed\n   ```\n')
    expect(text).toContain('   - **BC** (breaking) a\\|b: removed.')
    expect(text).not.toContain('left out')
    expect(text).not.toMatch(/\n{3}/)
  })

  it('counts collections that stay as they are, in place of naming each', () => {
    const state = planOf(['a', 'b'])
    const nothing = { ...state, steps: [], collections: state.collections.map((one) => ({ ...one, stepIds: [] })) }
    const text = renderReview(nothing)
    expect(text).toContain('2 collections stay as they are.')
    expect(text).not.toContain('<details')
  })

  it('makes no markup of names', () => {
    const text = renderReview(planOf(['<b>|@you#1'], ['`````', '</details>']))
    expect(text).toContain('| &lt;b&gt;\\|@&#8203;you#&#8203;1 |')
    expect(text).toContain('<b>&lt;b&gt;|@&#8203;you#&#8203;1</b>')
    expect(text).toContain('   ``````diff\n')
    expect(text.match(/<\/details>/g)).toHaveLength(
      // One ends the part, one stands in a block of code.
      2,
    )
  })

  it('tells the evidence of a collection with its steps, and folds samples away', () => {
    const evidence = evidenceOf('user', {
      size: { documents: 300, bytes: 4096, storage_bytes: 2048, index_bytes: 100 },
      validators: [
        {
          ...{
            step_id: 'user/1.0.1.0/setValidator',
            version: '1.0.1.0',
            scan,
            text: '2 of 300 would fail',
            failing: 2,
          },
          rules: [{ documents: 2, path: 'a|b', keyword: 'bsonType', expected: '"string"' }],
          samples: [
            { id: '7', violations: [{ path: 'a|b', rule: 'bsonType', expected: 'string', actual: '5' }], more: 3 },
          ],
        },
      ],
      uniques: [
        {
          ...{ step_id: 'user/1.0.1.0/buildIndexes', version: '1.0.1.0', index: 'email', scan },
          ...{ text: '1 key is shared', keys: 1, documents: 2 },
          samples: [{ key: [{ path: 'email', value: '"a@b"' }], documents: 2, ids: ['1', '7'] }],
        },
      ],
      expiries: [
        {
          ...{ step_id: 'user/1.0.1.0/buildIndexes', version: '1.0.1.0', index: 'old', scan },
          ...{ text: '2 of 300 would be deleted', path: 'at', seconds: 60, documents: 2 },
        },
      ],
    })
    const text = renderReview(planOf(['user']), { evidence })
    expect(text).toContain('**Evidence from the data**: 300 documents, 4.1 kB, indexes 100 bytes')
    expect(text).toContain('| 2 | a\\|b | bsonType | &quot;string&quot; |')
    expect(text).toContain(
      '<summary>1 sample</summary>\n\n- \\_id 7: a\\|b: bsonType, expected string, found 5; and 3 more\n',
    )
    expect(text).toContain('- email: &quot;a@&#8203;b&quot; in 2 documents, \\_id 1 and 7')
    expect(text).toContain('index old of 1.0.1.0, which deletes: **2 of 300 would be deleted**')
    expect(text).toContain('Evidence from the data: read-only, as of 2026-01-01T00:00:00.000Z')
  })
})

describe('a plan for a comment, which takes 65,536 bytes', () => {
  const names = (count: number, name: string): string[] => Array.from({ length: count }, (_, at) => `${name}${at}`)
  const fields = names(200, 'field')

  it('says less about each thing where all of it would be too long', () => {
    const plan = planOf(names(5, 'collection'), fields)
    expect(bytes(renderReview(plan))).toBeGreaterThan(65_536)
    const text = renderReview(plan, { maxBytes: 65_536 })
    expect(bytes(text)).toBeLessThanOrEqual(65_536)
    for (const name of names(5, 'collection')) expect(text).toContain(`<b>${name}</b>`)
    expect(text).toMatch(/and \d+ more/)
    expect(text).toContain('Some details are left out')
  })

  it.each([
    ['many collections', planOf(names(400, 'collection')), 65_536],
    ['names that are not of one byte a character', planOf(names(300, 'größe_表_😀')), 65_536],
    ['very little room', planOf(names(90, 'collection'), fields), 12_288],
  ])('stays within it with %s, and names what is left out', (_what, plan, maxBytes) => {
    const text = renderReview(plan, { maxBytes })
    expect(bytes(text)).toBeLessThanOrEqual(maxBytes)
    // What fits is shown: it does not give up early.
    expect(bytes(text)).toBeGreaterThan(maxBytes * 0.5)
    expect(text).toMatch(
      /the steps of \d+ collections are left out, .*: \S.*, and \d+ more\. The whole plan: `stage0 plan`\./,
    )
    expect(text).toMatch(/Plan `[0-9a-f]{64}`/)
    expect(text.match(/<details/g)?.length).toBe(text.match(/<\/details>/g)?.length)
  })

  it('is a few bytes shorter than its limit at most by what a next part would need', () => {
    const plan = planOf(names(3, 'collection'))
    const whole = renderReview(plan)
    expect(renderReview(plan, { maxBytes: bytes(whole) })).toBe(whole)
    expect(renderReview(plan, { maxBytes: bytes(whole) - 1 })).not.toBe(whole)
  })
})
