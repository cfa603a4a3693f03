import { doc } from '@stage0/bson-schema'
import { ERRORS } from '@stage0/types'
import { describe, expect, it } from 'vitest'
import { dropDatabase, type DropInput } from './drop-database.ts'
import { FakeClock } from './testing/fake-clock.ts'
import { MemoryDatabase } from './testing/memory-database.ts'
import { memoryTarget, type Faults, type MemoryTarget } from './testing/memory-target.ts'
import { repository, version } from './testing/repository.ts'
import { apply, LEASE_MS } from './testing/run.ts'

const wanted = repository({ order: [version('order', '1.0.0.0')], user: [version('user', '1.0.0.0')] })
const holder = (runId: string) => ({ host: 'here', pid: 7, user: 'ann', runId, command: 'stage0 serve' })

/** A database with the collections `order` and `user`, which hold as many documents as said. */
async function filled(counts: { readonly order?: number; readonly user?: number } = {}) {
  const database = new MemoryDatabase()
  const clock = new FakeClock()
  await apply(database, wanted, { clock })
  for (const [name, count] of Object.entries(counts)) {
    const documents = Array.from({ length: count }, (_, n) => doc({ _id: n }))
    database.collections.get(name)?.documents.push(...documents)
  }
  return { database, clock }
}
interface Given extends Partial<Omit<DropInput, 'target' | 'clock'>> {
  readonly faults?: Faults
}
async function drop(
  { database, clock }: Awaited<ReturnType<typeof filled>>,
  { faults, ...given }: Given = {},
): Promise<{ readonly result: Awaited<ReturnType<typeof dropDatabase>>; readonly target: MemoryTarget }> {
  const target = memoryTarget(database, clock, faults)
  const result = await dropDatabase({
    target,
    clock,
    database: 'shop',
    confirm: 'shop',
    localMode: true,
    enabled: true,
    safety: 2,
    holder: holder('drop'),
    leaseMs: LEASE_MS,
    signal: new AbortController().signal,
    ...given,
  })
  return { result, target }
}

