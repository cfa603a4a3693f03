import type { SSEReplyInterface } from '@fastify/sse'
import type { FastifyReply } from 'fastify'
import type { Clock } from '@stage0/engine'
import type { RunMessage } from '@stage0/types'
import type { RunFeed } from '../../runs/run-feed.ts'

/** How long a client may leave what it was sent unread; then it is let go, and goes on from where it was when it comes back. */
export const STALL_MS = 30_000
/** When a client whose stream ended with the service should come back. */
const RETRY_MS = 1000

export interface StreamInput {
  readonly feed: RunFeed
  readonly after: number | undefined
  /** Aborts when the service is ending. */
  readonly closing: AbortSignal
  readonly clock: Pick<Clock, 'sleep'>
  readonly stallMs?: number
}

/**
 * Sends a run as server-sent events: a snapshot, then each event with its number as `id`, until the run has ended, the client has gone,
 * or the service ends. Nothing is kept for a client but its place: what it does not read is not sent either.
 */
export async function streamRun(reply: FastifyReply, input: StreamInput): Promise<void> {
  const { feed, after, closing } = input
  const sse = reply.sse
  const over = new AbortController()
  const end = (): void => over.abort()
  sse.onClose(end)
  closing.addEventListener('abort', end)
  if (closing.aborted) end()
  // No proxy may hold back or pack what is to be seen at once.
  reply.header('cache-control', 'no-cache, no-transform')
  try {
    for await (const bundle of feed.messages(after, over.signal)) {
      for (const message of bundle) {
        if (!(await send(reply, message, over.signal, input))) return
      }
    }
    if (closing.aborted && sse.isConnected) await sse.send({ data: undefined, retry: RETRY_MS })
  } finally {
    closing.removeEventListener('abort', end)
  }
}

/** @returns whether the client takes more. */
async function send(
  reply: FastifyReply,
  message: RunMessage,
  over: AbortSignal,
  { clock, stallMs = STALL_MS }: StreamInput,
): Promise<boolean> {
  const sse: SSEReplyInterface = reply.sse
  if (!sse.isConnected) return false
  const id = message.type === 'snapshot' ? {} : { id: String(message.seq) }
  const sent = sse.send({ ...id, data: message })
  if (!reply.raw.writableNeedDrain) {
    await sent
    return sse.isConnected
  }
  // Of a client that goes away in the middle the plugin does not tell.
  const waiting = new AbortController()
  const stop = (): void => waiting.abort()
  reply.raw.once('drain', stop)
  over.addEventListener('abort', stop)
  if (over.aborted) stop()
  await clock.sleep(stallMs, waiting.signal)
  reply.raw.off('drain', stop)
  over.removeEventListener('abort', stop)
  if (!waiting.signal.aborted) reply.raw.destroy()
  return sse.isConnected && waiting.signal.aborted
}
