import {
  applyPlan,
  dropDatabase,
  followRun,
  readRun,
  readRunSnapshot,
  type ApplyInput,
  type Clock,
  type DropInput,
  type LockHolder,
  type TargetPort,
} from '@stage0/engine'
import type { RunEvent } from '@stage0/types'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startScratch, value, type Scratch, type ScratchServer } from './testing/scratch.ts'
import { wantedVersions } from './testing/wanted.ts'

/** Use cases of the engine on a server, with a second connection as of another process. */

let server: ScratchServer
let scratch: Scratch
let other: TargetPort

beforeAll(async () => {
  server = await startScratch()
})
afterAll(() => server.close())
beforeEach(async () => {
  scratch = await server.database()
  other = await scratch.another()
})
afterEach(() => scratch.drop())

const never = new AbortController().signal
const clock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal && { signal }).catch(() => undefined),
}
const holder = (runId: string): LockHolder => ({ host: 'here', pid: 1, user: 'ada', runId, command: 'stage0 apply' })
const applying = (runId: string, more: Partial<ApplyInput> = {}) =>
  applyPlan({
    target: scratch.target,
    wanted: wantedVersions(3),
    options: { environment: 'local', loadTestData: false },
    holder: holder(runId),
    leaseMs: 30_000,
    toolVersion: '0.1.0',
    clock,
    signal: never,
    ...more,
  })
async function toEnd(run: AsyncIterable<RunEvent>): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = []
  for await (const event of run) events.push(event)
  return events
}
const follow = async (after: number) => {
  const events: RunEvent[] = []
  const following = followRun(other, 'r1', after, { clock, signal: never, pollMs: 10 })
  for (;;) {
    const next = await following.next()
    if (next.done === true) return { events, end: value(next.value) }
    events.push(next.value)
  }
}
const statuses = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === 'step.finished' ? [event.status] : []))

describe('a run that another connection asks to be cancelled', () => {
  it('ends as cancelled before its next step, recorded as such', async () => {
    const run = applying('r1')
    const events: RunEvent[] = []
    for await (const event of run) {
      events.push(event)
      if (event.type === 'step.finished' && events.length < 5)
        expect(value(await other.runs.requestCancel('r1'))).toBe(true)
    }
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', status: 'cancelled', error: { code: 'CANCELLED' } })
    expect(statuses(events).slice(0, 2)).toEqual(['succeeded', 'cancelled'])
    expect(value(await readRun(other, 'r1'))).toMatchObject({
      status: 'cancelled',
      cancel_requested: true,
      counts: { succeeded: 1, cancelled: statuses(events).length - 1 },
    })
    expect(value(await other.lock.read())).toBeUndefined()
    expect((await toEnd(applying('r2'))).at(-1)).toMatchObject({ status: 'succeeded' })
  })

  it('notices it by its heartbeat, also while a step takes long', async () => {
    let goOn = (): void => {}
    const seen = new Promise<void>((resolve) => (goOn = resolve))
    const { target } = scratch
    const slow: TargetPort = {
      ...target,
      // The step takes until a heartbeat has seen the wish.
      createCollection: async (...args) => {
        const asked = await other.runs.requestCancel('r1')
        await seen
        return asked.ok ? target.createCollection(...args) : asked
      },
      runs: {
        ...target.runs,
        readFlags: async (runId) => {
          const flags = await target.runs.readFlags(runId)
          if (flags.ok && flags.value.cancel) goOn()
          return flags
        },
      },
    }
    const events = await toEnd(applying('r1', { target: slow, leaseMs: 600 }))
    expect(events.at(-1)).toMatchObject({ status: 'cancelled' })
    expect(statuses(events).slice(0, 2)).toEqual(['succeeded', 'cancelled'])
  })
})

