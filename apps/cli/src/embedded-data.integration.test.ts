import { readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connect } from '@stage0/mongo'
import { isDeep } from '@stage0/testkit'
import { stage0, startStage0, type Running } from './testing/run-command.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const ROUNDS = isDeep ? 200 : 5
const WRITERS = 4
const BATCH = 20
const BUCKETS = 7
const MANY = 20_000
/** A start of the command for each round: the limit is for hangs. */
const LIMIT_MS = 60_000 + ROUNDS * 30_000

interface Server {
  readonly uri: string
  readonly running: Running
}

/** `stage0 embedded --data` in a process of its own. */
async function serve(folder: string, ...more: readonly string[]): Promise<Server> {
  const running = startStage0(['embedded', '--data', folder, '--json', ...more])
  onTestFinished(async () => {
    running.child.kill('SIGKILL')
    await running.ended
  })
  let text = ''
  running.child.stdout?.on('data', (part: string) => (text += part))
  await running.saying(/"uri":"[^"]+"[^}]*\}/)
  // A client that meets no server any more has its answer at once.
  return { uri: `${/mongodb:\/\/[^"?]+/.exec(text)?.[0]}?serverSelectionTimeoutMS=1000`, running }
}

/** Ends a server with `signal`. */
async function end({ running }: Server, signal: 'SIGKILL' | 'SIGTERM') {
  running.child.kill(signal)
  return running.ended
}

async function withDatabase<T>(uri: string, use: (db: Database) => Promise<T>): Promise<T> {
  const opened = await connect({ uri, database: 'shop' })
  if (!opened.ok) throw new Error(opened.error.message)
  try {
    return await use(opened.value.db)
  } finally {
    await opened.value.close()
  }
}
type Database = Extract<Awaited<ReturnType<typeof connect>>, { ok: true }>['value']['db']

interface Item {
  readonly _id: string
  readonly bucket: number
  readonly text: string
  readonly length: number
}

/** What the clients were told is there: lost documents would be missing, partial ones have another length. */
interface Told {
  readonly items: Set<string>
  /** Successful increments of each writer's counter. */
  readonly counts: number[]
}

const itemOf = (id: string, n: number): Item => {
  const text = 'abc'.repeat(n % 400)
  return { _id: id, bucket: n % BUCKETS, text, length: text.length }
}

const concernOf = (n: number) => (n % 3 === 0 ? {} : { writeConcern: { j: true } })

/** Writes until the server is gone, and notes what was acknowledged. */
async function write(db: Database, writer: number, round: number, told: Told, acknowledged: () => void): Promise<void> {
  const items = db.collection<Item>('item')
  for (let n = 0; ; n++) {
    const id = (i: number) => `${round}-${writer}-${n}-${i}`
    try {
      const batch = Array.from({ length: n % 5 === 0 ? BATCH : 1 }, (_, i) => itemOf(id(i), n + i))
      await items.insertMany(batch, concernOf(n))
      for (const { _id } of batch) told.items.add(_id)
      await db
        .collection<{ _id: number; count: number }>('counter')
        .updateOne({ _id: writer }, { $inc: { count: 1 } }, { upsert: true, ...concernOf(n + 1) })
      told.counts[writer] = (told.counts[writer] ?? 0) + 1
    } catch {
      // The server is gone: what was under way may be there or not.
      return
    }
    acknowledged()
  }
}

/** What a look into the data finds wrong; one command of each writer may be there beyond what was acknowledged. */
async function faults(db: Database, told: Told): Promise<readonly string[]> {
  const found: string[] = []
  const all = await db.collection<Item>('item').find().toArray()
  const there = new Set(all.map(({ _id }) => _id))
  for (const id of told.items) if (!there.has(id)) found.push(`${id} is lost`)
  const batches = new Map<string, number>()
  for (const { _id, text, length } of all) {
    if (text.length !== length) found.push(`${_id} is partial`)
    const batch = _id.slice(0, _id.lastIndexOf('-'))
    batches.set(batch, (batches.get(batch) ?? 0) + 1)
    // What is there is from now on acknowledged: the next rounds must keep it.
    told.items.add(_id)
  }
  for (const [batch, size] of batches) if (size !== 1 && size !== BATCH) found.push(`${batch} has ${size} documents`)
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const byIndex = await db
      .collection<Item>('item')
      .find({ bucket })
      .hint('bucket_1')
      .map(({ _id }) => _id)
      .toArray()
    const byScan = all.filter((item) => item.bucket === bucket).map(({ _id }) => _id)
    if (JSON.stringify(byIndex.sort()) !== JSON.stringify(byScan.sort())) found.push(`the index disagrees on ${bucket}`)
  }
  const counters = await db.collection<{ _id: number; count: number }>('counter').find().toArray()
  for (const [writer, count] of told.counts.entries()) {
    const stored = counters.find(({ _id }) => _id === writer)?.count ?? 0
    if (stored < count || stored > count + 1) found.push(`counter ${writer} is ${stored}, ${count} were told`)
    told.counts[writer] = stored
  }
  return found
}

