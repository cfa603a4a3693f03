// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openEventStream, type EventSourceLike, type StreamOptions, type StreamStatus } from './event-stream.ts'

interface Message {
  readonly seq: number
  readonly last?: boolean
}

/** What a browser's `EventSource` does, by hand. */
class FakeSource implements EventSourceLike {
  readyState = 0
  isClosed = false
  readonly url: string
  readonly listeners = new Map<string, (event: MessageEvent<string>) => void>()
  constructor(url: string) {
    this.url = url
  }
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void) {
    this.listeners.set(type, listener)
  }
  close() {
    this.isClosed = true
  }
  open() {
    this.readyState = 1
    this.listeners.get('open')?.(new MessageEvent('open'))
  }
  say(data: unknown, type = 'message') {
    this.listeners.get(type)?.(new MessageEvent(type, { data: typeof data === 'string' ? data : JSON.stringify(data) }))
  }
  fail(readyState: number) {
    this.readyState = readyState
    this.listeners.get('error')?.(new MessageEvent('error'))
  }
}

function listen(more: Partial<StreamOptions<Message>> = {}) {
  const sources: FakeSource[] = []
  const got: number[] = []
  const statuses: StreamStatus[] = []
  const stream = openEventStream<Message>({
    url: '/events',
    parse: (data) => (data.startsWith('{') ? (JSON.parse(data) as Message) : undefined),
    onMessage: ({ seq }) => got.push(seq),
    onStatus: (status) => statuses.push(status),
    random: () => 0.5,
    open: (url) => {
      const source = new FakeSource(url)
      sources.push(source)
      return source
    },
    ...more,
  })
  const last = () => {
    const source = sources.at(-1)
    if (source === undefined) throw new Error('nothing was opened')
    return source
  }
  return { stream, sources, got, statuses, last }
}

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('a stream of events', () => {
  it('delivers each message once, in order, and leaves out what is none', () => {
    const { last, got, statuses } = listen({ events: ['run.started'] })
    last().open()
    last().say({ seq: 1 }, 'run.started')
    last().say('ping')
    last().say({ seq: 2 })
    last().say({ seq: 2 })
    last().say({ seq: 1 })
    expect(got).toEqual([1, 2])
    expect(statuses).toEqual(['connecting', 'live'])
  })

  it('begins after the message of a snapshot', () => {
    expect(listen({ after: 7 }).last().url).toBe('/events?after=7')
    expect(listen({ after: 7, url: '/events?a=1' }).last().url).toBe('/events?a=1&after=7')
  })

  it('leaves reconnecting to the browser while the browser tries', () => {
    const { last, sources, statuses } = listen()
    last().open()
    last().fail(0)
    vi.advanceTimersByTime(60_000)
    expect(sources).toHaveLength(1)
    last().open()
    expect(statuses).toEqual(['connecting', 'live', 'connecting', 'live'])
  })

  it('opens anew from the last message where the browser gave up, with growing waits', () => {
    const { last, sources } = listen()
    last().open()
    last().say({ seq: 4 })
    const waits = [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]
    for (const [at, wait] of waits.entries()) {
      last().fail(2)
      vi.advanceTimersByTime(wait - 1)
      expect(sources).toHaveLength(at + 1)
      vi.advanceTimersByTime(1)
      expect(sources).toHaveLength(at + 2)
    }
    expect(last().url).toBe('/events?after=4')
    expect(sources.slice(0, -1).every(({ isClosed }) => isClosed)).toBe(true)
  })

  it('polls after three failures, from the last message, until the stream is back', async () => {
    const poll = vi.fn((after: number) => Promise.resolve([{ seq: after + 1 }]))
    const { last, got, statuses } = listen({ poll, pollMs: 1000 })
    last().open()
    last().say({ seq: 3 })
    last().fail(0)
    last().fail(0)
    expect(poll).not.toHaveBeenCalled()
    last().fail(0)
    await vi.advanceTimersByTimeAsync(1000)
    expect(statuses.at(-1)).toBe('polling')
    expect(got).toEqual([3, 4, 5])
    await vi.advanceTimersByTimeAsync(1000)
    last().open()
    const asked = poll.mock.calls.length
    await vi.advanceTimersByTimeAsync(10_000)
    expect(poll.mock.calls.length).toBe(asked)
    expect(statuses.at(-1)).toBe('live')
    expect(got).toEqual([3, 4, 5, 6])
  })

  it('is lost where polling gets no answer, and polls on', async () => {
    const poll = vi
      .fn<(after: number) => Promise<Message[]>>()
      .mockRejectedValueOnce(new Error('offline'))
      .mockResolvedValue([])
    const { last, statuses } = listen({ poll, pollMs: 1000 })
    for (let at = 0; at < 3; at += 1) last().fail(0)
    await vi.advanceTimersByTimeAsync(0)
    expect(statuses.at(-1)).toBe('lost')
    await vi.advanceTimersByTimeAsync(1000)
    expect(statuses.at(-1)).toBe('polling')
  })

  it('tries the stream soon after the service answers again, however long it was gone, and waits anew', async () => {
    const poll = vi.fn<(after: number) => Promise<Message[]>>().mockRejectedValue(new Error('offline'))
    const { last, sources, statuses } = listen({ poll, pollMs: 2000 })
    for (let at = 0; at < 8; at += 1) {
      last().fail(2)
      if (at < 7) await vi.advanceTimersByTimeAsync(Math.min(30_000, 500 * 2 ** at))
    }
    expect(statuses.at(-1)).toBe('lost')
    // The next attempt of its own is 30 s away.
    const tried = sources.length
    poll.mockResolvedValue([])
    await vi.advanceTimersByTimeAsync(2500)
    expect(sources).toHaveLength(tried + 1)
    // It was too soon: the next attempt comes after 2 s, and a service that goes on answering hastens nothing.
    last().fail(2)
    await vi.advanceTimersByTimeAsync(1999)
    expect(sources).toHaveLength(tried + 1)
    await vi.advanceTimersByTimeAsync(1)
    expect(sources).toHaveLength(tried + 2)
    last().open()
    expect(statuses.at(-1)).toBe('live')
  })

  it('is lost after three failures without polling, and live when it opens', () => {
    const { last, statuses } = listen()
    for (let at = 0; at < 3; at += 1) last().fail(0)
    expect(statuses.at(-1)).toBe('lost')
    vi.advanceTimersByTime(30_000)
    last().open()
    expect(statuses.at(-1)).toBe('live')
  })

  it('doubts a silent stream: keeps it where nothing was missed, opens anew where something was', async () => {
    const poll = vi
      .fn<(after: number) => Promise<Message[]>>()
      .mockResolvedValueOnce([])
      .mockResolvedValue([{ seq: 1 }])
    const { last, sources, got } = listen({ poll, silenceMs: 5000 })
    last().open()
    await vi.advanceTimersByTimeAsync(5000)
    expect(sources).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(5000)
    expect(got).toEqual([1])
    expect(sources).toHaveLength(2)
    expect(last().url).toBe('/events?after=1')
  })

  it('ends with the last message and opens nothing again', async () => {
    const { last, sources, statuses } = listen({ isLast: ({ last: isLast }) => isLast === true })
    last().open()
    last().say({ seq: 1, last: true })
    last().fail(2)
    await vi.advanceTimersByTimeAsync(100_000)
    expect(statuses.at(-1)).toBe('ended')
    expect(sources).toHaveLength(1)
    expect(last().isClosed).toBe(true)
  })

  it('tries at once when it is told to', () => {
    const { stream, last, sources } = listen()
    last().fail(2)
    stream.reconnect()
    expect(sources).toHaveLength(2)
    vi.advanceTimersByTime(60_000)
    expect(sources).toHaveLength(2)
  })
})
