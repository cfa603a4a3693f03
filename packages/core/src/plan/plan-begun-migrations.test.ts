import { describe, expect, it } from 'vitest'
import type { JournalEntry } from './observed.ts'
import { carriedJournal, isRefused, planChanges } from './plan-changes.ts'
import { collection, LOCAL, migration, observedCollection, version, wanted } from './testing/builders.ts'
import { V1, atV1, plan, codes, kinds } from './testing/one-collection.ts'

describe('migrations that an earlier run began', () => {
  // Without transactions: nothing goes online.
  const asWritten = { ...atV1, server: { version: '7.0.0', kind: 'standalone', modules: [] } as const }
  const out = migration('m.json', [{ $set: { n: { $add: ['$n', 1] } } }, { $out: 'user' }])
  const merge = migration('m.json', [
    { $set: { n: { $add: ['$n', 1] } } },
    { $merge: { into: 'user', whenMatched: 'replace' } },
  ])
  const elsewhere = migration('m.json', [{ $merge: { into: 'copy', whenMatched: 'replace' } }])
  const update = migration('m.json', [{ $unset: 'old' }], 'update')
  const id = 'user/1.0.1.0/migrate/m.json'
  const entry = (contentHash: string, state: JournalEntry['state'], targetUuid?: string) => ({
    stepId: id,
    contentHash,
    state,
    targetUuid,
    comment: 'c',
  })
  it.each([
    {
      why: 'W-03: done: not run twice',
      one: out,
      journal: [entry(out.hash, 'done')],
      runs: false,
      code: 'MIGRATION_ALREADY_DONE',
    },
    {
      why: 'done after an intent: the last entry counts',
      one: merge,
      journal: [entry(merge.hash, 'intended'), entry(merge.hash, 'done')],
      runs: false,
      code: 'MIGRATION_ALREADY_DONE',
    },
    {
      why: '$out onto its own collection, UUID changed: done',
      one: out,
      journal: [entry(out.hash, 'intended', 'before')],
      runs: false,
      code: 'MIGRATION_ALREADY_DONE',
    },
    {
      why: '$out onto its own collection, UUID as before: run again',
      one: out,
      journal: [entry(out.hash, 'intended', 'a0')],
      runs: true,
      code: undefined,
    },
    {
      why: '$merge elsewhere with replace: repeated',
      one: elsewhere,
      journal: [entry(elsewhere.hash, 'intended')],
      runs: true,
      code: undefined,
    },
    {
      why: 'an update that only removes fields: repeated',
      one: update,
      journal: [entry(update.hash, 'intended')],
      runs: true,
      code: undefined,
    },
    {
      why: '$merge that counts up: not known, refused',
      one: merge,
      journal: [entry(merge.hash, 'intended')],
      runs: true,
      code: 'MIGRATION_UNCERTAIN',
    },
    { why: 'edited since: refused', one: out, journal: [entry('other', 'done')], runs: true, code: 'MIGRATION_EDITED' },
    {
      why: 'refused by the server with nothing written, and corrected since: run as it is now',
      one: merge,
      journal: [entry('other', 'intended'), entry('other', 'undone')],
      runs: true,
      code: undefined,
    },
  ])('$why', ({ one, journal, runs, code }) => {
    const made = plan({ ...asWritten, journal }, [V1, version('user', '1.0.1.0', { migrations: [one] })])
    expect(kinds(made).includes('migrate')).toBe(runs)
    expect(codes(made)).toEqual(code === undefined ? [] : [code])
    expect(made.collections[0]?.state).toBe(isRefused(made) ? 'invalid' : 'interrupted')
  })
  it('are decided by what a person states', () => {
    const state = { ...asWritten, journal: [entry(merge.hash, 'intended')] }
    const versions = [V1, version('user', '1.0.1.0', { migrations: [merge] })]
    expect(kinds(plan(state, versions, { ...LOCAL, outcomes: { [id]: 'done' } }))).not.toContain('migrate')
    expect(kinds(plan(state, versions, { ...LOCAL, outcomes: { [id]: 'repeat' } }))).toContain('migrate')
  })
  it('and edited since run as they are now when a person states that they did not end', () => {
    const versions = [V1, version('user', '1.0.1.0', { migrations: [merge] })]
    const begun = { ...asWritten, journal: [entry('other', 'intended')] }
    expect(codes(plan(begun, versions))).toEqual(['MIGRATION_EDITED'])
    const repeated = plan(begun, versions, { ...LOCAL, outcomes: { [id]: 'repeat' } })
    expect([isRefused(repeated), kinds(repeated).includes('migrate')]).toEqual([false, true])
    const done = { ...asWritten, journal: [entry('other', 'done')] }
    expect(isRefused(plan(done, versions, { ...LOCAL, outcomes: { [id]: 'repeat' } }))).toBe(true)
  })
  it('and edited since, where the database shows that they took effect, do not run over their own result', () => {
    const versions = [V1, version('user', '1.0.1.0', { migrations: [out] })]
    const swapped = { ...asWritten, journal: [entry('other', 'intended', 'another uuid')] }
    const made = plan(swapped, versions, { ...LOCAL, outcomes: { [id]: 'repeat' } })
    expect([codes(made), isRefused(made)]).toEqual([['MIGRATION_EDITED'], true])
    expect(kinds(plan(swapped, versions, { ...LOCAL, outcomes: { [id]: 'done' } }))).not.toContain('migrate')
  })
  it('under another name are refused, since they would run twice', () => {
    const renamed = version('user', '1.0.1.0', { migrations: [{ ...out, file: 'n.json' }] })
    expect(codes(plan({ ...asWritten, journal: [entry(out.hash, 'done')] }, [V1, renamed]))).toEqual([
      'MIGRATION_EDITED',
    ])
    expect(codes(plan({ ...asWritten, journal: [entry(out.hash, 'undone')] }, [V1, renamed]))).toEqual([])
    const told = { ...LOCAL, outcomes: { [id]: 'done' as const } }
    expect(codes(plan({ ...asWritten, journal: [entry(out.hash, 'intended')] }, [V1, renamed], told))).toEqual([])
  })
  it('that nobody began, or that were resolved before, are told when a person states an outcome for them', () => {
    const versions = [V1, version('user', '1.0.1.0', { migrations: [merge] })]
    const made = plan(asWritten, versions, { ...LOCAL, outcomes: { [id]: 'done' } })
    expect([codes(made), isRefused(made)]).toEqual([['OUTCOME_UNUSED'], false])
    const resolved = plan({ ...asWritten, journal: [entry(merge.hash, 'done')] }, [V1], {
      ...LOCAL,
      outcomes: { [id]: 'done' },
    })
    expect([codes(resolved), isRefused(resolved)]).toEqual([['OUTCOME_UNUSED'], false])
  })
  it('refuse an outcome for a step that there is not, and name those whose outcome may be stated', () => {
    const versions = [V1, version('user', '1.0.1.0', { migrations: [merge] })]
    const outcomes = { [`${id.slice(0, -1)}`]: 'done' as const }
    const begun = plan({ ...asWritten, journal: [entry(merge.hash, 'intended')] }, versions, { ...LOCAL, outcomes })
    expect(begun.problems.find(({ code }) => code === 'OUTCOME_STEP_UNKNOWN')).toMatchObject({
      severity: 'error',
      hint: `Did you mean "${id}"? Steps whose outcome may be stated: ${id}.`,
    })
    const none = plan(asWritten, versions, { ...LOCAL, outcomes })
    expect(none.problems.map(({ code, hint }) => [code, hint])).toEqual([
      ['OUTCOME_STEP_UNKNOWN', 'No run was cut off in a migration: leave --resolve out.'],
    ])
  })
  it.each(['stage0_lock', 'CollectionVersions', 'DatabaseEnumerators', 'system.users'])(
    'must not write to %s',
    (target) => {
      const one = version('user', '1.0.1.0', { migrations: [migration('m.json', [{ $out: target }])] })
      expect(codes(plan(asWritten, [V1, one]))).toEqual(['NAME_RESERVED'])
    },
  )
  it('must not write to a view', () => {
    const one = version('user', '1.0.1.0', { migrations: [migration('m.json', [{ $out: 'seen' }])] })
    const collections = [...asWritten.collections, observedCollection('seen', { type: 'view' })]
    expect(codes(plan({ ...asWritten, collections }, [V1, one]))).toEqual(['COLLECTION_KIND'])
  })
  it('are carried over as done once a plan found them done, and forgotten once recorded', () => {
    const state = { ...asWritten, journal: [entry(out.hash, 'intended', 'before')] }
    const pending = plan(state, [V1, version('user', '1.0.1.0', { migrations: [out] })])
    expect(carriedJournal(pending, state)).toEqual([entry(out.hash, 'done', 'before')])
    expect(carriedJournal(plan(state, [V1]), state)).toEqual([])
    expect(
      carriedJournal(planChanges(wanted([collection('other')]), state, { ...LOCAL, collections: ['other'] }), state),
    ).toEqual(state.journal)
  })
  it('W-16: without a final $out or $merge, or into another database, are refused', () => {
    const none = version('user', '1.0.1.0', { migrations: [migration('m.json', [{ $set: { a: 1 } }])] })
    const other = version('user', '1.0.1.0', { migrations: [migration('m.json', [{ $out: { db: 'x', coll: 'y' } }])] })
    expect(codes(plan(asWritten, [V1, none]))).toEqual(['MIGRATION_HAS_NO_TARGET'])
    expect(codes(plan(asWritten, [V1, other]))).toEqual(['MIGRATION_OTHER_DATABASE'])
  })
  it('W-16: carry the risks of the way they write', () => {
    const risksOf = (one: typeof out) =>
      plan(asWritten, [V1, version('user', '1.0.1.0', { migrations: [one] })])
        .steps.find((step) => step.kind === 'migrate')
        ?.risks.map(({ code }) => code)
    expect([risksOf(out), risksOf(merge), risksOf(update)]).toEqual([['CW'], ['NI'], ['DS']])
  })
})
