import { setTimeout as sleep } from 'node:timers/promises'
import { startEmbedded } from '@stage0/embedded'
import { DOCUMENTS, endOf, LEASE_MS, lookInto, migrateMongoTool, stage0Tool } from './race-tools.ts'
import type { Clock, Ended, Look, Tool } from './race-tools.ts'

const [PROCESSES, ROUNDS] = [10, 10]
/** A server looks for documents that are out of time once a minute; so long may a lock outlive its time to live. */
const GIVE_UP_MS = 150_000
const POLL_MS = 50

/** Whether the migration took effect exactly once on every document; else what it did instead. */
async function outcome(look: Look): Promise<string> {
  const times = [...(await look.byTimes())].sort(([a], [b]) => a - b)
  if (times.length === 1 && times[0]?.[0] === 1) return 'once'
  return times.map(([n, documents]) => `${documents} documents ${n} times`).join(', ')
}

/** All start at the same time, with true clocks. */
async function atOnce(tool: Tool, uri: string): Promise<void> {
  const outcomes: string[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const database = `once${round}_${tool.name.slice(0, 2)}`
    const look = await lookInto(uri, database)
    await look.seed()
    await Promise.all(Array.from({ length: PROCESSES }, () => endOf(tool.start(uri, database, 'true'))))
    outcomes.push(await outcome(look))
    await look.close()
  }
  tell(tool, `${ROUNDS} rounds of ${PROCESSES} processes that start at once`, outcomes)
}

/**
 * One process is suspended in the middle of its migration, until another one has finished or given up, and goes on then.
 * A tool that does not wait for a lock is started again until it succeeds, as a deployment does.
 */
async function suspended(tool: Tool, uri: string, clock: Clock): Promise<string> {
  const database = `suspended_${clock}_${tool.name.slice(0, 2)}`
  const look = await lookInto(uri, database)
  await look.seed()
  const first = tool.start(uri, database, clock)
  const firstEnd = endOf(first)
  while (!(await look.byTimes()).has(1)) await sleep(POLL_MS)
  first.kill('SIGSTOP')
  const begin = performance.now()
  let next: Ended | undefined
  while (next?.code !== 0 && performance.now() - begin < GIVE_UP_MS) {
    const child = tool.start(uri, database, 'true')
    const timer = setTimeout(() => child.kill('SIGKILL'), GIVE_UP_MS)
    next = await endOf(child)
    clearTimeout(timer)
    await sleep(LEASE_MS / 2)
  }
  const seconds = Math.round((performance.now() - begin) / 1000)
  first.kill('SIGCONT')
  await firstEnd
  const result = await outcome(look)
  await look.close()
  const got =
    next?.code === 0 ? `the next one had finished after ${seconds} s` : `the next one gave up after ${seconds} s`
  return `${result} (${got})`
}

function tell(tool: Tool, what: string, outcomes: readonly string[]): void {
  const wrong = outcomes.filter((one) => !one.startsWith('once'))
  console.log(`${tool.name}: ${what}: ${outcomes.length - wrong.length} of ${outcomes.length} exactly once`)
  for (const one of wrong) console.log(`    not so: ${one}`)
}

const server = await startEmbedded({ replicaSet: 'rs0' })
const tools = [await stage0Tool(), await migrateMongoTool()]
console.log(`a migration of ${DOCUMENTS} documents in ranges of 20; lease and lockTtl ${LEASE_MS} ms`)
for (const tool of tools) {
  await atOnce(tool, server.uri)
  const clocks = ['true', 'ahead', 'behind'] as const
  const results = await Promise.all(clocks.map((clock) => suspended(tool, server.uri, clock)))
  for (const [index, clock] of clocks.entries())
    console.log(`${tool.name}: suspended, its clock ${clock}: ${results[index] ?? ''}`)
  if (tool.name === 'stage0' && results.some((one) => !one.startsWith('once'))) process.exitCode = 1
  await tool.remove()
}
await server.close()
