import { doc, type Doc, type Plain } from '@stage0/bson-schema'
import type { Wanted } from '@stage0/core'
import { describe, expect, it } from 'vitest'
import type { MemoryDatabase } from '../testing/memory-database.ts'
import type { Faults } from '../testing/memory-target.ts'
import { V1, before, small } from '../testing/online.ts'
import { repository, version } from '../testing/repository.ts'
import { apply } from '../testing/run.ts'

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
    expect((await apply(database, strict([counting]), { runId: 'run-2' })).last?.status).toBe('succeeded')
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
})
