import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkRepository, readRepository, type Wanted } from '@stage0/core'
import { startEmbedded } from '@stage0/embedded'
import { applyPlan } from '@stage0/engine'
import { connect, openTarget, type SentCommand } from '@stage0/mongo'
import { sharedFolder } from '@stage0/testkit'
import { loadSettings, readWorkspace, workspaceOptions } from '@stage0/workspace'

/** Runs of each side; the fastest counts, since everything else is noise of the machine. */
const ROUNDS = 5
const BAR = 2.0
const DATABASE = 'bench'

/** What the driver adds by itself to each command; it does so again when the command is replayed. */
const SESSION_FIELDS = ['lsid', '$clusterTime', '$db', 'txnNumber', '$readPreference']
/** Follow-ups of a cursor, which belong to the command that opened it. */
const OF_CURSORS = ['getMore', 'killCursors']

/** The repository that is applied: `passing_process` without its impossible unique index, else the sample. */
async function repository(): Promise<{ name: string; folder: string; remove: () => Promise<void> }> {
  const fixtures = sharedFolder('fixtures')
  const sample = fileURLToPath(new URL('../packages/templates/sample', import.meta.url))
  const scratch = await mkdtemp(join(tmpdir(), 'stage0-bench-'))
  const folder = join(scratch, 'repository')
  await cp(fixtures === undefined ? sample : join(fixtures, 'passing_process'), folder, { recursive: true })
  if (fixtures !== undefined) {
    const file = join(folder, 'configurations', 'user.yaml')
    await writeFile(file, (await readFile(file, 'utf8')).replace('unique: true', 'unique: false'))
  }
  return {
    name: fixtures === undefined ? 'sample' : 'passing_process',
    folder,
    remove: () => rm(scratch, { recursive: true }),
  }
}

async function wantedOf(folder: string): Promise<Wanted> {
  const settings = loadSettings({ env: {}, repository: folder })
  if (!settings.ok) throw new Error(JSON.stringify(settings.error))
  const read = await readWorkspace(folder, workspaceOptions(settings.value))
  if (!read.ok) throw new Error(JSON.stringify(read.error))
  const { wanted, problems } = checkRepository(readRepository(read.value), { loadTestData: true })
  if (wanted === undefined) throw new Error(JSON.stringify(problems.filter(({ severity }) => severity === 'error')))
  return wanted
}

/** Applies on a fresh database, from the first look at it to the recorded outcome. Milliseconds, and what was sent. */
async function apply(wanted: Wanted): Promise<{ ms: number; sent: SentCommand[] }> {
  const server = await startEmbedded()
  const sent: SentCommand[] = []
  const recordNames = { versions: 'CollectionVersions', enumerators: 'DatabaseEnumerators' }
  const target = await openTarget({
    uri: server.uri,
    database: DATABASE,
    recordNames,
    onCommand: (command) => sent.push(command),
  })
  if (!target.ok) throw new Error(target.error.message)
  const begin = performance.now()
  let last = ''
  for await (const event of applyPlan({
    target: target.value,
    wanted,
    options: { environment: 'local', loadTestData: true },
    holder: { host: 'bench', pid: process.pid, user: 'bench', runId: randomUUID(), command: 'bench' },
    leaseMs: 30_000,
    toolVersion: 'bench',
    clock: {
      now: () => new Date(),
      monotonicMs: () => performance.now(),
      sleep: (ms, signal) => sleep(ms, undefined, signal && { signal }).catch(() => undefined),
    },
    signal: new AbortController().signal,
  })) {
    if (event.type === 'run.finished') last = `${event.status} ${JSON.stringify(event.error ?? '')}`
  }
  const ms = performance.now() - begin
  await target.value.close()
  await server.close()
  if (!last.startsWith('succeeded')) throw new Error(last)
  return { ms, sent }
}

/** Sends the same commands one after the other, as a script would, on a fresh database. */
async function replay(sent: readonly SentCommand[]): Promise<number> {
  const server = await startEmbedded()
  const script = sent.filter(({ name }) => !OF_CURSORS.includes(name)).map(({ command }) => withoutSession(command))
  const connection = await connect({ uri: server.uri, database: DATABASE })
  if (!connection.ok) throw new Error(connection.error.message)
  const begin = performance.now()
  for (const command of script) await connection.value.db.command(command)
  const ms = performance.now() - begin
  await connection.value.close()
  await server.close()
  return ms
}

const withoutSession = (command: SentCommand['command']): SentCommand['command'] =>
  Object.fromEntries(Object.entries(command).filter(([key]) => !SESSION_FIELDS.includes(key)))

function countByName(sent: readonly SentCommand[]): string {
  const counts = new Map<string, number>()
  for (const { name } of sent) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')
}

const { name, folder, remove } = await repository()
try {
  const wanted = await wantedOf(folder)
  const versions = wanted.collections.reduce((sum, collection) => sum + collection.versions.length, 0)
  const applied: number[] = []
  const replayed: number[] = []
  let sent: readonly SentCommand[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const run = await apply(wanted)
    sent = run.sent
    applied.push(run.ms)
    replayed.push(await replay(sent))
  }
  const [best, script] = [Math.min(...applied), Math.min(...replayed)]
  console.log(
    `apply of ${name}: ${versions} versions, ${sent.length} commands, ${(sent.length / versions).toFixed(1)} per version`,
  )
  console.log(`  ${countByName(sent)}`)
  console.log(`  apply ${best.toFixed(0)} ms, the same commands by a script ${script.toFixed(0)} ms, best of ${ROUNDS}`)
  console.log(`  ratio ${(best / script).toFixed(2)} (at most ${BAR.toFixed(1)})`)
} finally {
  await remove()
}