describe('a run seen from another process', () => {
  it('is followed live, event by event, and its snapshot at the end is what the events told', async () => {
    const run = applying('r1')
    const told: RunEvent[] = []
    const first = await run.next()
    if (first.done !== true) told.push(first.value)
    const following = follow(0)
    expect(value(await readRun(other, 'r1'))).toMatchObject({ status: 'running', collections: ['user'] })
    for await (const event of run) told.push(event)
    const { events, end } = await following
    expect(events).toEqual(told)
    expect(end).toMatchObject({ status: 'succeeded' })
    const snapshot = value(await readRunSnapshot(other, 'r1'))
    expect(snapshot?.last_seq).toBe(told.length)
    expect(snapshot?.steps.map((step) => step.status)).toEqual(statuses(told))
    expect((await follow(told.length - 2)).events).toEqual(told.slice(-2))
  })

  it('is begun once for a key, however often it is asked for', async () => {
    await toEnd(applying('r1', { idempotencyKey: 'k' }))
    const wanted = wantedVersions(4)
    const again = await toEnd(applying('r2', { idempotencyKey: 'k', target: other, wanted }))
    expect(again).toMatchObject([
      { type: 'run.finished', status: 'failed', error: { code: 'IDEMPOTENCY_KEY_USED', detail: { run_id: 'r1' } } },
    ])
    expect(value(await other.runs.list({ offset: 0, limit: 10 })).total).toBe(1)
  })
})

describe('dropping the database', () => {
  const drop = (given: Partial<DropInput> = {}) =>
    dropDatabase({
      target: scratch.target,
      database: scratch.name,
      confirm: scratch.name,
      localMode: true,
      enabled: true,
      safety: 2,
      holder: holder('drop'),
      leaseMs: 30_000,
      clock,
      signal: never,
      ...given,
    })
  const insert = (collection: string, count: number) =>
    scratch.db.collection(collection).insertMany(Array.from({ length: count }, (_, n) => ({ n })))
  const isThere = async (): Promise<boolean> => {
    const { databases } = await scratch.db.client.db('admin').admin().listDatabases({ nameOnly: true })
    return databases.some(({ name }) => name === scratch.name)
  }

  it('leaves nothing behind, and the next run begins anew', async () => {
    await toEnd(applying('r1'))
    await insert('user', 2)
    const dropped = await drop()
    expect(dropped).toMatchObject({ ok: true, value: { database: scratch.name } })
    expect(value(dropped).collections).toEqual(expect.arrayContaining(['CollectionVersions', 'stage0_runs', 'user']))
    expect(await isThere()).toBe(false)
    expect((await toEnd(applying('r2', { target: other }))).at(-1)).toMatchObject({ status: 'succeeded' })
  })

  it('W-33: is refused with every collection that holds too much, counted no further than needed', async () => {
    await insert('a', 3)
    await insert('b', 2)
    await insert('c', 500)
    scratch.sent.length = 0
    expect(await drop()).toMatchObject({
      ok: false,
      error: {
        code: 'DROP_TOO_MANY_DOCUMENTS',
        detail: {
          collections: [
            { collection: 'a', documents: 3 },
            { collection: 'c', documents: 500 },
          ],
        },
      },
    })
    const counts = scratch.sent.filter(({ name }) => name === 'aggregate').map(({ command }) => command['pipeline'])
    expect(counts).toHaveLength(3)
    for (const pipeline of counts) expect(pipeline).toContainEqual({ $limit: 3 })
    expect(await scratch.db.collection('stage0_lock').countDocuments()).toBe(0)
  })

  it.each([
    ['DROP_NOT_LOCAL', { localMode: false }],
    ['DROP_NOT_ENABLED', { enabled: false }],
    ['DROP_NOT_CONFIRMED', { confirm: 'another' }],
  ] as const)('W-33: is refused as %s without a command to the server', async (code, given) => {
    await insert('a', 1)
    scratch.sent.length = 0
    expect(await drop(given)).toMatchObject({ ok: false, error: { code } })
    expect(scratch.sent).toEqual([])
    expect(await isThere()).toBe(true)
  })

  it('is refused while a run of another process is at work, naming it', async () => {
    const run = applying('r1', { target: other })
    await run.next()
    expect(await drop()).toMatchObject({ ok: false, error: { code: 'LOCK_HELD', detail: { holder: { runId: 'r1' } } } })
    expect((await toEnd(run)).at(-1)).toMatchObject({ status: 'succeeded' })
  })
})
