import type { RunHeader, StoredRun, TargetPort } from '@stage0/engine'
import type { RunEvent } from '@stage0/types'
import type { Db } from 'mongodb'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startScratch, value, type Scratch, type ScratchServer } from '../testing/scratch.ts'

let server: ScratchServer
let scratch: Scratch
let target: TargetPort
let db: Db

beforeAll(async () => {
  server = await startScratch()
})
afterAll(() => server.close())
beforeEach(async () => {
  scratch = await server.database()
  ;({ target, db } = scratch)
})
afterEach(() => scratch.drop())

const header = (runId: string, token: number, more: Partial<RunHeader> = {}): RunHeader => ({
  runId,
  token,
  planHash: `hash of ${runId}`,
  plan: `{"plan":"${runId}"}`,
  holder: { host: 'here', pid: 7, user: 'ada', runId, command: 'stage0 apply' },
  resumes: undefined,
  collections: ['user'],
  steps: 3,
  idempotencyKey: undefined,
  journal: [],
  ...more,
})
const begin = async (...args: Parameters<typeof header>) => value(await target.runs.begin(header(...args)))
const list = async (query: { status?: StoredRun['status']; collection?: string; offset?: number; limit?: number }) => {
  const { runs, total } = value(await target.runs.list({ offset: 0, limit: 10, ...query }))
  return { ids: runs.map((run) => run.runId), total }
}
const progress = (seq: number): RunEvent => ({
  seq,
  run_id: 'r1',
  at: '2026-01-01T00:00:00.000Z',
  type: 'step.progress',
  step_id: 'user/1.0.0.1/loadData',
  kind: 'loadData',
  name: 'load',
  done: seq,
  unit: 'documents',
})
const progresses = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => progress(from + n))

describe('the history of runs', () => {
  it('is empty, and stays so, where nothing was ever recorded', async () => {
    expect(await list({})).toEqual({ ids: [], total: 0 })
    expect(value(await target.runs.read('r1'))).toBeUndefined()
    expect(value(await target.runs.readPlan('r1'))).toBeUndefined()
    expect(value(await target.runs.readEvents('r1', 0, 10))).toEqual([])
    expect(value(await target.runs.findByIdempotencyKey('k'))).toBeUndefined()
    expect(value(await target.runs.requestCancel('r1'))).toBe(false)
    expect(await db.listCollections().toArray()).toEqual([])
  })

  it('gives a run back as it was begun, and as it ended', async () => {
    await begin('r1', 1, { resumes: 'r0' })
    const open = value(await target.runs.read('r1'))
    expect(open).toEqual({
      runId: 'r1',
      status: 'open',
      startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      finishedAt: undefined,
      holder: header('r1', 1).holder,
      planHash: 'hash of r1',
      collections: ['user'],
      steps: 3,
      token: 1,
      cancelRequested: false,
      pauseRequested: false,
      resumes: 'r0',
      counts: {},
      error: undefined,
    })
    const error = { code: 'STEP_FAILED', message: '1 step failed', detail: { $or: [{ 'a.b': 1 }] } }
    value(await target.runs.finish('r1', 1, { status: 'failed', error, counts: { succeeded: 2, failed: 1 } }))
    expect(value(await target.runs.read('r1'))).toEqual({
      ...open,
      status: 'failed',
      finishedAt: expect.stringMatching(/Z$/),
      counts: { succeeded: 2, failed: 1 },
      error,
    })
  })

  it('is listed newest first, filtered and in pages, with how many match', async () => {
    for (const n of [1, 2, 3, 4, 5]) {
      await begin(`r${n}`, n, { collections: n % 2 === 0 ? ['user', 'order'] : ['user'] })
      value(await target.runs.appendEvents(`r${n}`, [progress(1)]))
    }
    for (const n of [1, 2]) {
      value(await target.runs.finish(`r${n}`, n, { status: 'succeeded', error: undefined, counts: {} }))
    }
    value(await target.runs.supersede('r3', { runId: 'r5', token: 3 }))
    expect(await list({})).toEqual({ ids: ['r5', 'r4', 'r3', 'r2', 'r1'], total: 5 })
    expect(await list({ offset: 1, limit: 2 })).toEqual({ ids: ['r4', 'r3'], total: 5 })
    expect(await list({ collection: 'order' })).toEqual({ ids: ['r4', 'r2'], total: 2 })
    expect(await list({ collection: 'order', status: 'succeeded' })).toEqual({ ids: ['r2'], total: 1 })
    expect(await list({ status: 'superseded' })).toEqual({ ids: ['r3'], total: 1 })
    expect(await list({ status: 'open', limit: 1 })).toEqual({ ids: ['r5'], total: 2 })
    // User text is a value, never an operator or a pattern.
    expect(await list({ collection: '.*' })).toEqual({ ids: [], total: 0 })
  })

  it('has an index for the order of its list, made with the first run', async () => {
    await begin('r1', 1)
    const plan = await db
      .collection('stage0_runs')
      .find({ kind: 'run' })
      .sort({ claimed_token: -1 })
      .explain('queryPlanner')
    expect((await db.collection('stage0_runs').indexes()).map(({ name }) => name)).toEqual(['_id_', 'stage0_newest'])
    // The embedded server reads collections whole; every other one must use the index.
    if (process.env['MONGO_CONNECTION_STRING'] !== undefined) expect(JSON.stringify(plan)).toContain('stage0_newest')
  })

  it('also shows what an older version recorded, which knew neither collections nor steps nor keys', async () => {
    await db.collection<{ _id: string }>('stage0_runs').insertOne({
      _id: 'old',
      kind: 'run',
      command: 'stage0 apply',
      holder: { host: 'there', pid: 1, user: 'bob', run_id: 'old', command: 'stage0 apply' },
      plan_hash: 'h',
      claimed_token: 1,
      token: 1,
      resumes: null,
      journal: [],
      cancel_requested: false,
      outcome: { status: 'cancelled', error: null },
      started_at: new Date(0),
      finished_at: new Date(1),
    } as { _id: string })
    expect(await list({ status: 'cancelled' })).toEqual({ ids: ['old'], total: 1 })
    expect(value(await target.runs.read('old'))).toMatchObject({
      holder: { runId: 'old', user: 'bob' },
      startedAt: '1970-01-01T00:00:00.000Z',
      collections: [],
      steps: 0,
      counts: {},
      error: undefined,
    })
  })

  it('holds plans of any length, whole', async () => {
    const plan = 'ä'.repeat(4_500_000)
    await begin('r1', 1, { plan })
    await begin('r10', 2)
    expect(value(await target.runs.readPlan('r1')) === plan).toBe(true)
    expect(value(await target.runs.readPlan('r10'))).toBe('{"plan":"r10"}')
  })
})

