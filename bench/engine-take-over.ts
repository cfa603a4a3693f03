import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { startEmbedded } from '@stage0/embedded'
import { DatabaseGate } from '@stage0/testkit'

const LEASE_MS = 1000
const BAR_MS = LEASE_MS + 1000
const ROUNDS = 3
const MAIN = fileURLToPath(new URL('../apps/cli/dist/main.js', import.meta.url))
const SAMPLE = fileURLToPath(new URL('../packages/templates/sample', import.meta.url))

interface Applying {
  readonly child: ChildProcess
  /** Resolves with what it said when it has ended, however that was. */
  readonly ended: Promise<string>
}

/** Whoever listens for its end must do so from the beginning: a process that was killed says it once. */
function applying(uri: string, database: string): Applying {
  const args = [MAIN, 'apply', '--yes', '--repository', SAMPLE, '--uri', uri, '--database', database, '--wait', '60']
  const env = { ...process.env, STAGE0_LEASE_MS: String(LEASE_MS) }
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env })
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes: Buffer) => said.push(bytes))
  const ended = new Promise<string>((resolve) => child.once('close', () => resolve(Buffer.concat(said).toString())))
  return { child, ended }
}

/** Waits for what a run is to reach. @throws Error with what it said where it ends before. */
async function reaching(what: string, reached: Promise<void>, { ended }: Applying): Promise<void> {
  const early = await Promise.race([reached.then(() => undefined), ended])
  if (early !== undefined) throw new Error(`a run ended before it came to ${what}: ${early}`)
}

/** From `kill -9` of a run to the moment at which a run that waits for the lock changes something. Milliseconds. */
async function takeOver(uri: string, database: string): Promise<number> {
  const [first, second] = [await DatabaseGate.start(uri), await DatabaseGate.start(uri)]
  const runs: Applying[] = []
  try {
    // It stands still in the middle, while its lease is renewed.
    const isAtWork = first.hold('before', ({ name }) => name === 'collMod')
    const holder = applying(first.uri, database)
    runs.push(holder)
    await reaching('its first collMod', isAtWork, holder)
    const isWaiting = second.hold('after', (one) => one.collection === 'stage0_lock' && one.has('$replaceWith'))
    const waiter = applying(second.uri, database)
    runs.push(waiter)
    await reaching('the lock', isWaiting, waiter)
    // What shows that it has the lock: its record of the run.
    const hasLock = second.hold('before', ({ name, collection }) => name === 'update' && collection === 'stage0_runs')
    const begin = performance.now()
    holder.child.kill('SIGKILL')
    await reaching('its record', hasLock, waiter)
    const ms = performance.now() - begin
    second.release()
    const said = await waiter.ended
    if (waiter.child.exitCode !== 0) throw new Error(`the run that took over ended in another way: ${said}`)
    return ms
  } finally {
    for (const { child } of runs) child.kill('SIGKILL')
    await Promise.all(runs.map(({ ended }) => ended))
    await Promise.all([first.end(), second.end()])
  }
}

/** After a run was killed, the next one goes on within the lease and a second. */
export async function takeOverAfterKill(): Promise<boolean> {
  const server = await startEmbedded()
  const times: number[] = []
  try {
    for (let round = 0; round < ROUNDS; round++) times.push(await takeOver(server.uri, `bench${round}`))
  } finally {
    await server.close()
  }
  const worst = Math.max(...times)
  console.log(
    `take-over after kill -9 with a lease of ${LEASE_MS} ms: ${times.map((ms) => ms.toFixed(0)).join(', ')} ms (at most ${BAR_MS})`,
  )
  return worst <= BAR_MS
}
