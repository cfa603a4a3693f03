import { doc, type Plain } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import type { Step, StepOf } from '../plan/plan.ts'
import { foresee } from './foresee.ts'

type Stages = readonly { readonly [stage: string]: Plain }[]

const migrate = (pipeline: Stages, parts: Partial<StepOf<'migrate'>> = {}): Step => ({
  kind: 'migrate',
  id: 'user/1.0.0.0/migrate/m.json',
  collection: 'user',
  version: '1.0.0.0',
  name: 'migrate',
  risks: [],
  recovery: 'journal',
  undo: '',
  file: 'm.json',
  contentHash: '',
  pipeline: pipeline.map((stage) => doc(stage)),
  strategy: 'as-written',
  why: '',
  target: 'user',
  repeatable: true,
  transform: undefined,
  from: undefined,
  ...parts,
})
const FROM = { last: 5, upTo: 9, ranges: 1, done: 5, modified: 5, total: 9 }
const set = { $set: { a: '$b' } }
const out = { $out: 'user' }

describe('documents as they will be', () => {
  it.each<[string, Stages, Partial<StepOf<'migrate'>>]>([
    ['$out onto the collection itself', [set, { $unset: 'b' }, out], {}],
    ['a merge that replaces', [{ $unset: 'b' }, { $merge: { into: 'user', whenMatched: 'replace' } }], {}],
    ['a merge that only adds', [{ $set: { a: 1 } }, { $merge: 'user' }], {}],
    ['an update', [set], { strategy: 'update' }],
    ['an online migration', [set, out], { strategy: 'online' }],
    ['the time of the run', [{ $set: { at: '$$NOW' } }, out], {}],
  ])('are foreseen after %s', (_what, pipeline, parts) => {
    const { stages, basis, isExact } = foresee('user', [migrate(pipeline, parts)])
    const writes = parts.strategy === 'update' ? 0 : 1
    expect([stages.length, basis, isExact]).toEqual([
      pipeline.length - writes,
      'after the pending migration m.json',
      true,
    ])
  })

  it.each<[string, Stages, Partial<StepOf<'migrate'>>]>([
    ['stages over several documents', [{ $group: { _id: '$a' } }, out], {}],
    ['stages that change _id', [{ $set: { _id: '$a' } }, out], {}],
    ['chance', [{ $set: { a: { $rand: {} } } }, out], {}],
    ['a merge that keeps fields which the stages remove', [{ $unset: 'b' }, { $merge: 'user' }], {}],
    ['a merge by another key', [set, { $merge: { into: 'user', on: 'email', whenMatched: 'replace' } }], {}],
    ['another collection that writes into this one', [set, out], { collection: 'order' }],
    ['one that was cut off, behind one that has not begun', [set, out], { strategy: 'online', from: FROM }],
  ])('are not foreseen after %s', (_what, pipeline, parts) => {
    const { stages, basis, isExact } = foresee('user', [
      migrate([set, out], { file: 'first.json' }),
      migrate(pipeline, parts),
    ])
    expect([stages.length, isExact]).toEqual([1, false])
    expect(basis).toBe('after first.json, before the migration m.json, whose effect is not known until it runs')
  })

  it('are foreseen where a migration goes on: its stages for what it has not come to, the next ones for all', () => {
    const adds = { $set: { n: { $add: ['$n', 1] } } }
    const next = migrate([set, out], { file: 'next.json', strategy: 'online' })
    const { resumed, stages, basis, isExact } = foresee('user', [
      migrate([adds, out], { strategy: 'online', from: FROM }),
      next,
    ])
    expect(resumed).toEqual({ last: 5, upTo: 9, stages: [doc(adds)] })
    expect([stages, isExact]).toEqual([[doc(set)], true])
    expect(basis).toBe('after the pending migrations m.json (from where it stopped), next.json')
  })

  it('are those that are stored where nothing changes them', () => {
    const elsewhere = migrate([set, { $out: 'copy' }], { target: 'copy' })
    expect(foresee('user', [elsewhere])).toEqual({
      resumed: undefined,
      stages: [],
      basis: 'as stored now',
      isExact: true,
    })
  })
})
