import { reduceRun } from '@stage0/core'
import type { RunEvent, RunMessage, RunSnapshot } from '@stage0/types'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RunFeed } from './run-feed.ts'
import { eventsOf, plannedOf, summary } from './testing/run-events.ts'

/** A client as it comes and goes: what it was sent, and the state that it made of it. */
interface Client {
  readonly seqs: number[]
  readonly snapshots: RunSnapshot[]
  state: RunSnapshot | undefined
}

const newClient = (): Client => ({ seqs: [], snapshots: [], state: undefined })

function take(client: Client, message: RunMessage): void {
  if (message.type === 'snapshot') {
    client.snapshots.push(message.snapshot)
    client.state = message.snapshot
  } else {
    client.seqs.push(message.seq)
    client.state = client.state && reduceRun(client.state, message)
  }
}

/** Listens until the run has ended, or so many messages were taken in. */
async function listen(feed: RunFeed, client: Client, after: number | undefined, upTo = Infinity): Promise<void> {
  let taken = 0
  for await (const bundle of feed.messages(after, new AbortController().signal)) {
    for (const message of bundle) {
      take(client, message)
      taken += 1
      if (taken >= upTo) return
    }
  }
}

describe('a feed', () => {
  it('gives a listener of any time and place the rest of the run once, and the same final state', async () => {
    const run = fc.record({
      steps: fc.integer({ min: 0, max: 120 }),
      progress: fc.integer({ min: 0, max: 4 }),
      chunks: fc.array(fc.record({ size: fc.nat(60), overlap: fc.nat(20) }), { maxLength: 30 }),
      // After which bundle of events the listener comes, and after how many messages the connection breaks.
      listeners: fc.array(
        fc.record({ comesAt: fc.nat(30), breaks: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 6 }) }),
        { minLength: 1, maxLength: 5 },
      ),
    })
    await fc.assert(
      fc.asyncProperty(run, async ({ steps, progress, chunks, listeners }) => {
        const events = eventsOf(steps, progress)
        const feed = new RunFeed(summary, plannedOf(steps))
        const clients = listeners.map((plan) => ({ plan, client: newClient() }))
        const done: Promise<void>[] = []
        const arrive = (at: number): void => {
          for (const { plan, client } of clients)
            if (plan.comesAt === at) done.push(comeAndGo(feed, client, plan.breaks))
        }
        let pushed = 0
        for (const [i, { size, overlap }] of chunks.entries()) {
          arrive(i)
          // As two readers of the record may give them: some events a second time.
          feed.push(events.slice(Math.max(0, pushed - overlap), pushed + size))
          pushed = Math.min(events.length, pushed + size)
          await Promise.resolve()
        }
        feed.push(events.slice(pushed))
        feed.end()
        for (let at = chunks.length; at <= 30; at += 1) arrive(at)
        await Promise.all(done)
        for (const { client } of clients) {
          const first = client.snapshots[0]?.last_seq ?? -1
          expect(client.seqs).toEqual(events.map(({ seq }) => seq).filter((seq) => seq > first))
          expect(client.state).toEqual(feed.latest)
        }
      }),
      { numRuns: 60 },
    )
  })

  /** Each time with the number of the last event that it has. */
  async function comeAndGo(feed: RunFeed, client: Client, breaks: readonly number[]): Promise<void> {
    for (const messages of breaks) {
      await listen(feed, client, client.state?.last_seq, messages)
      if (client.state?.run.status === 'succeeded') return
    }
    await listen(feed, client, client.state?.last_seq)
  }

  it('stands after each event as a fold over all events up to it', () => {
    const events = eventsOf(300, 2)
    const feed = new RunFeed(summary, plannedOf(300))
    const start = feed.latest
    feed.push(events)
    for (const seq of [0, 1, 2, 255, 256, 257, 700, 1023, 1024, events.length - 1, events.length, events.length + 5])
      expect(feed.at(seq)).toEqual(events.slice(0, seq).reduce(reduceRun, start))
  })

  it('begins with a run at work, also when it is over: its events tell the end', async () => {
    const ended = { ...summary, status: 'succeeded' as const, finished_at: summary.started_at, duration_ms: 3 }
    const feed = new RunFeed(ended, plannedOf(1))
    feed.push(eventsOf(1))
    feed.end(ended)
    const client = newClient()
    await listen(feed, client, 0)
    expect(client.snapshots).toHaveLength(1)
    expect(client.snapshots[0]?.run).toMatchObject({ status: 'running' })
    expect(client.snapshots[0]?.run).not.toHaveProperty('finished_at')
    expect(client.state?.run.status).toBe('succeeded')
  })

  it('tells with a second snapshot how a run ended that did not say so itself', async () => {
    const feed = new RunFeed(summary, plannedOf(2))
    feed.push(eventsOf(2).slice(0, 3))
    const client = newClient()
    const listening = listen(feed, client, undefined)
    await Promise.resolve()
    feed.end({ ...summary, status: 'interrupted' })
    await listening
    expect(client.snapshots.map(({ run }) => run.status)).toEqual(['running', 'interrupted'])
    expect(client.state).toMatchObject({ last_seq: 3, run: { counts: { succeeded: 1 } } })
  })

  it('takes no event that would leave a gap', () => {
    const feed = new RunFeed(summary, [])
    const events = eventsOf(2)
    feed.push([events[0], events[2], events[1]] as RunEvent[])
    expect(feed.lastSeq).toBe(2)
  })

  it('lets go of a listener whose connection is over, and of nobody else', async () => {
    const feed = new RunFeed(summary, plannedOf(1))
    const gone = new AbortController()
    const [leaving, staying] = [newClient(), newClient()]
    const left = (async () => {
      for await (const bundle of feed.messages(undefined, gone.signal)) for (const one of bundle) take(leaving, one)
    })()
    const stayed = listen(feed, staying, undefined)
    await Promise.resolve()
    gone.abort()
    await left
    feed.push(eventsOf(1))
    feed.end()
    await stayed
    expect(leaving.seqs).toEqual([])
    expect(staying.seqs).toEqual([1, 2, 3, 4])
  })

  it('gives every event to each of 200 listeners', async () => {
    const feed = new RunFeed(summary, plannedOf(100))
    const clients = Array.from({ length: 200 }, newClient)
    const listening = clients.map((client) => listen(feed, client, 0))
    const events = eventsOf(100)
    for (const event of events) {
      feed.push([event])
      await Promise.resolve()
    }
    feed.end()
    await Promise.all(listening)
    const all = events.map(({ seq }) => seq)
    for (const { seqs } of clients) expect(seqs).toEqual(all)
  })
})
