import { createHash } from 'node:crypto'
import type { FolderKind, RawFile, RepositoryFiles, Wanted } from '@stage0/core'
import { connect } from '@stage0/mongo'
import { applyOnce, DATABASE, wantedFrom } from './apply-once.ts'
import { startDatabaseProcess } from './database-process.ts'

const DOCUMENTS = 200_000
const BATCH_DOCUMENTS = 2_000
/** With it a document has about 1 KB. */
const TEXT = 'x'.repeat(950)
const BAR = 1.6
/** The sides take turns, so that an hour of the machine is none of one side; the best of each counts. */
const ROUNDS = 5
const MIGRATION = [{ $set: { total: { $add: ['$n', 1] } } }]

type Connection = Extract<Awaited<ReturnType<typeof connect>>, { readonly ok: true }>['value']

/** One collection in its first version, or with a second one that migrates it. */
function repository(versions: 1 | 2): RepositoryFiles {
  const files: RawFile[] = []
  const add = (folder: FolderKind, name: string, text: string): void => {
    const hash = createHash('sha256').update(text).digest('hex')
    files.push({ folder, name, path: `${folder}/${name}`, text, hash })
  }
  const properties = ['_id', 'n', 'text', 'total']
    .map((name) => `    - {name: ${name}, description: A field, type: ${name === 'text' ? 'text' : 'number'}}\n`)
    .join('')
  const schema = (bson: string) => `  type: simple\n  schema: {type: ${bson}}\n`
  for (const [name, type] of [
    ['text', 'string'],
    ['number', 'number'],
  ] as const)
    add('types', `${name}.yaml`, `root:\n  name: ${name}\n  description: A type\n${schema(type)}`)
  add('enumerators', 'enumerations.0.yaml', 'version: 0\nenumerators: []\n')
  const second = '  - version: 1.1.0.0\n    migrations: [items.json]\n'
  add(
    'configurations',
    'items.yaml',
    `title: Items\ndescription: Many documents\nversions:\n  - version: 1.0.0.0\n${versions === 2 ? second : ''}`,
  )
  for (const version of ['1.0.0', '1.1.0'].slice(0, versions))
    add(
      'dictionaries',
      `items.${version}.yaml`,
      `root:\n  description: One item\n  type: object\n  properties:\n${properties}`,
    )
  if (versions === 2) add('migrations', 'items.json', JSON.stringify([...MIGRATION, { $out: 'items' }]))
  return { files, problems: [] }
}

async function fill({ db }: Connection, collection: string, count: number): Promise<void> {
  for (let from = 0; from < count; from += BATCH_DOCUMENTS) {
    const documents = Array.from({ length: BATCH_DOCUMENTS }, (_, i) => ({ _id: from + i, n: from + i, text: TEXT }))
    await db.command({ insert: collection, documents, writeConcern: { w: 'majority', j: true } })
  }
}

interface Written {
  readonly writes: number
  readonly p50: number
  readonly p99: number
  readonly slowest: number
}

interface Side {
  /** Of the work that is compared. */
  readonly ms: number
  /** So long the writer wrote: what the run does before and after it is part of that. */
  readonly lastedMs: number
  readonly written: Written
}

/** Updates one document after the other for as long as the work lasts, without a pause. */
async function whileWriting(
  { db }: Connection,
  collection: string,
  count: number,
  work: () => Promise<number>,
): Promise<Side> {
  let isDone = false
  const times: number[] = []
  const writer = (async () => {
    for (let n = 0; !isDone; n = (n + 7919) % count) {
      const begin = performance.now()
      await db.command({ update: collection, updates: [{ q: { _id: n }, u: { $inc: { n: 1 } } }] })
      times.push(performance.now() - begin)
    }
  })()
  const beganAt = performance.now()
  const ms = await work().finally(() => (isDone = true))
  const lastedMs = performance.now() - beganAt
  await writer
  times.sort((a, b) => a - b)
  const at = (part: number): number => times[Math.floor((times.length - 1) * part)] ?? 0
  return {
    ms,
    lastedMs,
    written: { writes: times.length, p50: at(0.5), p99: at(0.99), slowest: at(1) },
  }
}

const told = ({ writes, p50, p99, slowest }: Written, ms: number): string =>
  `writer: ${writes} updates, ${((writes / ms) * 1000).toFixed(0)} a second, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, slowest ${slowest.toFixed(0)} ms`

async function byUpdateMany(connection: Connection, count: number): Promise<Side> {
  await fill(connection, 'plain', count)
  const writeConcern = { w: 'majority', j: true }
  const side = await whileWriting(connection, 'plain', count, async () => {
    const begin = performance.now()
    await connection.db.command({ update: 'plain', updates: [{ q: {}, u: MIGRATION, multi: true }], writeConcern })
    return performance.now() - begin
  })
  await connection.db.command({ dropDatabase: 1 })
  return side
}

async function inRanges(
  uri: string,
  connection: Connection,
  count: number,
  { first, second }: Readonly<Record<'first' | 'second', Wanted>>,
): Promise<Side> {
  await applyOnce(uri, first, false)
  await fill(connection, 'items', count)
  const side = await whileWriting(connection, 'items', count, async () => {
    const { events } = await applyOnce(uri, second, false)
    const step = events.find((event) => event.type === 'step.finished' && event.kind === 'migrate')
    if (step?.type !== 'step.finished') throw new Error('nothing was migrated')
    return step.duration_ms
  })
  const migrated = await connection.db.collection('items').countDocuments({ total: { $exists: true } })
  if (migrated !== count) throw new Error(`${migrated} of ${count} documents are migrated`)
  await connection.db.command({ dropDatabase: 1 })
  return side
}

const best = (sides: readonly Side[]): Side => sides.reduce((a, b) => (b.ms < a.ms ? b : a))

/** An online migration against one `updateMany` with the same stages, both while somebody writes. */
export async function onlineMigration(count = DOCUMENTS): Promise<boolean> {
  const server = await startDatabaseProcess('--replica-set', 'rs0')
  const wanted = { first: wantedFrom(repository(1), false), second: wantedFrom(repository(2), false) }
  const opened = await connect({ uri: server.uri, database: DATABASE })
  if (!opened.ok) throw new Error(opened.error.message)
  const connection = opened.value
  const plain: Side[] = []
  const online: Side[] = []
  try {
    for (let round = 1; round <= ROUNDS; round++) {
      const one = await byUpdateMany(connection, count)
      const other = await inRanges(server.uri, connection, count, wanted)
      plain.push(one)
      online.push(other)
      console.log(`  round ${round} of ${ROUNDS}: updateMany ${one.ms.toFixed(0)} ms, online ${other.ms.toFixed(0)} ms`)
    }
    const [one, other] = [best(plain), best(online)]
    const ratio = other.ms / one.ms
    console.log(
      `online migration of ${count} documents of 1 KB: ${other.ms.toFixed(0)} ms; one updateMany: ${one.ms.toFixed(0)} ms; ratio ${ratio.toFixed(2)} (at most ${BAR}), the best of ${ROUNDS} each`,
    )
    console.log(`  online, ${told(other.written, other.lastedMs)}`)
    console.log(`  updateMany, ${told(one.written, one.lastedMs)}`)
    return ratio <= BAR
  } finally {
    await connection.close()
    await server.close()
  }
}
