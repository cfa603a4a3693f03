import { doc } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import { observeAndPlan } from '../observe-and-plan.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { memoryTarget } from '../testing/memory-target.ts'
import { before, counted, IDS, online, rangesOf, small, V1 } from '../testing/online.ts'
import { repository } from '../testing/repository.ts'
import { apply, LEASE_MS } from '../testing/run.ts'
import { gatherEvidence } from './gather-evidence.ts'

const options = { environment: 'local', loadTestData: true }
const limits = { ms: 30_000, documents: 1000, samples: 20 }
/** One more each time, and exactly one is right: a document that is left out shows, and one that is changed twice. */
const once = {
  ...online({ $set: { n: { $add: ['$n', 1] } } }),
  schema: doc({ properties: { n: { bsonType: 'int', minimum: 1, maximum: 1 } } }),
}
const wanted = repository({ user: [V1, once] })

describe('the evidence of a migration that was cut off between two ranges', () => {
  it('counts no document that the next run will still change, and changes none of the others a second time', async () => {
    const database = await before()
    const clock = new FakeClock()
    let ranges = 0
    const die = (operation: string) => (operation === 'applyRange' && (ranges += 1) === 3 ? 'before' : undefined)
    const first = await apply(database, wanted, { ...small, clock, faults: { die } })
    expect([first.died, rangesOf(first)]).toEqual([true, 3])
    const values = counted(database)?.map(([, n]) => n)
    expect(new Set(values)).toEqual(new Set([0, 1]))
    await clock.advance(LEASE_MS)
    // Written since: behind the end of the migration, which is not to change it.
    database.collections.get('user')?.documents.push(doc({ _id: new Date(5), n: 0 }))

    const target = memoryTarget(database, clock)
    const planned = await observeAndPlan({ target, wanted, options })
    if (!planned.ok) throw new Error(planned.error.message)
    const found = await gatherEvidence({ target, ...planned.value, limits, clock })
    if (!found.ok) throw new Error(found.error.message)
    const [validator] = found.value.collections[0]?.validators ?? []
    expect(validator).toMatchObject({ failing: 1, scan: { ended: 'all', checked: IDS.length + 1, foreseen: true } })
    expect(validator?.text).toMatch(
      /^1 of 11 documents would fail, after the pending migration .*from where it stopped/,
    )
  })
})
