import { doc, type Doc, type Plain } from '@stage0/bson-schema'
import type { Wanted, WantedVersion } from '@stage0/core'
import { describe, expect, it } from 'vitest'
import type { MemoryDatabase } from '../testing/memory-database.ts'
import type { Faults } from '../testing/memory-target.ts'
import { V1, before, small } from '../testing/online.ts'
import { repository, version } from '../testing/repository.ts'
import { apply, type Ran } from '../testing/run.ts'

describe('documents that do not match after a migration', () => {
  const schema = doc({ bsonType: 'object', required: ['shape'], properties: { shape: { enum: ['new'] } } })
  const strict = (stages: readonly { readonly [stage: string]: Plain }[]): Wanted =>
    repository({ user: [V1, version('user', '1.0.1.0', { migrate: [...stages, { $out: 'user' }], schema })] })
  const toNew = { $set: { shape: 'new' } }
  const counting = { $set: { shape: 'new', n: { $add: ['$n', 1] } } }
  const lateWriter = (database: MemoryDatabase, documents: readonly Doc[]): Faults => ({
    before: (operation) => {
      if (operation === 'setValidator') database.collections.get('user')?.documents.push(...documents)
    },
  })
  const late = [doc({ _id: 'late', shape: 'old' }), doc({ _id: 'later', shape: 'old' })]

  it('are migrated once more where that changes nothing that is done', async () => {
    const database = await before()
    const ran = await apply(database, strict([toNew]), { ...small, faults: lateWriter(database, late) })
    expect(ran.last?.status).toBe('succeeded')
    expect(ran.events).toContainEqual(
      expect.objectContaining({ kind: 'findLeftovers', detail: '2 documents migrated once more; all documents match' }),
    )
  })

  it('are told where they remain: the run ends with leftovers, everything is recorded, samples are named', async () => {
    const database = await before()
    const ran = await apply(database, strict([counting]), { ...small, faults: lateWriter(database, late) })
    expect([ran.last?.status, ran.last?.error?.code]).toEqual(['succeeded_with_leftovers', 'LEFTOVERS_FOUND'])
    expect(ran.last?.error?.message).toContain('2 documents of user do not match')
    expect(ran.last?.error?.message).toContain('or they did not match before')
    expect(ran.events).toContainEqual(
      expect.objectContaining({ leftovers: { count: 2, samples: [{ id: '"late"' }, { id: '"later"' }] } }),
    )
    expect(database.versions.get('user')?.stored).toBe('user.1.0.1.0')
  })

  it('of one collection and one document are told in the singular, and at most 20 are named', async () => {
    const one = await before()
    const ran = await apply(one, strict([counting]), { ...small, faults: lateWriter(one, late.slice(0, 1)) })
    expect(ran.last?.error?.message).toContain('1 document of user does not match')
    const many = await before()
    const documents = Array.from({ length: 30 }, (_, i) => doc({ _id: 1000 + i }))
    const { events } = await apply(many, strict([counting]), { ...small, faults: lateWriter(many, documents) })
    const told = events.flatMap((event) => (event.type === 'step.finished' ? [event.leftovers] : []))
    expect(told.find((each) => each !== undefined)).toMatchObject({ count: 30, samples: { length: 20 } })
  })

  it.each([0, 2])('are told with %i samples where no more are asked for', async (samples) => {
    const database = await before()
    const documents = Array.from({ length: 5 }, (_, i) => doc({ _id: 1000 + i }))
    const given = { ...small, samples, faults: lateWriter(database, documents) }
    const { events } = await apply(database, strict([counting]), given)
    const told = events.flatMap((event) => (event.type === 'step.finished' ? [event.leftovers] : []))
    expect(told.find((each) => each !== undefined)).toMatchObject({ count: 5, samples: { length: samples } })
    const hint = events.flatMap((event) => (event.type === 'run.finished' ? [event.error?.hint] : []))[0]
    expect(hint).toMatch(samples === 0 ? /^Correct the documents.* EVIDENCE_SAMPLES above 0/ : /^Look at the samples/)
  })
})

