import { doc, type Value } from '@stage0/bson-schema'
import { startEmbedded, type EmbeddedServer } from '@stage0/embedded'
import { applyPlan, type TargetPort } from '@stage0/engine'
import { isDeep } from '@stage0/testkit'
import type { RunEvent } from '@stage0/types'
import { Binary, Decimal128, Double, Long, MongoClient, MongoServerError, ObjectId, type Db } from 'mongodb'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { openTarget } from '../target.ts'
import { realClock, type Task } from '../testing/apply-thing.ts'
import { wantedShape } from '../testing/online.ts'
import { value } from '../testing/scratch.ts'
import { filterOf } from './range-spans.ts'

const given = process.env['MONGO_CONNECTION_STRING']
const recordNames = { versions: 'CollectionVersions', enumerators: 'DatabaseEnumerators' }
const DOCUMENTS = given !== undefined && isDeep ? 1_000_000 : isDeep ? 200_000 : 8_000

let embedded: EmbeddedServer | undefined
let client: MongoClient
let uri: string
let db: Db
let target: TargetPort
let database: string

interface Thing {
  _id: unknown
  shape: number
  n: number
  w?: number
}
const things = () => db.collection<Thing>('thing')

/** Ids of eleven types, and null once: no type follows another in the order in which they are made. */
const idOf = (i: number): unknown => {
  const kinds = [
    () => i,
    () => new Double(i + 0.5),
    () => Long.fromNumber(i + 5_000_000_000),
    () => Decimal128.fromString(`${i}.25`),
    () => `key ${String(i).padStart(8, '0')}`,
    () => ({ a: i, b: { c: 'x' } }),
    () => new ObjectId(),
    () => new Date(i),
    () => new Binary(Buffer.from(`bytes ${i}`)),
    () => ({ a: `t${i}` }),
  ]
  if (i === 0) return null
  if (i === 1 || i === 2) return i === 1
  return kinds[i % kinds.length]?.()
}

beforeAll(async () => {
  embedded = given === undefined ? await startEmbedded({ replicaSet: 'rs0' }) : undefined
  uri = given ?? embedded?.uri ?? ''
  client = await new MongoClient(uri).connect()
})
afterAll(async () => {
  await client.close()
  await embedded?.close()
})
beforeEach(async ({ skip }) => {
  const hello = await client.db('admin').command({ hello: 1 })
  const isStandalone = hello['setName'] === undefined && hello['msg'] !== 'isdbgrid'
  skip(isStandalone, 'the given server is standalone: it has no transactions')
  database = `stage0_test_${randomBytes(6).toString('hex')}`
  db = client.db(database)
  target = value(await openTarget({ uri, database, recordNames }))
})
afterEach(async () => {
  await target.close()
  await db.dropDatabase()
})

/** `thing` at version 1 with so many documents, under a collation in which case does not count. */
async function seed(count: number): Promise<void> {
  await db.createCollection('thing', { collation: { locale: 'en', strength: 2 } })
  expect((await apply(wantedShape(1), 'r0')).at(-1)).toMatchObject({ status: 'succeeded' })
  for (let from = 0; from < count; from += 10_000) {
    const batch = Array.from({ length: Math.min(10_000, count - from) }, (_, i) => ({
      _id: idOf(from + i),
      shape: 1,
      n: 0,
      old: 'x',
    }))
    // The driver would put an ObjectId in the place of null.
    await things().insertMany(batch, { forceServerObjectId: true })
  }
}

async function apply(wanted: ReturnType<typeof wantedShape>, runId: string, migration = {}): Promise<RunEvent[]> {
  const events: RunEvent[] = []
  const run = applyPlan({
    target,
    wanted,
    options: { environment: 'local', loadTestData: false },
    holder: { host: 'here', pid: 1, user: 'ada', runId, command: 'apply' },
    leaseMs: 30_000,
    migration,
    toolVersion: '0.1.0',
    clock: realClock,
    signal: new AbortController().signal,
  })
  for await (const event of run) events.push(event)
  return events
}

/** Built, as `pnpm test` does before: a process starts in a second then. */
const SCRIPT = fileURLToPath(new URL('../../dist/testing/apply-thing.js', import.meta.url))

