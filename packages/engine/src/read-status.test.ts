import { describe, expect, it } from 'vitest'
import { readStatus } from './status.ts'
import { FakeClock } from './testing/fake-clock.ts'
import { MemoryDatabase } from './testing/memory-database.ts'
import { memoryTarget } from './testing/memory-target.ts'
import { apply, LEASE_MS } from './testing/run.ts'
import { OPTIONS, two } from './testing/two-collections.ts'

describe('readStatus', () => {
  it('W-13, W-18: tells state, lock and interrupted run, and writes nothing', async () => {
    const database = new MemoryDatabase()
    const clock = new FakeClock()
    await apply(database, two, {
      clock,
      faults: { die: (operation) => (operation === 'insertDocuments' ? 'after' : undefined) },
    })
    const target = memoryTarget(database, clock)
    const during = await readStatus({ target, wanted: two, options: OPTIONS })
    await clock.advance(LEASE_MS)
    const after = await readStatus({ target, wanted: two, options: OPTIONS })
    expect(during).toMatchObject({ ok: true, value: { lock: { holder: { user: 'ann' } }, interrupted: undefined } })
    expect(after).toMatchObject({ ok: true, value: { interrupted: { runId: 'run-1' }, steps: 2 } })
    expect(after.ok && after.value.collections.map((one) => [one.name, one.recorded, one.state])).toEqual([
      ['media', '1.0.0.0', 'in sync'],
      ['user', undefined, 'interrupted'],
    ])
    expect(target.operations).toEqual([])
  })
})
