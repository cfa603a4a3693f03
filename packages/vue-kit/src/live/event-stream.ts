export type StreamStatus = 'connecting' | 'live' | 'polling' | 'lost' | 'ended'

/** A message with its place in the stream, from 1, without gaps. */
export interface Numbered {
  readonly seq: number
  /** The state of things after `seq`, not the next thing that happened: it is also told to who has seen `seq` already. */
  readonly isState?: boolean
}

/** The part of the browser's `EventSource` that is used. */
export interface EventSourceLike {
  readonly readyState: number
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void
  close(): void
}

export interface StreamOptions<Message extends Numbered> {
  /** Where the stream is; `after=<seq>` is added when a new connection must resume. */
  readonly url: string
  /** Reads the data of an event; `undefined` for what is not a message. */
  readonly parse: (data: string) => Message | undefined
  readonly onMessage: (message: Message) => void
  readonly onStatus: (status: StreamStatus) => void
  /** What came after a message, asked for where the stream does not come through. */
  readonly poll?: ((afterSeq: number) => Promise<readonly Message[]>) | undefined
  /** Whether nothing comes after this message; the stream is closed then. */
  readonly isLast?: ((message: Message) => boolean) | undefined
  /** The names of events that carry messages, besides unnamed ones. */
  readonly events?: readonly string[] | undefined
  /** The message to resume after; 0 is the beginning. */
  readonly after?: number | undefined
  /** How long the stream may be silent before it is doubted, in milliseconds. */
  readonly silenceMs?: number | undefined
  readonly pollMs?: number | undefined
  readonly open?: ((url: string) => EventSourceLike) | undefined
  /** 0 (inclusive) to 1 (exclusive); spreads the reconnects of many pages. */
  readonly random?: (() => number) | undefined
}

export interface EventStream {
  reconnect(): void
  close(): void
}

const CLOSED = 2
const FAILURES_BEFORE_POLLING = 3
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000

const withAfter = (url: string, seq: number): string =>
  seq === 0 ? url : `${url}${url.includes('?') ? '&' : '?'}after=${seq}`

/**
 * Listens to a stream of numbered messages and delivers each once, in order.
 * The browser reconnects by itself with `Last-Event-ID`; where it gives up, a new connection is made with growing waits.
 * After three failures the messages are polled while the stream is tried further; when polling is answered after it was
 * not, the stream is tried at once, and the waits begin anew. A stream that is silent for long is
 * doubted: polling tells whether something was missed, and if so it is opened anew.
 */
export function openEventStream<Message extends Numbered>(options: StreamOptions<Message>): EventStream {
  const { silenceMs = 45_000, pollMs = 2000, random = Math.random } = options
  const open = options.open ?? ((url: string): EventSourceLike => new EventSource(url))
  let seen = options.after ?? 0
  let failures = 0
  let source: EventSourceLike | undefined
  let isOver = false
  let retry: ReturnType<typeof setTimeout> | undefined
  let silence: ReturnType<typeof setTimeout> | undefined
  let polling: ReturnType<typeof setTimeout> | undefined

  function stop(): void {
    source?.close()
    source = undefined
    clearTimeout(retry)
    clearTimeout(silence)
  }
  function stopPolling(): void {
    clearTimeout(polling)
    polling = undefined
  }
  function close(): void {
    if (isOver) return
    isOver = true
    stop()
    stopPolling()
    options.onStatus('ended')
  }

  const isNews = ({ seq, isState }: Message): boolean => seq > seen || (isState === true && seq === seen)

  function deliver(message: Message): void {
    if (isOver || !isNews(message)) return
    seen = message.seq
    options.onMessage(message)
    if (options.isLast?.(message) === true) close()
  }

  function listen(): void {
    stop()
    const current = open(withAfter(options.url, seen))
    source = current
    const isCurrent = () => source === current && !isOver
    const receive = (event: MessageEvent<string>) => {
      if (!isCurrent()) return
      watchSilence()
      const message = options.parse(event.data)
      if (message !== undefined) deliver(message)
    }
    for (const name of ['message', ...(options.events ?? [])]) current.addEventListener(name, receive)
    current.addEventListener('open', () => {
      if (!isCurrent()) return
      failures = 0
      stopPolling()
      options.onStatus('live')
      watchSilence()
    })
    current.addEventListener('error', () => {
      if (isCurrent()) fail(current)
    })
  }

  function fail(current: EventSourceLike): void {
    failures += 1
    clearTimeout(silence)
    const isGivenUp = current.readyState === CLOSED || failures >= FAILURES_BEFORE_POLLING
    if (failures < FAILURES_BEFORE_POLLING) options.onStatus('connecting')
    else if (options.poll === undefined) options.onStatus('lost')
    else if (polling === undefined) startPolling()
    if (!isGivenUp) return
    stop()
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1))
    retry = setTimeout(listen, wait * (0.75 + random() / 2))
  }

  function startPolling(): void {
    options.onStatus('polling')
    let isLost = false
    const ask = async () => {
      const mine = polling
      const isAnswered = (await pollOnce()) !== undefined
      if (isOver || polling !== mine) return
      options.onStatus(isAnswered ? 'polling' : 'lost')
      if (isAnswered && isLost) tryStreamSoon()
      isLost = !isAnswered
      polling = setTimeout(() => void ask(), pollMs)
    }
    polling = setTimeout(() => void ask(), 0)
  }

  /** The service answers again: what it took to find that out says nothing about the stream, so that is tried soon. */
  function tryStreamSoon(): void {
    failures = FAILURES_BEFORE_POLLING - 1
    clearTimeout(retry)
    retry = setTimeout(listen, FIRST_WAIT_MS * (0.75 + random() / 2))
  }

  /** How many messages came; `undefined` where there was no answer. */
  async function pollOnce(): Promise<number | undefined> {
    try {
      const messages = (await options.poll?.(seen)) ?? []
      const news = messages.filter(isNews)
      news.forEach(deliver)
      return news.length
    } catch {
      // No answer: the status says so, and it is asked again.
      return undefined
    }
  }

  function watchSilence(): void {
    clearTimeout(silence)
    silence = setTimeout(() => void doubt(), silenceMs)
  }
  async function doubt(): Promise<void> {
    const doubted = source
    const missed = options.poll === undefined ? undefined : await pollOnce()
    if (isOver || source !== doubted) return
    if (missed === 0) return watchSilence()
    options.onStatus('connecting')
    listen()
  }

  options.onStatus('connecting')
  listen()
  return {
    reconnect() {
      if (isOver) return
      failures = 0
      stopPolling()
      options.onStatus('connecting')
      listen()
    },
    close,
  }
}