/** Applies in a process of its own. With `killAfter` it is killed with SIGKILL as soon as it has migrated so many documents itself. */
function applyInProcess(
  task: Task,
  killAfter = Number.POSITIVE_INFINITY,
): Promise<{ killed: boolean; events: RunEvent[] }> {
  if (!existsSync(SCRIPT)) throw new Error('The package is not built: run `pnpm build`.')
  const child = spawn(process.execPath, [SCRIPT, JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const events: RunEvent[] = []
  let first: number | undefined
  let killed = false
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line) as RunEvent
    events.push(event)
    if (event.type !== 'step.progress') return
    first ??= event.done
    if (event.done - first >= killAfter) killed = child.kill('SIGKILL') || killed
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => resolve({ killed, events }))
  })
}

/** Inserts documents of the old shape and updates those that are there, until it is stopped. */
class Writer {
  readonly times: number[] = []
  inserted = 0
  /** Refused by the new validator. */
  refused = 0
  readonly updated = new Map<number, number>()
  #isStopped = false
  #loop: Promise<void> | undefined
  readonly #seeded: number

  constructor(seeded: number) {
    this.#seeded = seeded
  }

  start(): void {
    this.#loop = this.#write()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#loop
  }

  async #write(): Promise<void> {
    for (let i = 0; !this.#isStopped; i += 1) {
      const startedAt = performance.now()
      if (i % 2 === 0) await this.#insert(i)
      else await this.#update(3 + 10 * Math.floor((i * 7919) % (this.#seeded / 10 - 1)))
      this.times.push(performance.now() - startedAt)
      await setImmediate()
    }
  }

  async #insert(i: number): Promise<void> {
    try {
      await things().insertOne({ _id: idOf(this.#seeded + i + 3), shape: 1, n: 0 })
      this.inserted += 1
    } catch (cause) {
      if (!(cause instanceof MongoServerError && cause.code === 121)) throw cause
      this.refused += 1
    }
  }

  /** `i` such that its id can be made again. */
  async #update(i: number): Promise<void> {
    const { matchedCount } = await things().updateOne({ _id: idOf(i) as never }, { $inc: { w: 1 } })
    expect(matchedCount).toBe(1)
    this.updated.set(i, (this.updated.get(i) ?? 0) + 1)
  }
}

const percentile = (times: readonly number[], part: number): string =>
  ([...times].sort((a, b) => a - b)[Math.floor(times.length * part)] ?? NaN).toFixed(1)