describe('stage0 embedded --data', () => {
  it(
    `keeps all that it acknowledged when it is killed under load, ${ROUNDS} times`,
    { timeout: LIMIT_MS },
    async () => {
      const folder = join(await temporaryFolder(), 'data')
      const told: Told = { items: new Set(), counts: Array.from({ length: WRITERS }, () => 0) }
      for (let round = 0; round < ROUNDS; round++) {
        const server = await serve(folder)
        await withDatabase(server.uri, async (db) => {
          expect(await faults(db, told)).toEqual([])
          if (round === 0) await db.collection('item').createIndex({ bucket: 1 })
          // The load decides when: a different number of answers in each round.
          let left = 20 + ((round * 37) % 150)
          await Promise.all(
            Array.from({ length: WRITERS }, (_, writer) =>
              write(db, writer, round, told, () => {
                left -= 1
                if (left === 0) server.running.child.kill('SIGKILL')
              }),
            ),
          )
        })
        expect((await server.running.ended).signal).toBe('SIGKILL')
      }
      const server = await serve(folder)
      await withDatabase(server.uri, async (db) => expect(await faults(db, told)).toEqual([]))
      expect(told.items.size).toBeGreaterThan(ROUNDS * 20)
      expect((await end(server, 'SIGTERM')).code).toBe(0)
    },
  )

  it('killed in the middle of an update of many, has each document old or new, and all that others had seen', async () => {
    const folder = join(await temporaryFolder(), 'data')
    const first = await serve(folder)
    let seen = 0
    await withDatabase(first.uri, async (db) => {
      const items = db.collection<{ _id: number; n: number; text: string }>('many')
      await items.createIndex({ n: 1 })
      await items.insertMany(Array.from({ length: MANY }, (_, _id) => ({ _id, n: 0, text: 'x'.repeat(200) })))
      const update = items
        .updateMany({}, [{ $set: { n: 1, text: { $concat: ['$text', '!'] } } }])
        .catch(() => undefined)
      while (seen === 0) seen = await items.countDocuments({ n: 1 }, { hint: 'n_1' })
      first.running.child.kill('SIGKILL')
      await update
    })
    expect(seen).toBeLessThan(MANY)
    const second = await serve(folder)
    await withDatabase(second.uri, async (db) => {
      const items = db.collection<{ n: number; text: string }>('many')
      const all = await items.find().toArray()
      const updated = all.filter(({ n }) => n === 1)
      expect([all.length, updated.length >= seen, updated.length < MANY]).toEqual([MANY, true, true])
      expect(all.filter(({ n, text }) => text.length !== 200 + n)).toEqual([])
      expect(await items.countDocuments({ n: 1 }, { hint: 'n_1' })).toBe(updated.length)
      await items.updateMany({ n: 0 }, { $inc: { n: 1 } })
      expect(await items.countDocuments({ n: 1 })).toBe(MANY)
    })
    expect((await end(second, 'SIGTERM')).code).toBe(0)
  })

  it('keeps rules, options, indexes and identities; ends on SIGTERM with a snapshot', async () => {
    const folder = join(await temporaryFolder(), 'data')
    const look = (db: Database) =>
      Promise.all([
        db.listCollections().toArray(),
        db.collection('user').indexes(),
        db.collection('user').find().toArray(),
      ])
    const first = await serve(folder)
    const before = await withDatabase(first.uri, async (db) => {
      await db.createCollection('user', {
        collation: { locale: 'de', strength: 2 },
        validator: { $jsonSchema: { required: ['name'] } },
        validationAction: 'error',
      })
      await db.collection('user').createIndexes([
        { key: { name: 1 }, name: 'by_name', unique: true },
        { key: { at: 1 }, name: 'ends', expireAfterSeconds: 900 },
        { key: { tags: -1 }, name: 'tags', sparse: true, collation: { locale: 'simple' } },
        { key: { age: 1 }, name: 'adults', partialFilterExpression: { age: { $gte: 18 } }, hidden: true },
      ])
      await db.collection('user').insertMany([{ name: 'Ada', tags: ['x', 'y'] }, { name: 'Bob' }])
      return look(db)
    })
    expect((await end(first, 'SIGTERM')).code).toBe(0)
    expect(await readdir(folder)).toEqual(['log-1', 'snapshot-1', 'stage0-embedded.json'])
    const second = await serve(folder)
    await withDatabase(second.uri, async (db) => {
      expect(await look(db)).toEqual(before)
      await expect(db.collection('user').insertOne({ name: 'ADA' })).rejects.toMatchObject({ code: 11000 })
      await expect(db.collection('user').insertOne({ age: 3 })).rejects.toMatchObject({ code: 121 })
    })
  })

  it('takes one process on a folder: the second is told which, exit 7, and the first goes on', async () => {
    const folder = join(await temporaryFolder(), 'data')
    const first = await serve(folder)
    const second = await stage0(['embedded', '--data', folder])
    expect([second.code, second.stderr]).toEqual([
      7,
      expect.stringMatching(
        new RegExp(`EMBEDDED_DATA_IN_USE\\s.* by process ${first.running.child.pid} on .* since 20`),
      ),
    ])
    await withDatabase(first.uri, async (db) => void (await db.collection('user').insertOne({ a: 1 })))
  })

  it('says what a torn last record was, keeps a damaged one, and refuses a flipped bit before it until --recover', async () => {
    const folder = join(await temporaryFolder(), 'data')
    const first = await serve(folder)
    await withDatabase(first.uri, async (db) => {
      for (let n = 0; n < 5; n++) await db.collection('user').insertOne({ n })
    })
    await end(first, 'SIGKILL')
    const log = join(folder, 'log-0')
    const whole = await readFile(log)
    await truncate(log, whole.length - 3)
    const torn = await serve(folder)
    expect((await end(torn, 'SIGKILL')).stderr).toMatch(
      /The last write was not finished: \d+ bytes at byte \d+ of log-0 were dropped; the last record before it is of 20/,
    )
    whole[whole.length - 1]! ^= 4
    await writeFile(log, whole)
    const wrong = await serve(folder)
    expect((await end(wrong, 'SIGKILL')).stderr).toMatch(
      /Record \d+ at byte \d+ of log-0, the last one, is whole in length but its checksum is wrong: .* kept in log-0-record-\d+\.damaged/,
    )
    whole[whole.length >> 1]! ^= 4
    await writeFile(log, whole)
    const refused = await stage0(['embedded', '--data', folder])
    expect([refused.code, refused.stderr]).toEqual([
      7,
      expect.stringMatching(
        /EMBEDDED_DATA_DAMAGED\s.*log-0 holds no whole record at byte \d+, and \d whole records? follow/,
      ),
    ])
    const recovered = await serve(folder, '--recover')
    expect(await withDatabase(recovered.uri, (db) => db.collection('user').countDocuments())).toBeGreaterThan(0)
    expect((await end(recovered, 'SIGTERM')).stderr).toMatch(/They are kept in log-0\.damaged/)
  })

  it('refuses one flipped bit in the head of a log, and loses nothing with --recover', async () => {
    const folder = join(await temporaryFolder(), 'data')
    const first = await serve(folder)
    await withDatabase(first.uri, (db) => db.collection('user').insertMany([{}, {}, {}], { writeConcern: { j: true } }))
    await end(first, 'SIGKILL')
    const log = join(folder, 'log-0')
    const bytes = await readFile(log)
    bytes[10]! ^= 1
    await writeFile(log, bytes)
    expect(await stage0(['embedded', '--data', folder])).toMatchObject({
      code: 7,
      stderr: expect.stringMatching(
        /EMBEDDED_DATA_DAMAGED\s.*the head of log-0 is damaged\. Start with --recover to read/,
      ),
    })
    const recovered = await serve(folder, '--recover')
    expect(await withDatabase(recovered.uri, (db) => db.collection('user').countDocuments())).toBe(3)
    expect((await end(recovered, 'SIGTERM')).stderr).toMatch(/It is kept in log-0\.damaged/)
    expect(await readFile(`${log}.damaged`)).toEqual(bytes)
  })

  it('refuses a folder of somebody else, and a file', async () => {
    const folder = await temporaryFolder()
    const file = join(folder, 'notes.txt')
    await writeFile(file, 'mine')
    expect(await stage0(['embedded', '--data', folder])).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('EMBEDDED_DATA_FOREIGN'),
    })
    expect(await readdir(folder)).toEqual(['notes.txt'])
    // Below a file nothing can be made, nor below /proc where there is one.
    for (const unusable of [file, join(file, 'data'), '/proc/nothing/here']) {
      expect(await stage0(['embedded', '--data', unusable])).toMatchObject({
        code: 7,
        stderr: expect.stringContaining('EMBEDDED_DATA_UNREADABLE'),
      })
    }
  })

  it('refuses more data than it may hold, and a newer format', async () => {
    const data = join(await temporaryFolder(), 'data')
    const server = await serve(data)
    await withDatabase(server.uri, (db) => db.collection('user').insertMany([{}, {}, {}]))
    await end(server, 'SIGTERM')
    expect(await stage0(['embedded', '--data', data, '--max-documents', '2'])).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('EMBEDDED_DATA_TOO_LARGE'),
    })
    const manifest = join(data, 'stage0-embedded.json')
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('"version":1', '"version":9'))
    expect(await stage0(['embedded', '--data', data])).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('EMBEDDED_DATA_NEWER'),
    })
  })

  it('takes --recover only with a folder, and a folder only without --memory', async () => {
    expect(await stage0(['embedded', '--recover'])).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('USAGE'),
    })
    expect(await stage0(['embedded', '--memory', '--data', 'x'])).toMatchObject({ code: 64 })
  })
})