describe('dropping the database', () => {
  it('takes everything with it, the lock included, and tells which collections are gone', async () => {
    const there = await filled({ user: 2 })
    const { result, target } = await drop(there)
    expect(result).toEqual({ ok: true, value: { database: 'shop', collections: ['order', 'user'] } })
    expect(there.database.content()).toEqual(new MemoryDatabase().content())
    expect(there.database.lock).toBeUndefined()
    expect(target.operations).toEqual(['claim', 'dropDatabase'])
  })

  it('leaves the lock alone that somebody claimed right after it', async () => {
    const there = await filled()
    there.database.lock = undefined
    let next: unknown
    const { result } = await drop(there, {
      faults: {
        before: async (operation) => {
          if (operation !== 'dropDatabase') return
          const drops = there.database.drop.bind(there.database)
          there.database.drop = () => {
            drops()
            const sinceMs = there.clock.monotonicMs()
            there.database.lock = {
              holder: holder('next'),
              token: 1,
              sinceMs,
              leaseEndMs: sinceMs + 5000,
              step: undefined,
            }
            next = structuredClone(there.database.lock)
          }
        },
      },
    })
    expect(result.ok).toBe(true)
    expect(there.database.lock).toEqual(next)
  })

  it.each<[string, Given, keyof typeof ERRORS, number, RegExp]>([
    ['outside of local mode', { localMode: false }, 'DROP_NOT_LOCAL', 403, /"shop" .* local mode/],
    ['where it is not enabled', { enabled: false }, 'DROP_NOT_ENABLED', 403, /ENABLE_DROP_DATABASE/],
    ['with another name', { confirm: 'Shop' }, 'DROP_NOT_CONFIRMED', 422, /"Shop" was typed/],
    ['without a name', { confirm: '' }, 'DROP_NOT_CONFIRMED', 422, /"" was typed/],
  ])('W-33: is refused %s, without asking the database', async (_, given, code, status, message) => {
    const there = await filled()
    const before = there.database.content()
    const { result, target } = await drop(there, given)
    expect(result).toMatchObject({ ok: false, error: { code, message: expect.stringMatching(message) } })
    expect(ERRORS[code]).toMatchObject({ status })
    expect([there.database.content(), target.operations]).toEqual([before, []])
  })

  it('W-33: is refused with every collection that holds too much, and how much, before the lock is claimed', async () => {
    const there = await filled({ order: 3, user: 5 })
    const { result, target } = await drop(there)
    expect(result).toEqual({
      ok: false,
      error: {
        code: 'DROP_TOO_MANY_DOCUMENTS',
        message: 'The database "shop" is not dropped: "order" (3), "user" (5) hold more than 2 documents.',
        detail: {
          safety: 2,
          collections: [
            { collection: 'order', documents: 3 },
            { collection: 'user', documents: 5 },
          ],
        },
      },
    })
    expect(target.operations).toEqual([])
    expect(ERRORS.DROP_TOO_MANY_DOCUMENTS.status).toBe(409)
  })

  it.each([
    [0, 1, false],
    [1, 1, true],
    [2, 3, false],
  ])('W-33: a safety of %i allows %i documents: %s', async (safety, documents, allowed) => {
    const { result } = await drop(await filled({ user: documents }), { safety })
    expect(result.ok).toBe(allowed)
  })

  it('never counts further than it must', async () => {
    const { database, clock } = await filled({ user: 1000 })
    const target = memoryTarget(database, clock)
    const limits: number[] = []
    const counting = {
      ...target,
      countUpTo: (name: string, limit: number) => {
        limits.push(limit)
        return target.countUpTo(name, limit)
      },
    }
    const common = { database: 'shop', confirm: 'shop', localMode: true, enabled: true, leaseMs: LEASE_MS, clock }
    const signal = new AbortController().signal
    await dropDatabase({ ...common, target: counting, safety: 7, holder: holder('drop'), signal })
    expect(limits).toEqual([8, 8])
  })

  it('does not count the records of Stage0 itself, which grow with every run', async () => {
    const there = await filled()
    there.database.create('stage0_runs').documents.push(...[1, 2, 3].map((n) => doc({ _id: n })))
    expect((await drop(there)).result).toMatchObject({ ok: true })
  })

  it('does not count a view: what it shows is counted where it is stored', async () => {
    const there = await filled({ user: 5 })
    const observe = there.database.observe.bind(there.database)
    there.database.observe = (nowMs) => {
      const observed = observe(nowMs)
      const collections = observed.collections.map((one) =>
        one.name === 'user' ? { ...one, type: 'view' as const } : one,
      )
      return { ...observed, collections }
    }
    expect((await drop(there)).result).toMatchObject({ ok: true })
  })

  it('is refused while a run is at work, with its holder; and goes on once it is over', async () => {
    const there = await filled()
    await memoryTarget(there.database, there.clock).lock.claim(holder('other'), LEASE_MS)
    const before = there.database.content()
    const { result } = await drop(there)
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'LOCK_HELD', detail: { holder: { runId: 'other', user: 'ann' } } },
    })
    expect(ERRORS.LOCK_HELD.status).toBe(409)
    expect(there.database.content()).toEqual(before)
    await there.clock.advance(LEASE_MS)
    expect((await drop(there)).result.ok).toBe(true)
  })

  it('counts once more under the lock: what a run loaded meanwhile is not lost', async () => {
    const there = await filled({ user: 2 })
    const { result, target } = await drop(there, {
      faults: {
        before: (operation) => {
          if (operation === 'claim') there.database.collections.get('user')?.documents.push(doc({ _id: 99 }))
        },
      },
    })
    expect(result).toMatchObject({ ok: false, error: { code: 'DROP_TOO_MANY_DOCUMENTS' } })
    expect(target.operations).toEqual(['claim', 'release'])
  })

  it('does nothing when it is cancelled, or was suspended for longer than its lease', async () => {
    const cancelling = new AbortController()
    const there = await filled()
    const before = there.database.content()
    const cancelled = await drop(there, {
      signal: cancelling.signal,
      faults: { before: (operation) => void (operation === 'claim' && cancelling.abort()) },
    })
    expect(cancelled.result).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
    expect(cancelled.target.operations).toEqual(['claim', 'release'])

    const target = memoryTarget(there.database, there.clock)
    let looks = 0
    const slept = {
      ...target,
      observe: async () => {
        looks += 1
        if (looks === 2) {
          there.clock.suspend(LEASE_MS)
          await target.lock.claim(holder('next'), LEASE_MS)
        }
        return target.observe({})
      },
    }
    const common = { database: 'shop', confirm: 'shop', localMode: true, enabled: true, safety: 2, leaseMs: LEASE_MS }
    const signal = new AbortController().signal
    const late = await dropDatabase({ ...common, target: slept, holder: holder('drop'), clock: there.clock, signal })
    expect(late).toMatchObject({ ok: false, error: { code: 'LOCK_LOST' } })
    expect(there.database.content()).toEqual(before)
    expect(there.database.lock?.holder.runId).toBe('next')
  })

  it('tells why the server refused it, and gives the lock back', async () => {
    const there = await filled()
    const { result, target } = await drop(there, { faults: { refuse: (operation) => operation === 'dropDatabase' } })
    expect(result).toMatchObject({ ok: false, error: { code: 'TARGET_REFUSED' } })
    expect(target.operations).toEqual(['claim', 'dropDatabase', 'release'])
  })

  it('takes no lease that a heartbeat cannot keep', async () => {
    await expect(drop(await filled(), { leaseMs: 100 })).rejects.toThrow(RangeError)
  })
})