describe('an online migration', () => {
  it('W-03, W-06: killed three times, under a writer, loses, skips and doubles nothing, and tells what is left', async () => {
    await seed(DOCUMENTS)
    const writer = new Writer(DOCUMENTS)
    onTestFinished(() => writer.stop())
    writer.start()
    // So many documents in this process keep its server from answering for seconds where the machine has other work.
    const leaseMs = isDeep ? 20_000 : 5000
    const task = { uri, database, leaseMs, waitMs: 60_000, migration: { batchSize: 500, pauseMs: 5 } }
    const startedAt = performance.now()
    for (const runId of ['r1', 'r2', 'r3']) {
      const { killed, events } = await applyInProcess({ ...task, runId }, DOCUMENTS / 20)
      expect([runId, killed, killed ? undefined : events]).toEqual([runId, true, undefined])
    }
    const checkpoint = (await db.collection('stage0_runs').findOne({ _id: 'r3' as never }))?.['journal'].at(
      -1,
    ).checkpoint
    expect(checkpoint.done).toBeGreaterThan(DOCUMENTS / 8)
    const { events } = await applyInProcess({ ...task, runId: 'r4' })
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    await writer.stop()
    const last = events.at(-1)
    expect(events.find((event) => event.type === 'run.started')).toMatchObject({ resumes: 'r3' })

    // Whatever was there in the beginning: once.
    expect(await things().countDocuments({})).toBe(DOCUMENTS + writer.inserted)
    expect(await things().countDocuments({ old: { $exists: true } } as object)).toBe(0)
    expect(
      await things().countDocuments({
        $nor: [
          { shape: 2, n: 1 },
          { shape: 1, n: 0 },
        ],
      }),
    ).toBe(0)
    // No write is lost.
    const updated = await things()
      .find({ w: { $exists: true } })
      .toArray()
    expect(updated).toHaveLength(writer.updated.size)
    expect(updated.reduce((sum, { w }) => sum + (w ?? 0), 0)).toBe(
      [...writer.updated.values()].reduce((a, b) => a + b, 0),
    )
    // Left is what the writer put behind the migration's back, exactly.
    const left = await things().countDocuments({ shape: 1 })
    expect(await things().countDocuments({ shape: 1, old: { $exists: true } } as object)).toBe(0)
    const told = events.find((event) => event.type === 'step.finished' && event.kind === 'findLeftovers')
    expect(told).toMatchObject(left === 0 ? { status: 'succeeded' } : { leftovers: { count: left } })
    expect(last).toMatchObject({ status: left === 0 ? 'succeeded' : 'succeeded_with_leftovers' })
    expect(writer.times.length).toBeGreaterThan(50)
    const ms = `p50 ${percentile(writer.times, 0.5)} ms, p99 ${percentile(writer.times, 0.99)} ms`
    process.stdout.write(
      `\n${DOCUMENTS} documents migrated online in four runs, three of them killed, in ${seconds} s; a writer meanwhile: ${writer.times.length} writes, ${ms}; ${left} documents left, ${writer.refused} refused at the end\n`,
    )
    // Four processes are started one after the other.
  }, 300_000)

  it('gives the same documents as the file as it is written', async () => {
    await seed(200)
    const stages = [
      { $replaceWith: { $mergeObjects: [{ n: 5, made: 'late' }, '$$ROOT', { shape: 2 }] } },
      { $unset: ['old'] },
      { $project: { w: 0 } },
    ]
    const written = await things()
      .aggregate([...stages, { $sort: { _id: 1 } }])
      .toArray()
    const events = await apply(wantedShape(2, [...stages, { $out: 'thing' }]), 'r1', { batchSize: 7 })
    expect(events.at(-1)).toMatchObject({ status: 'succeeded' })
    const online = await things().find({}).sort({ _id: 1 }).toArray()
    expect(online.map((one) => one._id)).toEqual(written.map((one) => one['_id']))
    expect(online).toEqual(written)
    // An update keeps _id first, wherever the stages put it; and the collation is still there.
    expect(online.every((one) => Object.keys(one)[0] === '_id')).toBe(true)
    expect(await things().countDocuments({ made: 'LATE' } as object)).toBe(200)
  })

  it('W-11: of a process whose run was taken over changes nothing, whenever it wakes up', async () => {
    await seed(50)
    const ranges = value(await target.openRanges('thing', new AbortController().signal))
    const holder = (runId: string) => ({ host: 'here', pid: 1, user: 'ada', runId, command: 'apply' })
    const claim = value(await target.lock.claim(holder('r1'), 500))
    const token = claim.claimed ? claim.token : NaN
    const header = { runId: 'r1', token, planHash: 'h', plan: '{}', holder: holder('r1'), resumes: undefined }
    const more = { collections: ['thing'], steps: 1, idempotencyKey: undefined, journal: [] }
    value(await target.runs.begin({ ...header, ...more }))
    const { upTo, total } = value(await ranges.bounds())
    const checkpoint = { last: undefined, upTo, total, ranges: 0, done: 0, modified: 0 }
    const entry = { stepId: 's', contentHash: 'h', state: 'intended', targetUuid: undefined, comment: 'c' } as const
    value(
      await target.runs.journal('r1', token, { ...entry, checkpoint, session: { id: ranges.session, runId: 'r1' } }),
    )
    const next = async (after?: Value) => value(await ranges.next(after, upTo ?? null, 10)) ?? { ids: [] }
    const span = await next()
    const pipeline = [doc({ $set: { n: { $add: ['$n', 1] } } })]
    const counting = { span, pipeline, runId: 'r1', token, stepId: 's', comment: 'c', checkpoint }
    const first = value(await ranges.apply(counting))
    expect(first).toMatchObject({ ranges: 1, done: 10, modified: 10 })
    expect(span).toMatchObject({ ids: { length: 10, 9: first.last } })
    // Sent again, as after an answer that got lost: it took effect once.
    expect(value(await ranges.apply(counting))).toEqual(first)
    expect(await things().countDocuments({ n: 1 })).toBe(10)
    await db.collection('stage0_lock').updateOne({}, { $set: { lease_end: new Date(0) } })
    const other = value(await openTarget({ uri, database, recordNames }))
    value(await other.lock.claim(holder('r2'), 30_000))
    const late = await ranges.apply({
      ...counting,
      checkpoint: first,
      span: await next(first.last),
    })
    expect(late).toMatchObject({ ok: false, error: { kind: 'lost-lock' } })
    expect(await things().countDocuments({ n: 1 })).toBe(10)
    await other.close()
    await ranges.close()
  })
})