describe('the events of a run', () => {
  beforeEach(async () => {
    await begin('r1', 1)
    value(await target.runs.appendEvents('r1', progresses(1, 300)))
    value(await target.runs.appendEvents('r1', progresses(301, 1200)))
  })

  it.each([
    [0, 10, 1, 10],
    [5, 3, 6, 8],
    [249, 3, 250, 252],
    [1000, 500, 1001, 1200],
  ])('after %i, at most %i, are those from %i to %i', async (after, limit, first, last) => {
    expect(value(await target.runs.readEvents('r1', after, limit))).toEqual(progresses(first, last))
  })

  it('are none after the last', async () => {
    expect(value(await target.runs.readEvents('r1', 1200, 10))).toEqual([])
  })

  it('are read a page at a time: a few of them cost a few documents, not the whole run', async () => {
    scratch.sent.length = 0
    value(await target.runs.readEvents('r1', 600, 10))
    const [find, ...others] = scratch.sent.filter(({ name }) => name !== 'killCursors')
    expect(others).toEqual([])
    expect(find?.command).toMatchObject({ batchSize: 2, filter: { last_seq: { $gt: 600 } } })
  })

  it('that were written twice, since the first answer was lost, are told once', async () => {
    const other = await scratch.another()
    value(await other.runs.appendEvents('r2', progresses(1, 3)))
    const again = progresses(1, 5)
    const pages = db.collection<{ _id: string; events: RunEvent[] }>('stage0_runs')
    await pages.updateOne({ _id: 'r2/events/000001' }, { $push: { events: { $each: again } }, $set: { last_seq: 5 } })
    expect(value(await target.runs.readEvents('r2', 0, 10))).toEqual(again)
  })
})

describe('a key of who asks', () => {
  it('leads to its run, and refuses a second one as IDEMPOTENCY_KEY_USED, also from another process', async () => {
    await begin('r1', 1, { idempotencyKey: 'k1' })
    await begin('r2', 2, { idempotencyKey: 'k2' })
    const other = await scratch.another()
    const second = await other.runs.begin(header('r3', 3, { idempotencyKey: 'k1' }))
    expect(second).toMatchObject({ ok: false, error: { code: 'IDEMPOTENCY_KEY_USED', kind: 'refused' } })
    expect(value(await target.runs.findByIdempotencyKey('k1'))).toMatchObject({ runId: 'r1' })
    expect(await list({})).toEqual({ ids: ['r2', 'r1'], total: 2 })
  })

  it('costs those nothing who give none', async () => {
    await begin('r1', 1)
    await begin('r2', 2)
    expect((await db.collection('stage0_runs').indexes()).map(({ name }) => name)).toEqual(['_id_', 'stage0_newest'])
    await begin('r3', 3, { idempotencyKey: 'k' })
    await begin('r4', 4)
    expect((await db.collection('stage0_runs').indexes()).map(({ name }) => name)).toContain('stage0_idempotency_key')
  })
})

describe('a wish to cancel', () => {
  it('reaches an open run, seen by other connections; a run that has ended takes none', async () => {
    await begin('r1', 1)
    const other = await scratch.another()
    expect(value(await other.runs.requestCancel('r1'))).toBe(true)
    expect(value(await target.runs.readFlags('r1'))).toEqual({ cancel: true, pause: false })
    expect(value(await other.runs.read('r1'))).toMatchObject({ cancelRequested: true, status: 'open' })
    value(await target.runs.finish('r1', 1, { status: 'cancelled', error: undefined, counts: {} }))
    expect(value(await other.runs.requestCancel('r1'))).toBe(false)
  })

  it('reaches no part of a run, only the run itself', async () => {
    await begin('r1', 1)
    expect(value(await target.runs.requestCancel('r1/plan/000001'))).toBe(false)
  })
})
