import { inspect } from 'node:util'
import { onTestFinished } from 'vitest'
import { connect } from '@stage0/mongo'
import { DatabaseGate, type WireCommand } from '@stage0/testkit'
import { startStage0, type RunOptions, type Running } from './run-command.ts'

/** So that a lock whose holder is gone is free soon, but a machine with other work does not lose one that is held. */
export const SHORT_LEASE = { STAGE0_LEASE_MS: '3000' }

/** How to apply a repository with its test data to a database on a server. */
export const applying = (repository: string, uri: string, database: string, ...more: readonly string[]) => [
  ...['apply', '--yes', '--load-test-data', '--repository', repository, '--uri', uri, '--database', database],
  ...more,
]

/** A command of a run that changes the database, by what it is about and the how manieth of these it is. */
export interface WritePoint {
  /** "createIndexes user", "update stage0_runs journal" */
  readonly label: string
  /** From 1. */
  readonly occurrence: number
}

const WRITES = new Set(['create', 'collMod', 'createIndexes', 'dropIndexes', 'drop', 'renameCollection', 'delete'])
WRITES.add('insert').add('update').add('findAndModify').add('commitTransaction')

/**
 * What a command changes; `undefined` where it changes nothing, or comes at times of its own: the heartbeat of the lock and
 * the writing of events, between which a run does the same in the same order each time.
 */
export function labelOf(command: WireCommand): string | undefined {
  const { name, collection } = command
  if (name === 'aggregate') return command.has('$out') || command.has('$merge') ? `aggregate ${collection}` : undefined
  if (!WRITES.has(name)) return undefined
  if (collection === 'stage0_lock')
    return command.has('$replaceWith') ? 'claim' : name === 'update' ? 'release' : undefined
  if (collection !== 'stage0_runs') return `${name} ${collection}`
  if (command.has('first_seq')) return undefined
  return `${name} ${collection}${command.has('journal') ? ' journal' : ''}`
}

/** Says yes to the command at a point; to be used for one run. */
export function isAt({ label, occurrence }: WritePoint): (command: WireCommand) => boolean {
  let seen = 0
  return (command) => labelOf(command) === label && ++seen === occurrence
}

/** Everything that a run changes, in order. */
export async function writePointsOf(
  uri: string,
  run: (uri: string) => Promise<unknown>,
): Promise<readonly WritePoint[]> {
  const gate = await DatabaseGate.start(uri)
  const counts = new Map<string, number>()
  const points: WritePoint[] = []
  gate.watch((command) => {
    const label = labelOf(command)
    if (label === undefined) return
    const occurrence = (counts.get(label) ?? 0) + 1
    counts.set(label, occurrence)
    points.push({ label, occurrence })
  })
  await run(gate.uri)
  await gate.end()
  return points
}

/** A run that stands still at a point: the command has not reached the server yet, or the server has done it. */
export interface HeldRun {
  readonly running: Running
  readonly gate: DatabaseGate
}

export async function holdRun(
  uri: string,
  args: (uri: string) => readonly string[],
  at: { readonly point: WritePoint; readonly when: 'before' | 'after' },
  options?: RunOptions,
): Promise<HeldRun> {
  const gate = await DatabaseGate.start(uri)
  const held = gate.hold(at.when, isAt(at.point))
  const running = startStage0(args(gate.uri), options)
  onTestFinished(async () => {
    running.child.kill('SIGKILL')
    await running.ended
    await gate.end()
  })
  const early = running.ended.then(({ stdout, stderr }) => {
    throw new Error(`ended before ${at.point.label} ${at.point.occurrence}:\n${stdout}${stderr}`)
  })
  await Promise.race([held, early])
  early.catch(() => {})
  return { running, gate }
}

/** The embedded server in a process of its own, as `stage0 embedded` starts it. */
export async function serverProcess(
  ...more: readonly string[]
): Promise<{ readonly uri: string; readonly running: Running }> {
  const running = startStage0(['embedded', '--json', ...more])
  onTestFinished(async () => {
    running.child.kill('SIGKILL')
    await running.ended
  })
  let text = ''
  running.child.stdout?.on('data', (part: string) => (text += part))
  await running.saying(/mongodb:\/\/[^"]+"[^}]*\}/)
  return { uri: /mongodb:\/\/[^"]+/.exec(text)?.[0] ?? '', running }
}

/** What a person sees of a database: documents, indexes, validators and records without times and identities of runs. */
export async function contentOf(uri: string, database: string): Promise<unknown> {
  const opened = await connect({ uri, database })
  if (!opened.ok) throw new Error(opened.error.message)
  const { db } = opened.value
  try {
    const listed = (await db.listCollections().toArray()) as unknown as { name: string; options: unknown }[]
    const names = listed.filter(({ name }) => !['stage0_runs', 'stage0_lock'].includes(name)).sort(byName)
    const projection = { run_id: 0, applied_at: 0 }
    return await Promise.all(
      names.map(async ({ name, options }) => {
        const isRecord = name.startsWith('stage0_') || name === 'CollectionVersions' || name === 'DatabaseEnumerators'
        const documents = await db
          .collection(name)
          .find({}, { projection: isRecord ? { ...projection, _id: 0 } : projection })
          .toArray()
        const indexes = (await db.collection(name).indexes()) as { name?: string }[]
        return {
          name,
          options,
          documents: documents.map((one) => JSON.stringify(one)).sort(),
          indexes: indexes.sort(byName),
        }
      }),
    )
  } finally {
    await opened.value.close()
  }
}

const byName = (a: { name?: string }, b: { name?: string }) => (String(a.name) < String(b.name) ? -1 : 1)

/** What is left open behind runs: a held lock, a run without an outcome. Both are empty when all is in order. */
export async function leftOpen(
  uri: string,
  database: string,
): Promise<{ readonly locks: number; readonly runs: number }> {
  const opened = await connect({ uri, database })
  if (!opened.ok) throw new Error(opened.error.message)
  const { db } = opened.value
  try {
    const held = { $expr: { $gt: ['$lease_end', '$$NOW'] } }
    return {
      locks: await db.collection('stage0_lock').countDocuments(held),
      runs: await db.collection('stage0_runs').countDocuments({ kind: 'run', outcome: null }),
    }
  } finally {
    await opened.value.close()
  }
}

/**
 * Does the work for each item, a few at a time: most of the time a run waits. All are tried; what fails is told at once, since the
 * rest may take an hour, and thrown together at the end.
 */
export async function severalAtOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.entries()
  const failures: unknown[] = []
  const worker = async (): Promise<void> => {
    for (const [, item] of waiting) await work(item).catch((error: unknown) => tell(failures, error))
  }
  await Promise.all([worker(), worker(), worker()])
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} of ${items.length} failed`)
}

function tell(failures: unknown[], error: unknown): void {
  failures.push(error)
  const { actual, expected, message } = error as { actual?: unknown; expected?: unknown; message?: unknown }
  console.error(inspect({ message, actual, expected }, { depth: 6, maxStringLength: 4_000 }))
}
