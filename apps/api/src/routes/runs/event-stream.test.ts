import { connect, type AddressInfo, type Socket } from 'node:net'
import { fastifySSE } from '@fastify/sse'
import type { RunEvent } from '@stage0/types'
import { systemClock } from '@stage0/workspace'
import { fastify } from 'fastify'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { RunFeed } from '../../runs/run-feed.ts'
import { eventsOf, plannedOf, summary } from '../../runs/testing/run-events.ts'
import { allFrames, messagesOf, openStream, seqsOf } from '../../runs/testing/sse-client.ts'
import { lastEventId } from './run-queries.ts'
import { streamRun } from './event-stream.ts'

interface Setup {
  readonly feed: RunFeed
  readonly stallMs?: number
  readonly heartbeatInterval?: number
}

/** Nothing but the stream, on a real socket; counts the streams that are under way. */
async function serve({ feed, stallMs, heartbeatInterval = 0 }: Setup) {
  const app = fastify({ forceCloseConnections: true })
  const closing = new AbortController()
  let open = 0
  await app.register(fastifySSE, { heartbeatInterval })
  app.get('/events', { sse: 'dual' }, async (request, reply) => {
    open += 1
    const after = lastEventId(request.headers['last-event-id']) ?? 0
    const stall = stallMs === undefined ? {} : { stallMs }
    await streamRun(reply, { feed, after, closing: closing.signal, clock: systemClock, ...stall })
    open -= 1
  })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => app.close())
  return {
    url: `${address}/events`,
    port: (app.server.address() as AddressInfo).port,
    closing,
    openStreams: () => open,
  }
}

/** Asks for the stream and then reads nothing. */
async function lazyReader(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port })
  socket.on('error', () => {})
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  socket.pause()
  socket.write('GET /events HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\r\n')
  return socket
}

/** More than the buffers of any system hold, so that a reader who does not read is noticed. */
function largeRun(): readonly RunEvent[] {
  const text = 'x'.repeat(200_000)
  return eventsOf(200).map((event) => (event.type === 'step.finished' ? { ...event, detail: text } : event))
}

function feedOf(events: readonly RunEvent[], ended = true): RunFeed {
  const feed = new RunFeed(summary, plannedOf(200))
  feed.push(events)
  if (ended) feed.end()
  return feed
}

describe('a stream of a run', () => {
  it('lets a client go that does not read, and goes on from where it was when it comes back', async () => {
    const events = largeRun()
    const feed = feedOf(events)
    const { port, openStreams } = await serve({ feed, stallMs: 50 })
    const lazy = await lazyReader(port)
    await vi.waitUntil(() => openStreams() === 1)
    await vi.waitUntil(() => openStreams() === 0, { timeout: 30_000 })
    let received = ''
    lazy.on('data', (bytes: Buffer) => (received += bytes.toString('latin1')))
    lazy.resume()
    await new Promise<void>((resolve) => lazy.once('close', () => resolve()))
    const known = [...received.matchAll(/^id: (\d+)\r?\ndata: .*\r?\n\r?$/gm)].map(([, id]) => Number(id))
    const last = known.at(-1) ?? 0
    expect(last).toBeLessThan(events.length)
    const { url } = await serve({ feed })
    const rest = await allFrames(await openStream(url, { 'last-event-id': String(last) }))
    expect([...known, ...seqsOf(rest)]).toEqual(events.map(({ seq }) => seq))
  })

  it('does not wait for a client that went away without having read', async () => {
    const { port, openStreams } = await serve({ feed: feedOf(largeRun()), stallMs: 3_600_000 })
    const lazy = await lazyReader(port)
    await vi.waitUntil(() => openStreams() === 1)
    lazy.destroy()
    await vi.waitUntil(() => openStreams() === 0, { timeout: 30_000 })
  })

  it('sends a client that reads slowly everything', async () => {
    const events = largeRun()
    const { url } = await serve({ feed: feedOf(events), stallMs: 60_000 })
    const stream = await openStream(url)
    const seqs: number[] = []
    for await (const { message } of stream.frames) {
      await new Promise((resolve) => setImmediate(resolve))
      if (message !== undefined && message.type !== 'snapshot') seqs.push(message.seq)
    }
    expect(seqs).toEqual(events.map(({ seq }) => seq))
  })

  it('shows that it is alive while nothing happens', async () => {
    const { url, closing } = await serve({ feed: feedOf([], false), heartbeatInterval: 5 })
    const response = await fetch(url, { headers: { accept: 'text/event-stream' } })
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes(': heartbeat\n\n')) text += (await reader?.read())?.value ?? ''
    closing.abort()
    for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) text += next.value
    expect(text).toMatch(/retry: 1000\n\n$/)
  })

  it('ends at once where the service is ending already', async () => {
    const { url, closing } = await serve({ feed: feedOf([], false) })
    closing.abort()
    expect(messagesOf(await allFrames(await openStream(url)))).toMatchObject([{ type: 'snapshot' }])
  })

  it.each([
    ['7', 7],
    ['0', 0],
    ['-1', undefined],
    ['7.5', undefined],
    ['1e3', undefined],
    ['', undefined],
    ['9'.repeat(30), undefined],
    [['1', '2'], undefined],
    [undefined, undefined],
  ])('takes the Last-Event-ID %j as %j', (header, expected) => {
    expect(lastEventId(header)).toBe(expected)
  })
})
