import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { connect } from '@stage0/mongo'

const DOCUMENTS = 100_000
const BATCH = 1_000
const ROUNDS = 3
const READS = 2_000
const STARTS = 15
const INSERT_BAR = 0.7
const VALIDATED_BAR = 0.45
const READ_BAR = 1.5
const MEMORY_BAR_MB = 350
const LISTENING_BAR_MS = 200

type Opened = Extract<Awaited<ReturnType<typeof connect>>, { ok: true }>['value']
type Database = Opened['db']

interface Server {
  readonly uri: string
  readonly pid: number
  /** From the start of the process to the line with its address. */
  readonly listeningMs: number
  end(): Promise<void>
}

/** Starts a process that prints its address. */
async function start(args: readonly string[]): Promise<Server> {
  const begin = performance.now()
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = new Promise((resolve) => child.once('close', resolve))
  for await (const line of createInterface({ input: child.stdout })) {
    const uri = /mongodb:\/\/[^"]+/.exec(line)?.[0]
    if (uri === undefined) continue
    const listeningMs = performance.now() - begin
    const end = async (): Promise<void> => {
      child.kill()
      await ended
    }
    return { uri, pid: child.pid ?? 0, listeningMs, end }
  }
  throw new Error('the server ended before it listened')
}

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const startStub = (): Promise<Server> => start([...process.execArgv, path('embedded-stub.ts'), String(BATCH)])
const startServer = (...more: readonly string[]): Promise<Server> =>
  start([path('../apps/cli/dist/main.js'), 'embedded', '--json', ...more])

async function withDatabase<T>(server: Server, use: (db: Database) => Promise<T>): Promise<T> {
  const opened = await connect({ uri: server.uri, database: 'bench' })
  if (!opened.ok) throw new Error(opened.error.message)
  try {
    return await use(opened.value.db)
  } finally {
    await opened.value.close()
    await server.end()
  }
}

const FIELDS = Array.from({ length: 12 }, (_, i) => `field_${i}`)

/** 15 fields, 1 KB. */
const nameOf = (n: number): string => `person ${n % 10_000} of ${n}`
const documentOf = (n: number): Record<string, unknown> => ({
  _id: n,
  name: nameOf(n),
  age: n % 90,
  ...Object.fromEntries(FIELDS.map((field, i) => [field, `${'x'.repeat(62)}${(n + i) % 1000}`])),
})

const VALIDATOR = {
  $jsonSchema: {
    bsonType: 'object',
    required: ['_id', 'name', 'age'],
    additionalProperties: false,
    properties: {
      _id: { bsonType: 'int' },
      name: { bsonType: 'string', minLength: 1, maxLength: 100, pattern: '^person' },
      age: { bsonType: 'int', minimum: 0, maximum: 150 },
      ...Object.fromEntries(FIELDS.map((field) => [field, { bsonType: 'string', maxLength: 100 }])),
    },
  },
}

const batches: readonly Record<string, unknown>[][] = Array.from({ length: DOCUMENTS / BATCH }, (_, b) =>
  Array.from({ length: BATCH }, (_unused, i) => documentOf(b * BATCH + i)),
)

async function insertAll(db: Database): Promise<number> {
  const begin = performance.now()
  for (const batch of batches) await db.collection('people').insertMany(batch, { forceServerObjectId: true })
  return performance.now() - begin
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await run()
  return performance.now() - begin
}

/** Median in microseconds, of calls one after the other. */
async function median(call: (i: number) => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < READS; i++) times.push(await timed(() => call(i)))
  return (times.sort((a, b) => a - b)[READS >> 1] ?? 0) * 1000
}

const memoryMb = async ({ pid }: Server): Promise<number> =>
  Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1] ?? NaN) / 1024

const perSecond = (ms: number): string => `${(DOCUMENTS / ms).toFixed(0)}k/s`
const verdict = (isMet: boolean): string => (isMet ? 'met' : 'MISSED')

