import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connect } from '@stage0/mongo'

/** Documents of a migration, and how many of them it changes at a time: long enough to be met in the middle. */
export const DOCUMENTS = 400
const RANGE = 20
const PAUSE_MS = 20
/** The shortest that either tool takes: `lockTtl` is in whole seconds. */
export const LEASE_MS = 1000
const HOUR_MS = 3_600_000

/** How far the clock of a process is from the true time. */
export type Clock = 'true' | 'ahead' | 'behind'

/** One tool that carries out the same migration: every document is counted up once, in ranges of 20. */
export interface Tool {
  readonly name: string
  /** Starts one process that migrates a database, and ends when it has, or cannot. */
  start(uri: string, database: string, clock: Clock): ChildProcess
  remove(): Promise<void>
}

const MAIN = fileURLToPath(new URL('../apps/cli/dist/main.js', import.meta.url))

/** Loaded before the program: from then on the clock of the process is an hour off. */
const shifted = (ms: number): string =>
  `data:text/javascript,${encodeURIComponent(`
  const Real = Date
  globalThis.Date = class extends Real {
    constructor(...parts) { if (parts.length === 0) super(Real.now() + ${ms}); else super(...parts) }
    static now() { return Real.now() + ${ms} }
  }`)}`
const IMPORTS: Readonly<Record<Clock, readonly string[]>> = {
  true: [],
  ahead: ['--import', shifted(HOUR_MS)],
  behind: ['--import', shifted(-HOUR_MS)],
}

const run = (clock: Clock, args: readonly string[], environment: Readonly<Record<string, string>>): ChildProcess =>
  spawn(process.execPath, [...IMPORTS[clock], ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...environment },
  })

/** As the manual of either says to use it in a deployment: a run waits for the lock of another one, as far as the tool can. */
export async function stage0Tool(): Promise<Tool> {
  const folder = await mkdtemp(join(tmpdir(), 'stage0-race-'))
  const versions = ['1.0.0', '1.1.0'].map((version): readonly [string, string] => [
    `dictionaries/item.${version}.yaml`,
    'root:\n  name: item\n  description: One of many\n  type: object\n  additional_properties: true\n  properties: []\n',
  ])
  const files: readonly (readonly [string, string])[] = [
    ...versions,
    ['enumerators/enumerations.0.yaml', 'version: 0\nenumerators: []\n'],
    [
      'configurations/item.yaml',
      'title: Items\ndescription: Many documents\nversions:\n  - version: 1.0.0.0\n    migrations: [count.json]\n',
    ],
    ['migrations/count.json', JSON.stringify([{ $set: { n: { $add: ['$n', 1] } } }, { $out: 'item' }])],
  ]
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  const apply = ['apply', '--yes', '--wait', '600', '--batch-size', String(RANGE), '--pause-ms', String(PAUSE_MS)]
  return {
    name: 'stage0',
    start: (uri, database, clock) =>
      run(clock, [MAIN, ...apply, '--repository', folder, '--uri', uri, '--database', database], {
        STAGE0_LEASE_MS: String(LEASE_MS),
      }),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** With its lock switched on, and a time to live of the lock. */
export async function migrateMongoTool(): Promise<Tool> {
  const program = join(dirname(fileURLToPath(import.meta.resolve('migrate-mongo'))), '../bin/migrate-mongo.js')
  const folder = await mkdtemp(join(tmpdir(), 'stage0-race-peer-'))
  await mkdir(join(folder, 'migrations'))
  await writeFile(
    join(folder, 'config.mjs'),
    `export default {
      mongodb: { url: process.env.RACE_URI, databaseName: process.env.RACE_DATABASE },
      migrationsDir: ${JSON.stringify(join(folder, 'migrations'))},
      migrationFileExtension: '.mjs',
      changelogCollectionName: 'changelog',
      lockCollectionName: 'changelog_lock',
      lockTtl: ${LEASE_MS / 1000},
      useFileHash: false,
      moduleSystem: 'esm',
    }`,
  )
  await writeFile(
    join(folder, 'migrations/20260101000000-count.mjs'),
    `export const up = async (db) => {
      for (let from = 0; from < ${DOCUMENTS}; from += ${RANGE}) {
        await db.collection('item').updateMany({ _id: { $gte: from, $lt: from + ${RANGE} } }, { $inc: { n: 1 } })
        await new Promise((resolve) => setTimeout(resolve, ${PAUSE_MS}))
      }
    }
    export const down = async () => {}`,
  )
  return {
    name: 'migrate-mongo 14.0.7',
    start: (uri, database, clock) =>
      run(clock, [program, 'up', '-f', join(folder, 'config.mjs')], { RACE_URI: uri, RACE_DATABASE: database }),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

export type Ended = { readonly code: number | null; readonly said: string }

/** How a process ended, and what it said. To be asked for right after its start. */
export function endOf(child: ChildProcess): Promise<Ended> {
  let said = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, said }))
  })
}

/** What is in the database of one round. */
export interface Look {
  /** Documents by how often the migration has changed them. */
  byTimes(): Promise<ReadonlyMap<number, number>>
  seed(): Promise<void>
  close(): Promise<void>
}

export async function lookInto(uri: string, database: string): Promise<Look> {
  const opened = await connect({ uri, database })
  if (!opened.ok) throw new Error(opened.error.message)
  const { db, close } = opened.value
  const items = db.collection<{ _id: number; n: number }>('item')
  return {
    seed: async () => void (await items.insertMany(Array.from({ length: DOCUMENTS }, (_, _id) => ({ _id, n: 0 })))),
    byTimes: async () => {
      const times = new Map<number, number>()
      for (const { n } of await items.find().toArray()) times.set(n, (times.get(n) ?? 0) + 1)
      return times
    },
    close,
  }
}
