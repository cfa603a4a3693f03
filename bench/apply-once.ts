import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkRepository, readRepository, type RepositoryFiles, type Wanted } from '@stage0/core'
import { applyPlan } from '@stage0/engine'
import { connect, openTarget, type SentCommand } from '@stage0/mongo'

export const DATABASE = 'bench'

type RunEvent = ReturnType<typeof applyPlan> extends AsyncGenerator<infer Event> ? Event : never

/** What the driver adds by itself to each command; it does so again when the command is replayed. */
const SESSION_FIELDS = ['lsid', '$clusterTime', '$db', 'txnNumber', '$readPreference']
/** Follow-ups of a cursor, which belong to the command that opened it. */
const OF_CURSORS = ['getMore', 'killCursors']

const clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: (ms: number, signal?: AbortSignal) => sleep(ms, undefined, signal && { signal }).catch(() => undefined),
}

/** @throws Error with the problems where the files are not a repository that can be applied. */
export function wantedFrom(files: RepositoryFiles, loadTestData: boolean): Wanted {
  const { wanted, problems } = checkRepository(readRepository(files), { loadTestData })
  if (wanted === undefined) throw new Error(JSON.stringify(problems.filter(({ severity }) => severity === 'error')))
  return wanted
}

export interface Applied {
  /** From the first look at the database to the recorded outcome. */
  readonly ms: number
  readonly sent: readonly SentCommand[]
  readonly events: readonly RunEvent[]
}

/** Applies over a connection of its own. @throws Error where the run does not succeed. */
export async function applyOnce(uri: string, wanted: Wanted, loadTestData = true): Promise<Applied> {
  const sent: SentCommand[] = []
  const recordNames = { versions: 'CollectionVersions', enumerators: 'DatabaseEnumerators' }
  const onCommand = (command: SentCommand): void => void sent.push(command)
  const target = await openTarget({ uri, database: DATABASE, recordNames, onCommand })
  if (!target.ok) throw new Error(target.error.message)
  sent.length = 0
  const begin = performance.now()
  const events: RunEvent[] = []
  for await (const event of applyPlan({
    target: target.value,
    wanted,
    options: { environment: 'local', loadTestData },
    holder: { host: 'bench', pid: process.pid, user: 'bench', runId: randomUUID(), command: 'bench' },
    leaseMs: 30_000,
    toolVersion: 'bench',
    clock,
    signal: new AbortController().signal,
  }))
    events.push(event)
  const ms = performance.now() - begin
  // What the driver sends when it takes leave is not the run's.
  const ofRun = [...sent]
  await target.value.close()
  const last = events.at(-1)
  if (last?.type !== 'run.finished' || last.status !== 'succeeded') throw new Error(JSON.stringify(last))
  return { ms, sent: ofRun, events }
}

/** Sends the same commands one after the other, as a script would. Milliseconds. */
export async function replay(uri: string, sent: readonly SentCommand[]): Promise<number> {
  const script = sent.filter(({ name }) => !OF_CURSORS.includes(name)).map(({ command }) => withoutSession(command))
  const connection = await connect({ uri, database: DATABASE })
  if (!connection.ok) throw new Error(connection.error.message)
  const begin = performance.now()
  for (const command of script) await connection.value.db.command(command)
  const ms = performance.now() - begin
  await connection.value.close()
  return ms
}

const withoutSession = (command: SentCommand['command']): SentCommand['command'] =>
  Object.fromEntries(Object.entries(command).filter(([key]) => !SESSION_FIELDS.includes(key)))
