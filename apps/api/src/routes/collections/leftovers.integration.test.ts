import type { CollectionList, CollectionRow, PlanView } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { database, serviceAt, type Service } from '../../runs/testing/service.ts'

const rowOf = async ({ inject }: Service, name: string): Promise<CollectionRow | undefined> =>
  (await inject('/api/collections')).json<CollectionList>().items.find((row) => row.name === name)

describe('a collection whose last migration left documents that do not match', () => {
  it('says how many and which run looked, beside its state, until a run finds none', async () => {
    const db = await database()
    const service = await serviceAt(db.uri)
    const first = await service.start({ scope: { collections: ['user'], versions: { user: '1.0.0.1' } } })
    await service.ended(first.run_id)
    // Neither says which organization it belongs to, so neither is a user when it has been migrated.
    const documents = [1, 2].map((_id) => ({ _id, first_name: 'Ada', last_name: 'Byron', status: 'active' }))
    await db.command({ insert: 'user', documents, bypassDocumentValidation: true })
    const migrated = await service.start()
    expect((await service.ended(migrated.run_id)).run.status).toBe('succeeded_with_leftovers')
    expect(await rowOf(service, 'user')).toMatchObject({
      state: 'in sync',
      pending: [],
      leftovers: { count: 2, run_id: migrated.run_id },
    })
    expect(await rowOf(service, 'organization')).not.toHaveProperty('leftovers')

    const planned = (await service.inject({ method: 'POST', url: '/api/plans', payload: {} })).json<PlanView>()
    const check = planned.checks.find(({ name }) => name === 'Leftovers')
    expect(check).toMatchObject({ status: 'warned', text: expect.stringContaining('2 documents of user') })

    await db.command({ delete: 'user', deletes: [{ q: { _id: 1 }, limit: 1 }] })
    const looked = await service.start()
    expect((await service.ended(looked.run_id)).run.status).toBe('succeeded_with_leftovers')
    expect(await rowOf(service, 'user')).toMatchObject({ leftovers: { count: 1, run_id: looked.run_id } })

    await db.command({ delete: 'user', deletes: [{ q: { _id: 2 }, limit: 1 }] })
    const clean = await service.start()
    expect((await service.ended(clean.run_id)).run.status).toBe('succeeded')
    expect(await rowOf(service, 'user')).toMatchObject({ state: 'in sync' })
    expect(await rowOf(service, 'user')).not.toHaveProperty('leftovers')
  })
})