describe('ranges of documents', () => {
  it.each([1, 3, 7, 1000])('go over every _id once, whatever its type, %i at a time', async (limit) => {
    await seed(300)
    const ranges = value(await target.openRanges('thing', new AbortController().signal))
    const { upTo, total } = value(await ranges.bounds())
    const kinds = new Set<string>()
    let after: Value | undefined
    for (;;) {
      const span = value(await ranges.next(after, upTo ?? null, limit))
      if (span === undefined) break
      const { modifiedCount } = await things().updateMany(filterOf(span), { $inc: { n: 1 } })
      expect([modifiedCount > 0, modifiedCount <= limit]).toEqual([true, true])
      kinds.add('ids' in span ? 'named' : 'compared')
      after = 'ids' in span ? span.ids.at(-1) : span.last
    }
    expect([await things().countDocuments({ n: 1 }), total]).toEqual([300, 300])
    // What is of several types at once is named, one by one at the borders.
    expect([...kinds].sort()).toEqual(limit === 1000 ? ['named'] : ['compared', 'named'])
    await ranges.close()
  })

  it.each([1, 2, 1000])('leave out neither NaN nor what stands beside it, %i at a time', async (limit) => {
    await seed(0)
    const ids = [new Double(NaN), new Double(-Infinity), 0, new Double(Infinity), Decimal128.fromString('1.5')]
    await things().insertMany(ids.map((_id) => ({ _id, shape: 1, n: 0 })))
    const ranges = value(await target.openRanges('thing', new AbortController().signal))
    const { upTo } = value(await ranges.bounds())
    let after: Value | undefined
    for (;;) {
      const span = value(await ranges.next(after, upTo ?? null, limit))
      if (span === undefined) break
      await things().updateMany(filterOf(span), { $inc: { n: 1 } })
      after = 'ids' in span ? span.ids.at(-1) : span.last
    }
    expect(await things().countDocuments({ n: 1 })).toBe(ids.length)
    await ranges.close()
  })

  it('go on behind a document that is gone, and end where its end is gone', async () => {
    await seed(0)
    await things().insertMany(['a', 'B', 'c', 'D', 'e'].map((_id) => ({ _id, shape: 1, n: 0 })))
    const ranges = value(await target.openRanges('thing', new AbortController().signal))
    const { upTo } = value(await ranges.bounds())
    expect(upTo).toBe('e')
    await db.collection<{ _id: string }>('thing').deleteMany({ _id: { $in: ['B', 'e'] } })
    await things().insertOne({ _id: 'f', shape: 1, n: 0 })
    // The collation decides on the order: B is between a and c.
    const found = async (limit: number) => {
      const span = value(await ranges.next('B', 'e', limit)) ?? { ids: [] }
      const documents = await things().find(filterOf(span)).sort({ _id: 1 }).toArray()
      return { span, ids: documents.map(({ _id }) => _id) }
    }
    expect(await found(10)).toEqual({ span: { after: 'B', last: 'e' }, ids: ['c', 'D'] })
    expect(await found(1)).toEqual({ span: { after: 'B', last: 'D' }, ids: ['c', 'D'] })
    expect(value(await ranges.next('e', 'e', 10))).toBeUndefined()
    await ranges.close()
  })
})

describe('documents that do not match', () => {
  it('are updated once more where that is asked for, counted and explained', async () => {
    await seed(10)
    const schema = doc({ bsonType: 'object', properties: { shape: { enum: [2] }, n: { maximum: 3 } } })
    await things().updateOne({ _id: idOf(3) as never }, { $set: { n: 9 } })
    const query = { collection: 'thing', schema, limit: 2, comment: 'c', signal: new AbortController().signal }
    const found = value(await target.findLeftovers({ ...query, repeat: [] }))
    expect(found).toMatchObject({
      count: 10,
      repeated: 0,
      samples: [{ id: 'null', why: 'shape: enum [2], found 1' }, {}],
    })
    const again = value(await target.findLeftovers({ ...query, repeat: [doc({ $set: { shape: 2 } })] }))
    expect(again).toEqual({
      count: 1,
      repeated: 10,
      samples: [{ id: expect.any(String), why: expect.stringContaining('n: maximum 3') }],
    })
    expect(await things().countDocuments({ shape: 2 })).toBe(10)
  })
})
