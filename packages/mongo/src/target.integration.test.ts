import { doc, docOf, Double, EMPTY_DOC, type Doc, type Value } from '@stage0/bson-schema'
import { startEmbedded, type EmbeddedServer } from '@stage0/embedded'
import type { IndexSpec, JournalEntry } from '@stage0/core'
import type { LockHolder, RunHeader, RunOutcome, TargetPort, VersionRecord } from '@stage0/engine'
import type { Result, RunError, RunEvent } from '@stage0/types'
import { MongoClient, type Db } from 'mongodb'
import { randomBytes } from 'node:crypto'
import { connect, createServer, type AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { SentCommand } from './connection/connect.ts'
import { openTarget } from './target.ts'

const never = new AbortController().signal
const given = process.env['MONGO_CONNECTION_STRING']
const recordNames = { versions: 'CollectionVersions', enumerators: 'DatabaseEnumerators' }
let embedded: EmbeddedServer | undefined
let uri: string
let database: string
let target: TargetPort
let client: MongoClient
let db: Db
let sent: SentCommand[]

beforeAll(async () => {
  embedded = given === undefined ? await startEmbedded() : undefined
  uri = given ?? embedded?.uri ?? ''
  client = await new MongoClient(uri).connect()
})
afterAll(async () => {
  await client.close()
  await embedded?.close()
})
beforeEach(async () => {
  database = `stage0_test_${randomBytes(6).toString('hex')}`
  db = client.db(database)
  sent = []
  target = await open()
})
afterEach(async () => {
  await target.close()
  await db.dropDatabase()
})

async function open(): Promise<TargetPort> {
  return value(await openTarget({ uri, database, recordNames, onCommand: (command) => sent.push(command) }))
}
function value<T, E extends { readonly message: string }>(result: Result<T, E>): T {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
const observed = async () => value(await target.observe({}))
const names = () => sent.map(({ name }) => name)
const index = (name: string, key: Doc, options: Doc = EMPTY_DOC): IndexSpec => ({ name, key, options })
const schema = doc({ bsonType: 'object', required: ['name'], properties: { name: { bsonType: 'string' } } })
const holder = (runId: string): LockHolder => ({ host: 'here', pid: 1, user: 'ada', runId, command: 'apply' })
const BY = { user: 'cleo', host: 'desk' }
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const run = (runId: string, token: number, journal: readonly JournalEntry[] = []): RunHeader => ({
  runId,
  token,
  planHash: 'hash',
  plan: '{}',
  holder: holder(runId),
  resumes: undefined,
  collections: ['user'],
  steps: 2,
  idempotencyKey: undefined,
  journal,
})
const ended = (status: RunOutcome['status'], error?: RunError): RunOutcome => ({
  status,
  error,
  counts: { succeeded: 1 },
})
const entry = (stepId: string, state: 'intended' | 'done'): JournalEntry => ({
  stepId,
  contentHash: 'h',
  state,
  targetUuid: undefined,
  comment: 'c',
})
/** As if the holder had been silent for as long as its lease. */
const expireLease = () => db.collection('stage0_lock').updateOne({}, { $set: { lease_end: new Date(0) } })
const claim = async (runId: string, leaseMs = 30_000) => {
  const claimed = value(await target.lock.claim(holder(runId), leaseMs))
  if (!claimed.claimed) throw new Error('held by another')
  return claimed.token
}

describe('observing', () => {
  it('W-18: creates nothing and costs four commands on an empty database', async () => {
    sent = []
    expect(await observed()).toMatchObject({
      database,
      collections: [],
      versions: [],
      history: [],
      interrupted: undefined,
    })
    expect(names().sort()).toEqual(['buildInfo', 'connectionStatus', 'hello', 'listCollections'])
    expect(await db.listCollections().toArray()).toEqual([])
  })

  it('tells validator, level, action, indexes and counts, with the defaults filled in', async () => {
    await db.createCollection('plain')
    await target.createCollection('user', { schema, level: 'moderate', action: 'warn' }, never)
    await target.buildIndexes('user', [index('byName', doc({ name: 1 }), doc({ unique: true }))], never)
    await db.collection<{ name: string }>('user').insertOne({ name: 'ada' })
    const [plain, user] = (await observed()).collections
    expect(plain).toMatchObject({
      name: 'plain',
      type: 'collection',
      validator: undefined,
      validationLevel: 'strict',
      validationAction: 'error',
    })
    expect(user).toMatchObject({ validationLevel: 'moderate', validationAction: 'warn', estimatedDocuments: 1 })
    expect(user?.validator).toEqual(docOf([['$jsonSchema', schema]]))
    expect(user?.uuid).toMatch(/^[0-9a-f]{32}$/)
    expect(user?.indexes.map((found) => found.name)).toEqual(['_id_', 'byName'])
    expect(user?.indexes[1]?.options).toEqual(doc({ unique: true }))
  })
})

describe('validators', () => {
  it('W-04: change in one collMod, and a refused one leaves the old in force', async () => {
    await target.createCollection('user', { schema, level: 'moderate', action: 'error' }, never)
    sent = []
    const refused = await target.setValidator('user', doc({ nullable: true }), 'strict', 'error', never)
    expect(refused).toMatchObject({ ok: false, error: { code: 'SCHEMA_REFUSED', detail: { keyword: 'nullable' } } })
    expect(names()).toEqual(['collMod'])
    expect((await observed()).collections[0]?.validator).toEqual(docOf([['$jsonSchema', schema]]))
  })

  it('W-17: level and action are those of the version', async () => {
    await target.createCollection('user', undefined, never)
    value(await target.setValidator('user', schema, 'strict', 'warn', never))
    expect((await observed()).collections[0]).toMatchObject({ validationLevel: 'strict', validationAction: 'warn' })
  })

  it('a collection that somebody created just so is a success, another one a conflict', async () => {
    value(await target.createCollection('user', { schema, level: 'moderate', action: 'error' }, never))
    value(await target.createCollection('user', { schema, level: 'moderate', action: 'error' }, never))
    const other = await target.createCollection('user', { schema, level: 'strict', action: 'error' }, never)
    expect(other).toMatchObject({ ok: false, error: { code: 'COLLECTION_CONFLICT' } })
  })
})

describe('indexes', () => {
  it('W-02: reach the server with every option and their keys in order, W-17: in one command', async () => {
    const indexes = [
      index(
        'u',
        docOf([
          ['10', 1],
          ['9', -1],
        ]),
        doc({ unique: true, sparse: true }),
      ),
      index('ttl', doc({ at: 1 }), doc({ expireAfterSeconds: 60 })),
      index('p', doc({ a: 1 }), doc({ partialFilterExpression: { a: { $gt: new Double(1) } } })),
    ]
    sent = []
    expect(await target.buildIndexes('user', indexes, never)).toEqual({ ok: true, value: 'done' })
    expect(await target.buildIndexes('user', indexes, never)).toEqual({ ok: true, value: 'already' })
    expect(names()).toEqual(['createIndexes', 'createIndexes'])
    expect((await observed()).collections[0]?.indexes.slice(1)).toEqual(indexes)
  })

  it.each<[string, IndexSpec, string]>([
    ['other options under its name', index('one', doc({ a: 1 }), doc({ unique: true })), 'INDEX_CONFLICT'],
    ['other keys under its name', index('one', doc({ b: 1 })), 'INDEX_CONFLICT'],
    ['the same keys under another name', index('two', doc({ a: 1 })), 'INDEX_CONFLICT'],
    ['duplicates', index('u', doc({ n: 1 }), doc({ unique: true })), 'DUPLICATE_KEY'],
    ['an unknown option', index('x', doc({ c: 1 }), doc({ uniqe: true })), 'INDEX_REFUSED'],
  ])('are refused with %s', async (_what, wanted, code) => {
    await db.collection('user').insertMany([{ n: 1 }, { n: 1 }])
    value(await target.buildIndexes('user', [index('one', doc({ a: 1 }))], never))
    expect(await target.buildIndexes('user', [wanted], never)).toMatchObject({
      ok: false,
      error: { code, kind: 'refused' },
    })
  })

  it('are dropped once', async () => {
    expect(value(await target.dropIndex('user', 'one', never))).toBe('already')
    await target.buildIndexes('user', [index('one', doc({ a: 1 }))], never)
    expect(value(await target.dropIndex('user', 'one', never))).toBe('done')
    expect(value(await target.dropIndex('user', 'one', never))).toBe('already')
  })
})

describe('documents and pipelines', () => {
  const documents: readonly Doc[] = [
    docOf([
      ['b', new Double(5)],
      ['10', 5n],
      ['9', 5],
      ['_id', 'x'],
    ]),
    docOf([
      ['_id', 'y'],
      ['n', 1],
    ]),
  ]

  it('keep types and order, and a repeated load changes nothing', async () => {
    const progress: number[] = []
    const options = { signal: never, onProgress: (done: number) => progress.push(done) }
    expect(value(await target.insertDocuments('user', documents, options))).toEqual({ inserted: 2, already: 0 })
    expect(value(await target.insertDocuments('user', documents, options))).toEqual({ inserted: 0, already: 2 })
    expect(progress).toEqual([2, 2])
    const [x] = value(await target.findByIds('user', ['x'], never))
    expect(x).toEqual(
      docOf([
        ['_id', 'x'],
        ['b', new Double(5)],
        ['10', 5n],
        ['9', 5],
      ]),
    )
  })

  it('another document under the same _id is a conflict, by type too', async () => {
    await db.collection('user').insertOne({ _id: 'y' as never, n: 1.5 })
    const loaded = await target.insertDocuments('user', documents, { signal: never, onProgress: () => undefined })
    expect(loaded).toMatchObject({ ok: false, error: { code: 'TEST_DATA_CONFLICT' } })
  })

  it('a document that the validator refuses is explained', async () => {
    await target.createCollection('user', { schema, level: 'strict', action: 'error' }, never)
    const loaded = await target.insertDocuments('user', documents, { signal: never, onProgress: () => undefined })
    expect(loaded).toMatchObject({ ok: false, error: { code: 'DOCUMENT_INVALID', serverCode: 121 } })
    expect((loaded as { error: { message: string } }).error.message).toContain('field "name": required')
  })

  it.each<[string, IndexSpec, Value[][], string[]]>([
    ['by value', index('i', doc({ a: 1 }), doc({ unique: true })), [[1]], ['one']],
    ['missing as null', index('i', doc({ a: 1 }), doc({ unique: true })), [[]], ['none', 'null']],
    [
      'not the missing ones of a sparse index',
      index('i', doc({ a: 1 }), doc({ unique: true, sparse: true })),
      [[]],
      [],
    ],
    ['by element of an array', index('i', doc({ a: 1 }), doc({ unique: true })), [[8]], ['list']],
    [
      'only inside the partial filter',
      index('i', doc({ a: 1 }), doc({ unique: true, partialFilterExpression: { b: 1 } })),
      [[1]],
      [],
    ],
    [
      'by collation',
      index('i', doc({ a: 1 }), doc({ unique: true, collation: { locale: 'en', strength: 2 } })),
      [['X']],
      ['text'],
    ],
  ])('collisions are found %s', async (_what, wanted, values, ids) => {
    const stored = [
      { _id: 'one', a: 1 },
      { _id: 'none' },
      { _id: 'null', a: null },
      { _id: 'list', a: [7, 8] },
      { _id: 'text', a: 'x' },
    ]
    await db.collection('user').insertMany(stored as never[])
    const documents = values.map(([a]) => doc({ _id: 'new', a }))
    const found = value(await target.findByKeys('user', wanted, documents, 10))
    expect(found.map((document) => document.get('_id')).sort()).toEqual(ids)
  })

  it('a pipeline runs to its end with its comment, past the validator, and changes the UUID', async () => {
    await target.createCollection('user', { schema, level: 'strict', action: 'error' }, never)
    await db.collection('user').insertMany([{ name: 'a' }, { name: 'b' }])
    const before = value(await target.collectionUuid('user', never))
    sent = []
    const pipeline = [doc({ $set: { name: 5 } }), doc({ $out: 'user' })]
    value(await target.runPipeline('user', pipeline, { comment: 'run 7', signal: never }))
    expect(sent.map(({ name, command }) => [name, command['comment'], command['writeConcern']])).toEqual([
      ['aggregate', 'run 7', expect.objectContaining({ w: 'majority' })],
    ])
    expect(await db.collection('user').countDocuments({ name: 5 })).toBe(2)
    expect(value(await target.collectionUuid('user', never))).not.toBe(before)
    expect(value(await target.collectionUuid('absent', never))).toBeUndefined()
  })

  it('the documents that a pipeline gives back are read to the last one', async () => {
    await db.collection('user').insertMany(Array.from({ length: 350 }, (_, n) => ({ n })))
    sent = []
    value(await target.runPipeline('user', [doc({ $match: {} })], { comment: 'run 7', signal: never }))
    const [first, ...more] = sent.map(({ name }) => name)
    expect([first, new Set(more)]).toEqual(['aggregate', new Set(['getMore'])])
  })

  it('an update in place tells how many documents it changed', async () => {
    await db.collection('user').insertMany([{ a: 1 }, { a: 2, b: 2 }])
    const updated = await target.runUpdate('user', [doc({ $set: { b: '$a' } })], { comment: 'c', signal: never })
    expect(value(updated)).toEqual({ modified: 1 })
  })

  it('nothing of a run that is over is left on the server', async () => {
    expect(value(await target.endOperations(entry('nobody', 'intended'), 1, never))).toEqual({ ended: 0 })
  })

  it('a stopped run does not send another command', async () => {
    sent = []
    const stopped = await target.setValidator('user', schema, 'strict', 'error', AbortSignal.abort())
    expect(stopped).toMatchObject({ ok: false, error: { code: 'TARGET_STOPPED' } })
    expect(sent).toEqual([])
  })
})

describe('W-11: the lock', () => {
  it('is claimed by one of many, and the others are told by whom', async () => {
    const claims = await Promise.all(Array.from({ length: 8 }, (_, n) => target.lock.claim(holder(`r${n}`), 30_000)))
    const won = claims.map(value).filter((result) => result.claimed)
    expect(won).toHaveLength(1)
    const held = value(await target.lock.read())
    if (held === undefined) throw new Error('nobody holds the lock that was claimed')
    const { leftMs, ...told } = held
    expect([leftMs > 0, leftMs <= 30_000]).toEqual([true, true])
    for (const result of claims.map(value)) if (!result.claimed) expect(result.held).toMatchObject(told)
  })

  it('gives a growing token, also after a release and an expired lease', async () => {
    const first = await claim('a')
    value(await target.lock.release(first))
    expect(value(await target.lock.read())).toBeUndefined()
    const second = await claim('b')
    await expireLease()
    const third = await claim('c')
    expect([first, second, third]).toEqual([1, 2, 3])
  })

  it('is renewed by its holder only, who sees that it is lost', async () => {
    const old = await claim('a', 500)
    expect(value(await target.lock.renew(old, 500, 'step 1'))).toBe(true)
    expect(value(await target.lock.read())).toMatchObject({ token: old, step: 'step 1', holder: holder('a') })
    value(await target.lock.release(old))
    const next = await claim('b')
    expect(value(await target.lock.renew(old, 500, undefined))).toBe(false)
    value(await target.lock.release(old))
    expect(value(await target.lock.read())).toMatchObject({ token: next })
  })

  it('tells what became of a claim: nothing yet, taken away by whom, taken by which run, no record any more', async () => {
    const fate = async (token: number) => value(await target.lock.fate(token))
    expect(await fate(1)).toEqual({ state: 'absent' })
    const token = await claim('a')
    expect(await fate(token)).toEqual({ state: 'unchanged' })
    await expireLease()
    expect(await fate(token)).toEqual({ state: 'unchanged' })
    const second = await claim('b')
    expect(await fate(token)).toMatchObject({ state: 'taken', by: holder('b'), since: expect.stringMatching(ISO) })
    value(await target.lock.revoke(second, BY))
    expect(await fate(second)).toEqual({ state: 'freed', by: BY, at: expect.stringMatching(ISO) })
    await claim('c')
    expect(await fate(second)).toMatchObject({ state: 'taken', by: holder('c') })
  })

  it('is taken away from one claim alone, which then can neither renew it nor write into its run', async () => {
    const token = await claim('a')
    value(await target.runs.begin(run('a', token)))
    expect(value(await target.lock.revoke(token - 1, BY))).toBe(false)
    expect(value(await target.lock.revoke(token, BY))).toBe(true)
    expect(value(await target.lock.read())).toBeUndefined()
    expect(value(await target.lock.renew(token, 30_000, undefined))).toBe(false)
    const late = await target.runs.journal('a', token, entry('late', 'done'))
    expect(late).toMatchObject({ ok: false, error: { code: 'LOCK_LOST' } })
    expect(value(await target.lock.revoke(token, BY))).toBe(false)
    const next = await claim('b')
    expect(next).toBe(token + 2)
    await expireLease()
    // Its lease has ended by itself: there is nothing to take away.
    expect(value(await target.lock.revoke(next, BY))).toBe(false)
  })
})

describe('runs', () => {
  it('W-03: a run that was cut off is found with its journal, and its fence closed by the next claim', async () => {
    const token = await claim('r1')
    value(await target.runs.begin(run('r1', token)))
    value(await target.runs.journal('r1', token, entry('s', 'intended')))
    expect((await observed()).interrupted).toBeUndefined()
    await expireLease()
    const next = await claim('r2')
    const late = await target.runs.journal('r1', token, entry('s', 'done'))
    expect(late).toMatchObject({ ok: false, error: { kind: 'lost-lock', code: 'LOCK_LOST' } })
    const { interrupted, journal } = await observed()
    expect(interrupted).toMatchObject({ runId: 'r1', planHash: 'hash', holder: 'ada on here (process 1)' })
    expect(journal).toEqual([entry('s', 'intended')])
    value(await target.runs.begin(run('r2', next, journal)))
    value(await target.runs.supersede('r1', { runId: 'r2', token: next }))
    expect(await observed()).toMatchObject({ interrupted: undefined, journal: [entry('s', 'intended')] })
    value(await target.runs.finish('r2', next, ended('succeeded')))
    value(await target.lock.release(next))
    expect(await observed()).toMatchObject({ interrupted: undefined, journal: [entry('s', 'intended')] })
  })

  it('its own records are durable on a majority', async () => {
    sent = []
    const token = await claim('r1')
    await target.runs.begin(run('r1', token))
    await target.runs.journal('r1', token, entry('s', 'done'))
    await target.runs.finish('r1', token, ended('failed', { code: 'DUPLICATE_KEY', message: 'x' }))
    await target.lock.release(token)
    const written = sent.filter(({ name }) => name !== 'find')
    expect(written.length).toBeGreaterThanOrEqual(5)
    for (const { name, writeConcern } of written)
      expect([name, writeConcern]).toEqual([name, { w: 'majority', j: true }])
  })

  it('their events are kept in pages, in order', async () => {
    const events = Array.from({ length: 600 }, (_, n): RunEvent => ({
      seq: n + 1,
      run_id: 'r1',
      at: '2026-01-01T00:00:00.000Z',
      type: 'run.finished',
      status: 'succeeded',
      duration_ms: 0,
      counts: { done: 1 },
    }))
    value(await target.runs.appendEvents('r1', events.slice(0, 100)))
    value(await target.runs.appendEvents('r1', events.slice(100)))
    const pages = await db.collection('stage0_runs').find({ kind: 'events' }).sort({ _id: 1 }).toArray()
    expect(pages.flatMap((page) => page['events'] as unknown[])).toEqual(events)
    expect(pages.map((page) => [page['first_seq'], page['last_seq']])).toEqual([
      [1, 250],
      [251, 500],
      [501, 600],
    ])
  })

  it('a plan of any length is kept in parts', async () => {
    const token = await claim('r1')
    const plan = 'ä'.repeat(4_500_000)
    value(await target.runs.begin({ ...run('r1', token), plan }))
    const parts = await db.collection('stage0_runs').find({ kind: 'plan' }).sort({ _id: 1 }).toArray()
    expect(parts.map((part) => part['text'] as string).join('') === plan).toBe(true)
    expect(parts).toHaveLength(2)
  })

  it('a wish to cancel is seen', async () => {
    await target.runs.begin(run('r1', 1))
    expect(value(await target.runs.readFlags('r1'))).toEqual({ cancel: false, pause: false })
    await db.collection('stage0_runs').updateOne({ _id: 'r1' as never }, { $set: { cancel_requested: true } })
    expect(value(await target.runs.readFlags('r1'))).toEqual({ cancel: true, pause: false })
  })
})

describe('versions and enumerators', () => {
  const record = (version: string): VersionRecord => ({
    collection: 'user',
    stored: `user.${version}`,
    version,
    schema,
    schemaHash: `hash of ${version}`,
    indexes: [index('byName', doc({ name: 1 }), doc({ partialFilterExpression: { 'a.b': { $gt: 1 } } }))],
    migrations: [{ file: 'm.json', hash: 'mh' }],
    enumeratorsHash: 'eh',
    runId: 'r1',
    appliedBy: 'ada',
    toolVersion: '0.1.0',
  })

  it('are recorded once, with a history in the order of applying', async () => {
    for (const version of ['1.0.0.1', '1.0.0.2', '1.0.0.10', '1.0.0.10'])
      value(await target.recordVersion(record(version), never))
    const { versions, history } = await observed()
    expect(versions).toEqual([
      expect.objectContaining({ collection: 'user', current: 'user.1.0.0.10', schemaHash: 'hash of 1.0.0.10' }),
    ])
    expect(history.map(({ version }) => version)).toEqual(['1.0.0.1', '1.0.0.2', '1.0.0.10'])
    expect(history[0]).toEqual({
      collection: 'user',
      version: '1.0.0.1',
      schemaHash: 'hash of 1.0.0.1',
      indexes: record('1.0.0.1').indexes,
      migrations: [{ file: 'm.json', hash: 'mh' }],
      enumeratorsHash: 'eh',
      runId: 'r1',
    })
    expect(names().filter((name) => name === 'createIndexes')).toHaveLength(1)
  })

  it('have one entry each in the history also where a run was cut off before the version itself was recorded', async () => {
    value(await target.recordVersion(record('1.0.0.1'), never))
    value(await target.recordVersion(record('1.0.0.2'), never))
    const before = { current_version: 'user.1.0.0.1', applied_at: new Date(0) }
    await db.collection('CollectionVersions').updateOne({ collection_name: 'user' }, { $set: before })
    value(await target.recordVersion({ ...record('1.0.0.2'), runId: 'r2' }, never))
    const { versions, history } = await observed()
    expect(versions).toMatchObject([{ current: 'user.1.0.0.2' }])
    expect(history.map(({ version, runId }) => [version, runId])).toEqual([
      ['1.0.0.1', 'r1'],
      ['1.0.0.2', 'r2'],
    ])
  })

  it('have an entry for each time that they were applied', async () => {
    value(await target.recordVersion(record('1.0.0.1'), never))
    value(await target.recordVersion({ ...record('1.0.0.1'), runId: 'r2' }, never))
    expect((await observed()).history.map(({ runId }) => runId)).toEqual(['r1', 'r2'])
  })

  it('W-11: two documents for one collection are refused, and named', async () => {
    await db.collection('CollectionVersions').insertMany([{ collection_name: 'user' }, { collection_name: 'user' }])
    const recorded = await target.recordVersion(record('1.0.0.1'), never)
    expect(recorded).toMatchObject({
      ok: false,
      error: { code: 'VERSION_RECORD_DUPLICATE', detail: { collection: 'user' } },
    })
    expect((await observed()).versions).toHaveLength(2)
  })

  it('a unique index that somebody made under another name is good enough', async () => {
    await db.collection('CollectionVersions').createIndex({ collection_name: 1 }, { unique: true, name: 'mine' })
    value(await target.recordVersion(record('1.0.0.1'), never))
  })

  it('enumerators are upserted by version and come back as they were written', async () => {
    const document = docOf([
      ['version', 1],
      [
        'enumerators',
        docOf([
          ['10', 'x'],
          ['9', 'y'],
        ]),
      ],
    ])
    value(await target.recordEnumerators(document, 'h1', never))
    value(await target.recordEnumerators(document, 'h2', never))
    expect((await observed()).enumerators).toEqual([{ version: 1, document, hash: 'h2' }])
  })
})

describe('the connection', () => {
  it('W-08: is not cut off by a socket timeout of the connection string', async () => {
    const slow = value(
      await openTarget({ uri: `${uri}${uri.includes('?') ? '&' : '?'}socketTimeoutMS=1`, database, recordNames }),
    )
    value(await slow.createCollection('user', undefined, never))
    value(await slow.observe({}))
    await slow.close()
  })

  it('that breaks in the middle of a command leaves the outcome open, and says so', async () => {
    const { hosts } = client.options
    const proxy = createServer((socket) => {
      const upstream = connect(hosts[0]?.port ?? 27017, hosts[0]?.host ?? '127.0.0.1')
      const end = () => [socket, upstream].forEach((side) => side.destroy())
      socket
        .on('error', end)
        .on('close', end)
        .on('data', (bytes) => (bytes.includes('collMod') ? end() : upstream.write(bytes)))
      upstream
        .on('error', end)
        .on('close', end)
        .on('data', (bytes) => socket.write(bytes))
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const { port } = proxy.address() as AddressInfo
    const broken = value(
      await openTarget({ uri: `mongodb://127.0.0.1:${port}/?directConnection=true`, database, recordNames }),
    )
    const lost = await broken.setValidator('user', schema, 'strict', 'error', never)
    expect(lost).toMatchObject({ ok: false, error: { kind: 'unreachable', code: 'TARGET_CONNECTION_LOST' } })
    await broken.close()
    await new Promise((resolve) => proxy.close(resolve))
  })

  it('W-19: is closed at the end, and says so afterwards', async () => {
    const other = await open()
    await other.close()
    expect(await other.lock.read()).toMatchObject({ ok: false, error: { kind: expect.any(String) } })
  })
})

describe('access control (an embedded server always: users are made for the test)', () => {
  let guarded: EmbeddedServer
  const as = async (user: string, password: string) => {
    const withUser = guarded.uri.replace('mongodb://', `mongodb://${user}:${password}@`)
    return openTarget({ uri: withUser, database: 'shop', recordNames })
  }
  beforeAll(async () => {
    guarded = await startEmbedded({
      users: [
        { user: 'root', password: 'hunter22', roles: ['root'] },
        { user: 'reader', password: 'hunter22', roles: [{ role: 'read', db: 'shop' }] },
      ],
    })
  })
  afterAll(() => guarded.close())

  it('wrong credentials are told as such, without the password', async () => {
    const opened = await as('root', 'wrongsecret')
    expect(opened).toMatchObject({
      ok: false,
      error: { code: 'TARGET_AUTHENTICATION_FAILED', kind: 'not-permitted' },
    })
    expect(JSON.stringify(opened)).not.toContain('wrongsecret')
  })

  it('a missing privilege is told with the command, and privileges are observed', async () => {
    const reader = value(await as('reader', 'hunter22'))
    try {
      const refused = await reader.createCollection('user', undefined, never)
      expect(refused).toMatchObject({
        ok: false,
        error: { code: 'TARGET_NOT_PERMITTED', kind: 'not-permitted', serverCode: 13 },
      })
      const { privileges } = value(await reader.observe({}))
      const onShop = privileges?.filter((privilege) => privilege.database === 'shop').flatMap(({ actions }) => actions)
      expect(onShop).toContain('find')
      expect(onShop).not.toContain('insert')
    } finally {
      await reader.close()
    }
  })
})
