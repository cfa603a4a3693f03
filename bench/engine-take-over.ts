import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { startEmbedded } from '@stage0/embedded'
import { DatabaseGate } from '@stage0/testkit'

const LEASE_MS = 1000
const BAR_MS = LEASE_MS + 1000
const ROUNDS = 3
const MAIN = fileURLToPath(new URL('../apps/cli/dist/main.js', import.meta.url))
const SAMPLE = fileURLToPath(new URL('../packages/templates/sample', import.meta.url))

const applying = (uri: string, database: string): ChildProcess =>
  spawn(
    process.execPath,
    [MAIN, 'apply', '--yes', '--repository', SAMPLE, '--uri', uri, '--database', database, '--wait', '60'],
    { stdio: 'ignore', env: { ...process.env, STAGE0_LEASE_MS: String(LEASE_MS) } },
  )

const ended = (child: ChildProcess): Promise<unknown> => new Promise((done) => child.once('close', done))

/** From `kill -9` of a run to the moment at which a run that waits for the lock changes something. Milliseconds. */
async function takeOver(uri: string, database: string): Promise<number> {
  const [first, second] = [await DatabaseGate.start(uri), await DatabaseGate.start(uri)]
  // It stands still in the middle, while its lease is renewed.
  const isAtWork = first.hold('before', ({ name }) => name === 'collMod')
  const holder = applying(first.uri, database)
  await isAtWork
  const isWaiting = second.hold('after', (one) => one.collection === 'stage0_lock' && one.has('$replaceWith'))
  const waiter = applying(second.uri, database)
  await isWaiting
  // What shows that it has the lock: its record of the run.
  const hasLock = second.hold('before', ({ name, collection }) => name === 'update' && collection === 'stage0_runs')
  const begin = performance.now()
  holder.kill('SIGKILL')
  await hasLock
  const ms = performance.now() - begin
  second.release()
  await Promise.all([ended(holder), ended(waiter)])
  await Promise.all([first.end(), second.end()])
  if (waiter.exitCode !== 0) throw new Error(`the run that took over ended with ${String(waiter.exitCode)}`)
  return ms
}

/** After a run was killed, the next one goes on within the lease and a second. */
export async function takeOverAfterKill(): Promise<boolean> {
  const server = await startEmbedded()
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) times.push(await takeOver(server.uri, `bench${round}`))
  await server.close()
  const worst = Math.max(...times)
  console.log(
    `take-over after kill -9 with a lease of ${LEASE_MS} ms: ${times.map((ms) => ms.toFixed(0)).join(', ')} ms (at most ${BAR_MS})`,
  )
  return worst <= BAR_MS
}
