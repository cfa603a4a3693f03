import autocannon from 'autocannon'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { DatabaseGate } from '@stage0/testkit'
import { SAMPLE, type Stage0Process, startServer, startService } from '../e2e/support/stage0.ts'

/** As many as a team with a few open tabs each has at its worst. */
const CONNECTIONS = 50
const SECONDS = 4
const ROUNDS = 3
/** p99 of a route, to a bare route with an answer of the same size. */
const BAR = 5
const LISTENERS = 200
const EVENT_BAR_MS = 500
const UNLIMITED = String(2 ** 31 - 1)

interface Load {
  readonly p50: number
  readonly p99: number
  readonly errors: number
  readonly perSecond: number
}

async function load(url: string): Promise<Load> {
  const result = await autocannon({ url, connections: CONNECTIONS, duration: SECONDS })
  const { latency, requests, errors, timeouts, non2xx } = result
  return { p50: latency.p50, p99: latency.p99, errors: errors + timeouts + non2xx, perSecond: requests.average }
}

async function bareService(sizes: readonly number[]): Promise<{ url: string; end: () => void }> {
  const script = fileURLToPath(new URL('bare-route.ts', import.meta.url))
  const child = spawn(process.execPath, [...process.execArgv, script, ...sizes.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    return { url: (JSON.parse(line) as { url: string }).url, end: () => child.kill() }
  }
  throw new Error('the bare service ended')
}

/** Each round loads the bare route and the real one in turn; the middle of the rounds counts. */
async function compare(name: string, url: string, bare: string): Promise<void> {
  const rounds: { ours: Load; theirs: Load }[] = []
  for (let round = 0; round < ROUNDS; round += 1) rounds.push({ theirs: await load(bare), ours: await load(url) })
  // The resolution of a percentile is a millisecond.
  const ratio = ({ ours, theirs }: (typeof rounds)[number]) => Math.max(1, ours.p99) / Math.max(1, theirs.p99)
  const middle = rounds.sort((a, b) => ratio(a) - ratio(b))[Math.floor(ROUNDS / 2)]
  if (middle === undefined) throw new RangeError('no rounds')
  const { ours, theirs } = middle
  console.log(
    `${name}: p50 ${ours.p50} ms, p99 ${ours.p99} ms, ${ours.errors} errors, ${ours.perSecond.toFixed(0)}/s; bare p50 ${theirs.p50} ms, p99 ${theirs.p99} ms`,
  )
  console.log(`  ratio of p99 ${ratio(middle).toFixed(2)} (at most ${BAR})`)
}

/** One run with many listeners: how long after it happened each event reached each of them. */
async function listen(url: string, gate: DatabaseGate): Promise<void> {
  // The run waits until all listen, and then does its work as fast as it can.
  const isHeld = gate.holdAt('collMod', 'organization')
  const body = JSON.stringify({ mode: 'apply' })
  const start = await fetch(`${url}/api/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  const started = (await start.json()) as { run_id: string }
  await isHeld
  const streams = await Promise.all(Array.from({ length: LISTENERS }, () => openStream(url, started.run_id)))
  gate.release()
  const delays = (await Promise.all(streams.map(delaysOf))).flat()
  const sorted = delays.sort((a, b) => a - b)
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN).toFixed(0)
  console.log(
    `${LISTENERS} listeners on one run: ${sorted.length} events received; p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms after they happened (at most ${EVENT_BAR_MS})`,
  )
}

async function openStream(url: string, runId: string): Promise<ReadableStream<Uint8Array>> {
  const response = await fetch(`${url}/api/runs/${runId}/events`, { headers: { accept: 'text/event-stream' } })
  if (!response.ok || response.body === null) throw new Error(`${response.status} for a listener`)
  return response.body
}

/** Milliseconds from each event to its arrival; those that happened before the stream was open say nothing. */
async function delaysOf(stream: ReadableStream<Uint8Array>): Promise<number[]> {
  const openedAt = Date.now()
  const delays: number[] = []
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true })
    const messages = text.split('\n\n')
    text = messages.pop() ?? ''
    for (const message of messages) {
      const data = /^data: (.*)$/m.exec(message)?.[1]
      const event = data === undefined ? undefined : (JSON.parse(data) as { type: string; at?: string })
      if (event?.at === undefined) continue
      const happenedAt = Date.parse(event.at)
      if (happenedAt >= openedAt) delays.push(Date.now() - happenedAt)
      if (event.type === 'run.finished') return delays
    }
  }
  throw new Error('a stream ended before its run')
}

const server = await startServer()
const gate = await DatabaseGate.start(server.uri)
const processes: Stage0Process[] = []
try {
  const service = await startService({
    repository: SAMPLE,
    uri: gate.uri,
    database: `bench_${Date.now()}`,
    settings: {
      RATE_LIMIT: UNLIMITED,
      LOGGING_LEVEL: 'ERROR',
      LOAD_TEST_DATA: 'true',
      MAX_STREAMS: String(LISTENERS * 2),
    },
  })
  processes.push(service.process)
  await listen(service.url, gate)
  const routes = {
    collections: `${service.url}/api/collections`,
    'a rendered schema': `${service.url}/api/configurations/bson_schema/user.yaml/latest`,
    'a file': `${service.url}/api/dictionaries/user.1.1.0.yaml`,
  }
  const sizes = await Promise.all(
    Object.values(routes).map(async (url) => (await (await fetch(url)).arrayBuffer()).byteLength),
  )
  const bare = await bareService(sizes)
  for (const [index, [name, url]] of Object.entries(routes).entries()) {
    const size = sizes[index] ?? 0
    await compare(`${name}, ${size} bytes, ${CONNECTIONS} connections`, url, `${bare.url}/${size}`)
  }
  bare.end()
} finally {
  for (const one of processes) await one.end()
  await gate.end()
  await server.end()
}