describe('what a run left', () => {
  const schema = doc({ bsonType: 'object', required: ['shape'], properties: { shape: { enum: ['new'] } } })
  const counting = { $set: { shape: 'new', n: { $add: ['$n', 1] } } }
  const toNew = { $set: { shape: 'new' } }
  const wanted = (stage: { readonly [stage: string]: Plain }, ...more: readonly WantedVersion[]): Wanted =>
    repository({
      user: [V1, version('user', '1.0.1.0', { migrate: [stage, { $out: 'user' }], schema }), ...more],
    })
  const kinds = (ran: Ran): string[] =>
    ran.events.flatMap((event) =>
      event.type === 'step.finished' ? [`${event.kind} ${event.detail ?? ''}`.trim()] : [],
    )
  /** Run 1 leaves one document. */
  const left = async (): Promise<MemoryDatabase> => {
    const database = await before()
    const faults: Faults = {
      before: (operation) => {
        if (operation === 'setValidator')
          database.collections.get('user')?.documents.push(doc({ _id: 'late', shape: 'old' }))
      },
    }
    await apply(database, wanted(counting), { ...small, runId: 'run-1', faults })
    return database
  }
  const correct = (database: MemoryDatabase): void => {
    database.update('user', (one) => one.get('_id') === 'late', [doc(toNew)])
  }

  it('is looked at by every run that follows, until a look finds none', async () => {
    const database = await left()
    expect(database.versions.get('user')?.leftovers).toEqual({ count: 1, runId: 'run-1' })
    const second = await apply(database, wanted(counting), { runId: 'run-2' })
    expect([second.last?.status, kinds(second)]).toEqual([
      'succeeded_with_leftovers',
      ['findLeftovers 1 document does not match'],
    ])
    expect(second.last?.error?.message).toMatch(/does not match the validator\. An earlier run found some there too: /)
    expect(database.versions.get('user')?.leftovers).toEqual({ count: 1, runId: 'run-2' })
    correct(database)
    const third = await apply(database, wanted(counting), { runId: 'run-3' })
    expect([third.last?.status, kinds(third)]).toEqual(['succeeded', ['findLeftovers all documents match']])
    expect(database.versions.get('user')?.leftovers).toBeUndefined()
    const fourth = await apply(database, wanted(counting), { runId: 'run-4' })
    expect([fourth.last?.status, kinds(fourth)]).toEqual(['succeeded', []])
  })

  it('is looked for before the next version is recorded, which migrates nothing itself', async () => {
    const database = await left()
    const next = wanted(counting, version('user', '1.0.2.0', { schema }))
    const ran = await apply(database, next, { runId: 'run-2' })
    expect([ran.last?.status, kinds(ran)]).toEqual([
      'succeeded_with_leftovers',
      ['findLeftovers 1 document does not match', 'recordVersion'],
    ])
    expect(database.versions.get('user')).toMatchObject({
      stored: 'user.1.0.2.0',
      leftovers: { count: 1, runId: 'run-2' },
    })
    correct(database)
    const last = await apply(database, next, { runId: 'run-3' })
    expect([last.last?.status, database.versions.get('user')?.leftovers]).toEqual(['succeeded', undefined])
  })

  it('is forgotten by a run that records the next version after it found none', async () => {
    const database = await left()
    correct(database)
    const ran = await apply(database, wanted(counting, version('user', '1.0.2.0', { schema })), { runId: 'run-2' })
    expect([ran.last?.status, database.versions.get('user')?.leftovers]).toEqual(['succeeded', undefined])
  })

  it('is migrated once more by the run that migrated, and by none that follows', async () => {
    const database = await before()
    const write = (_id: string): unknown => database.collections.get('user')?.documents.push(doc({ _id, shape: 'old' }))
    const faults: Faults = {
      before: (operation) => {
        if (operation === 'setValidator') write('late')
        if (operation === 'repeat') write('later')
      },
    }
    const first = await apply(database, wanted(toNew), { ...small, runId: 'run-1', faults })
    expect(kinds(first)).toContain('findLeftovers 1 document migrated once more; 1 document does not match')
    // Since then the application has gone on with the document: a later look counts it, and writes nothing.
    database.update('user', (one) => one.get('_id') === 'later', [doc({ $set: { n: 42 } })])
    const second = await apply(database, wanted(toNew), { runId: 'run-2' })
    expect([second.last?.status, kinds(second)]).toEqual([
      'succeeded_with_leftovers',
      ['findLeftovers 1 document does not match'],
    ])
    const later = database.collections.get('user')?.documents.find((one) => one.get('_id') === 'later')
    expect(later).toEqual(doc({ _id: 'later', shape: 'old', n: 42 }))
  })

  it('is counted where the server refuses to migrate it once more: the version is recorded, and the step says why', async () => {
    const database = await before()
    const faults: Faults = {
      before: (operation) => {
        if (operation === 'setValidator')
          database.collections.get('user')?.documents.push(doc({ _id: 'late', shape: 'old' }))
      },
      refuse: (operation) => operation === 'repeat',
    }
    const ran = await apply(database, wanted(toNew), { ...small, runId: 'run-1', faults })
    expect(ran.last?.status).toBe('succeeded_with_leftovers')
    expect(kinds(ran).find((one) => one.startsWith('findLeftovers'))).toMatch(
      /^findLeftovers 1 document does not match\. \S/,
    )
    expect(database.versions.get('user')).toMatchObject({
      stored: 'user.1.0.1.0',
      leftovers: { count: 1, runId: 'run-1' },
    })
  })

  it('is forgotten by a version without rules, which nobody holds documents against', async () => {
    const database = await left()
    const off = { ...version('user', '1.0.2.0', { schema }), validation: { level: 'off', action: 'error' } } as const
    const ran = await apply(database, wanted(counting, off), { runId: 'run-2' })
    expect([ran.last?.status, kinds(ran)]).toEqual(['succeeded', ['setValidator', 'recordVersion']])
    expect(database.versions.get('user')?.leftovers).toBeUndefined()
  })

  it('is not written over what another run has found meanwhile', async () => {
    const database = await left()
    const newer = { count: 9, runId: 'run-3' }
    const faults: Faults = {
      before: (operation) => {
        const one = database.versions.get('user')
        if (operation === 'recordLeftovers' && one !== undefined)
          database.versions.set('user', { ...one, leftovers: newer })
      },
    }
    const ran = await apply(database, wanted(counting), { runId: 'run-2', faults })
    expect([ran.last?.status, database.versions.get('user')?.leftovers]).toEqual(['failed', newer])
  })

  it('does not make of a plan that was applied one that the database outdated, posted again', async () => {
    const database = await left()
    const expectedPlanHash = database.runs.at(-1)?.header.planHash
    const again = await apply(database, wanted(counting), { runId: 'run-2', expectedPlanHash })
    expect(again.last?.error).toMatchObject({
      code: 'PLAN_STALE',
      message: expect.stringMatching(
        /^Run run-1 has applied the plan .*, and only a look at the documents it left is to/,
      ),
    })
  })

  it('stays remembered where the record cannot be written: the run fails', async () => {
    const database = await left()
    correct(database)
    const faults: Faults = { refuse: (operation) => operation === 'recordLeftovers' }
    const ran = await apply(database, wanted(counting), { runId: 'run-2', faults })
    expect([ran.last?.status, database.versions.get('user')?.leftovers?.runId]).toEqual(['failed', 'run-1'])
  })
})
