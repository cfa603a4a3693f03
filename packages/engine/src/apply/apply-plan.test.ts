import { doc, EMPTY_DOC } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import { readRun } from '../read-runs.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { MemoryDatabase } from '../testing/memory-database.ts'
import { memoryTarget } from '../testing/memory-target.ts'
import { repository, version } from '../testing/repository.ts'
import { apply } from '../testing/run.ts'
import { ended, first, two } from '../testing/two-collections.ts'

describe('the events of a run', () => {
  it('are numbered without gaps, begin and end, pair up, and are stored as they were told', async () => {
    const database = new MemoryDatabase()
    const { events, last } = await apply(database, two)
    expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i + 1))
    expect([events[0]?.type, last?.status, last?.counts]).toEqual(['run.started', 'succeeded', { succeeded: 7 }])
    const started = events.filter((event) => event.type === 'step.started').map((event) => event.step_id)
    expect(events.filter((event) => event.type === 'step.finished').map((event) => event.step_id)).toEqual(started)
    expect(database.runs[0]?.events).toEqual(events)
    expect(database.runs[0]?.outcome).toEqual({ status: 'succeeded', error: undefined, counts: { succeeded: 7 } })
  })

  it('tell whole milliseconds, and of the run those since it began, as its record does', async () => {
    const database = new MemoryDatabase()
    const clock = new FakeClock()
    const before = (): void => clock.suspend(10.25)
    const { events } = await apply(database, two, { clock, faults: { before } })
    const told = events.flatMap((event) => ('duration_ms' in event ? [event.duration_ms] : []))
    expect(told.filter((ms) => !Number.isInteger(ms))).toEqual([])
    const recorded = await readRun(memoryTarget(database, clock), 'run-1')
    const summary = recorded.ok ? recorded.value : undefined
    expect(summary?.duration_ms).toBeGreaterThan(0)
    expect(Math.abs((told.at(-1) ?? NaN) - (summary?.duration_ms ?? NaN))).toBeLessThanOrEqual(1)
  })

  it('tell progress at most four times a second', async () => {
    const documents = Array.from({ length: 1000 }, (_, i) => doc({ _id: i }))
    const { events } = await apply(
      new MemoryDatabase(),
      repository({ user: [version('user', '1.0.0.0', { data: documents })] }),
    )
    expect(events.filter((event) => event.type === 'step.progress')).toMatchObject([
      { done: 1, total: 1000, unit: 'documents' },
    ])
  })

  it('W-15: who, what and when of an applied version is kept', async () => {
    const database = new MemoryDatabase()
    await apply(database, first)
    expect(database.history).toMatchObject([
      { collection: 'media', version: '1.0.0.0', runId: 'run-1', appliedBy: 'ann@here', toolVersion: '0.1.0' },
    ])
  })
})

describe('a second run', () => {
  it('changes nothing, not even the lock', async () => {
    const database = new MemoryDatabase()
    await apply(database, two)
    const second = await apply(database, two, { runId: 'run-2' })
    expect([second.target.operations, second.last?.status, second.events.map((event) => event.type)]).toEqual([
      [],
      'succeeded',
      ['run.started', 'run.finished'],
    ])
  })
})

describe('a step that fails', () => {
  const refuse = (operation: string) => operation === 'buildIndexes'
  it('W-06: makes the run failed, skips the rest of its collection and lets others go on', async () => {
    const ran = await apply(new MemoryDatabase(), two, { faults: { refuse } })
    expect(ended(ran)).toEqual([
      'recordEnumerators succeeded',
      'media createCollection succeeded',
      'media buildIndexes failed',
      'media recordVersion skipped',
      'user createCollection succeeded',
      'user loadData succeeded',
      'user recordVersion succeeded',
    ])
    expect(ran.last).toMatchObject({
      status: 'failed',
      counts: { succeeded: 5, failed: 1, skipped: 1 },
      error: { code: 'STEP_FAILED' },
    })
    expect(ran.events.find((event) => event.type === 'step.finished' && event.status === 'failed')).toMatchObject({
      error: { code: 'TARGET_REFUSED', message: 'refused: buildIndexes' },
    })
  })
  it('stops everything under fail-fast', async () => {
    const ran = await apply(new MemoryDatabase(), two, { faults: { refuse }, failFast: true })
    expect(ended(ran).slice(3)).toEqual([
      'media recordVersion skipped',
      'user createCollection skipped',
      'user loadData skipped',
      'user recordVersion skipped',
    ])
  })
  it('W-04: leaves the validator of the version before in force', async () => {
    const database = new MemoryDatabase()
    await apply(database, first)
    const before = database.collections.get('media')?.validator
    const next = repository({
      media: [...(first.collections[0]?.versions ?? []), version('media', '1.0.1.0', { migrate: [{ $out: 'media' }] })],
    })
    await apply(database, next, { runId: 'run-2', faults: { refuse: (operation) => operation === 'runPipeline' } })
    expect(database.collections.get('media')?.validator).toEqual(before)
  })
  it('of the enumerators stops everything, since all collections build on them', async () => {
    const ran = await apply(new MemoryDatabase(), two, {
      faults: { refuse: (operation) => operation === 'recordEnumerators' },
    })
    expect(ran.last?.counts).toEqual({ failed: 1, skipped: 6 })
  })
})

describe('cancelling', () => {
  it('W-22: by signal finishes the step that is under way and then ends', async () => {
    const controller = new AbortController()
    const before = (operation: string) => (operation === 'buildIndexes' ? controller.abort() : undefined)
    const ran = await apply(new MemoryDatabase(), two, { signal: controller.signal, faults: { before } })
    expect(ended(ran).slice(2, 5)).toEqual([
      'media buildIndexes succeeded',
      'media recordVersion cancelled',
      'user createCollection cancelled',
    ])
    expect(ran.last).toMatchObject({ status: 'cancelled', error: { code: 'CANCELLED' } })
  })
  it('by the flag in the run document does the same, and the next run goes on from there', async () => {
    const database = new MemoryDatabase()
    const before = (operation: string) => {
      const run = database.runs[0]
      if (operation === 'buildIndexes' && run !== undefined) run.cancelRequested = true
    }
    expect((await apply(database, two, { faults: { before } })).last?.status).toBe('cancelled')
    expect((await apply(database, two, { runId: 'run-2' })).last?.status).toBe('succeeded')
  })
})

describe('verifying', () => {
  it('fails a run whose result somebody changed meanwhile, with the difference', async () => {
    const database = new MemoryDatabase()
    const before = (operation: string) => {
      const media = database.collections.get('media')
      if (operation === 'recordVersion' && media !== undefined)
        Object.assign(media, { validator: EMPTY_DOC, level: 'off' })
    }
    const ran = await apply(database, first, { faults: { before } })
    expect(ran.last).toMatchObject({
      status: 'failed',
      error: { code: 'VERIFY_FAILED', detail: ['media: there is no validator'] },
    })
  })
})