/** The fastest of some rounds: everything else is noise of the machine. Rounds of both sides alternate. */
async function inserts(): Promise<void> {
  const best = { stub: Infinity, plain: Infinity, validated: Infinity }
  for (let round = 0; round < ROUNDS; round++) {
    best.stub = Math.min(best.stub, await withDatabase(await startStub(), insertAll))
    best.plain = Math.min(best.plain, await withDatabase(await startServer(), insertAll))
    const validated = await withDatabase(await startServer(), async (db) => {
      await db.createCollection('people', { validator: VALIDATOR })
      return insertAll(db)
    })
    best.validated = Math.min(best.validated, validated)
  }
  const ratio = (ms: number): number => best.stub / ms
  console.log(`insertMany of ${DOCUMENTS} documents of 1 KB, ${BATCH} a batch, best of ${ROUNDS}`)
  console.log(`  a server that only acknowledges ${perSecond(best.stub)}`)
  console.log(
    `  embedded ${perSecond(best.plain)}: ${ratio(best.plain).toFixed(2)} of it (at least ${INSERT_BAR}): ${verdict(ratio(best.plain) >= INSERT_BAR)}`,
  )
  console.log(
    `  with a validator of 15 properties ${perSecond(best.validated)}: ${ratio(best.validated).toFixed(2)} of it (at least ${VALIDATED_BAR}): ${verdict(ratio(best.validated) >= VALIDATED_BAR)}`,
  )
}

async function reads(db: Database, server: Server): Promise<void> {
  const people = db.collection('people')
  await insertAll(db)
  const inserted = await memoryMb(server)
  await people.createIndex({ name: 1 })
  await median(() => db.command({ ping: 1 }))
  const ping = await median(() => db.command({ ping: 1 }))
  const id = (i: number): number => (i * 7919) % DOCUMENTS
  const times: readonly (readonly [string, number])[] = [
    ['find by _id', await median((i) => people.findOne({ _id: id(i) } as object))],
    ['find by an indexed string', await median((i) => people.findOne({ name: nameOf(id(i)) }))],
  ]
  console.log(`reads one after the other, median of ${READS}; a bare round trip (ping) ${ping.toFixed(0)} us`)
  for (const [name, time] of times) {
    console.log(
      `  ${name} ${time.toFixed(0)} us: ${(time / ping).toFixed(2)} x (at most ${READ_BAR}): ${verdict(time / ping <= READ_BAR)}`,
    )
  }
  const pipeline = [{ $addFields: { label: { $concat: ['$name', '!'] } } }, { $unset: 'field_0' }, { $out: 'copies' }]
  const out = await timed(() => people.aggregate(pipeline).toArray())
  const update = await timed(() => people.updateMany({}, { $set: { age: 1 }, $inc: { seen: 1 } }))
  console.log(`$addFields, $unset, $out of all: ${out.toFixed(0)} ms, ${perSecond(out)}`)
  console.log(`updateMany of all: ${update.toFixed(0)} ms, ${perSecond(update)}`)
  const after = await memoryMb(server)
  console.log(
    `resident memory with ${DOCUMENTS} documents ${inserted.toFixed(0)} MB (at most ${MEMORY_BAR_MB}): ${verdict(inserted <= MEMORY_BAR_MB)}; after index, $out and updateMany ${after.toFixed(0)} MB`,
  )
}

async function durable(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'stage0-bench-'))
  try {
    const first = await startServer('--data', join(folder, 'data'))
    const ms = await withDatabase(first, async (db) => {
      const inserted = await insertAll(db)
      const single = await median((i) =>
        db.collection('single').insertOne({ _id: i } as object, { writeConcern: { j: true } }),
      )
      console.log(
        `with a data folder: insertMany ${perSecond(inserted)}; one document with j: true ${single.toFixed(0)} us`,
      )
      return inserted
    })
    const second = await startServer('--data', join(folder, 'data'))
    console.log(
      `  a start with ${DOCUMENTS + READS} documents ${second.listeningMs.toFixed(0)} ms (written in ${ms.toFixed(0)} ms)`,
    )
    await second.end()
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** A process that does nothing but print a line: what of a start is the runtime's own. */
const BARE = ['--eval', 'console.log("mongodb://none"); setTimeout(() => {}, 60_000)']

/** Starts alternate with those of the bare runtime: the day of the machine is in both. */
async function listening(): Promise<void> {
  const starts = { server: [] as number[], bare: [] as number[] }
  for (let i = 0; i < STARTS; i++) {
    for (const [kind, run] of [
      ['bare', () => start(BARE)],
      ['server', () => startServer()],
    ] as const) {
      const process = await run()
      starts[kind].push(process.listeningMs)
      await process.end()
    }
  }
  const best = Math.min(...starts.server)
  const middle = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1] ?? NaN
  const ratio = middle(starts.server) / middle(starts.bare)
  console.log(
    `from the start of the process to listening ${best.toFixed(0)} ms (at most ${LISTENING_BAR_MS}): ${verdict(best <= LISTENING_BAR_MS)}; medians of ${STARTS}: ${ratio.toFixed(2)} x a bare node, ${middle(starts.server).toFixed(0)} against ${middle(starts.bare).toFixed(0)} ms`,
  )
}

await listening()
await inserts()
const server = await startServer()
await withDatabase(server, (db) => reads(db, server))
await durable()
