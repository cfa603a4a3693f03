import type { Socket } from 'node:net'
import { doc } from '@stage0/bson-schema'
import { AuthState } from './auth/auth-state.ts'
import type { Arrival, Connection } from './commands/call.ts'
import { dispatch, failure, refuse, type Outcome } from './commands/dispatch.ts'
import type { ServerState } from './server-state.ts'
import { Framing, ProtocolError, RefusedMessage } from './wire/framing.ts'
import { doneWith } from './wire/message-memory.ts'
import { readMessage, type Reply, type Request } from './wire/message.ts'

type Envelope = Pick<Request, 'kind' | 'requestId' | 'moreToCome'>

interface Attempt {
  readonly request: Envelope
  readonly outcome: Outcome
}

/** Carries out one request; called again where it had to wait for a transaction. */
type Job = () => Attempt

function jobFor(state: ServerState, connection: Connection, message: Buffer): Job {
  try {
    const request = readMessage(message)
    const arrival: Arrival = { at: performance.now(), tally: undefined }
    return () => {
      const outcome = dispatch(state, connection, request, arrival)
      // A request that waits is read again; what a reply needs was copied.
      if (outcome.kind === 'reply') doneWith(message)
      return { request, outcome }
    }
  } catch (error) {
    if (!(error instanceof RefusedMessage)) throw error
    const outcome: Outcome = { kind: 'reply', reply: refuse(error.request, error.message), held: undefined }
    return () => ({ request: error.request, outcome })
  }
}

/** Serves one connection, one command after the other. Whatever comes in, at worst this connection ends. */
export function serveConnection(state: ServerState, socket: Socket): void {
  state.connections++
  const id = ++state.totalConnections
  const connection: Connection = {
    id,
    remote: `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`,
    auth: new AuthState(),
    client: undefined,
  }
  const framing = new Framing()
  let replyId = 0
  const waiting: Buffer[] = []
  /** A reply is held back: what comes after it on this connection waits too. */
  let isHeld = false
  /** Gives up waiting for a transaction. */
  let leave = (): void => undefined
  const send = (request: Envelope, reply: Reply): void => {
    if (request.moreToCome || socket.destroyed) return
    socket.write(reply.sendable(request.requestId, ++replyId))
  }
  const answer = (attempt: Job): void => {
    const { request, outcome } = attempt()
    if (outcome.kind === 'blocked') {
      isHeld = true
      const again = (): void =>
        guarded(() => {
          if (socket.destroyed) return
          isHeld = false
          answer(attempt)
          work()
        })
      leave = waitFor(state, outcome, again)
      return
    }
    const { held, reply } = outcome
    if (held === undefined) return send(request, reply)
    isHeld = true
    void held
      .then(
        () => reply,
        (error: unknown) => failure(request, state, error),
      )
      .then((last) =>
        guarded(() => {
          isHeld = false
          send(request, last)
          work()
        }),
      )
  }
  /** Answers what came; a client that does not read its replies must not fill the memory: it waits until they are gone. */
  const work = (): void => {
    while (waiting.length > 0 && !isHeld && !socket.writableNeedDrain && !socket.destroyed) {
      const next = waiting.shift()
      if (next !== undefined) answer(jobFor(state, connection, next))
    }
    if (isHeld || socket.writableNeedDrain) socket.pause()
    else socket.resume()
  }
  const guarded = (run: () => void): void => {
    try {
      run()
    } catch (error) {
      const message = error instanceof ProtocolError ? 'malformed message' : 'defect'
      state.log({
        message,
        attributes: doc({ connection: id, error: error instanceof Error ? error.message : String(error) }),
      })
      socket.destroy()
    }
  }
  socket.on('data', (chunk: Buffer) =>
    guarded(() => {
      for (const message of framing.push(chunk)) waiting.push(message)
      work()
    }),
  )
  socket.on('drain', () => guarded(work))
  // A connection that breaks is the client's affair.
  socket.on('error', () => socket.destroy())
  socket.once('close', () => {
    leave()
    state.connections--
  })
}

/** Calls `again` once: when the transaction has ended, or the time of the command is over. Returns what gives that up. */
function waitFor(
  { transactions }: ServerState,
  { by, deadline }: Extract<Outcome, { readonly kind: 'blocked' }>,
  again: () => void,
): () => void {
  let timer: NodeJS.Timeout | undefined
  const forget = transactions.whenEnded(by, () => {
    clearTimeout(timer)
    // Whoever ended the transaction is answered first.
    setImmediate(again)
  })
  if (deadline !== Infinity) {
    timer = setTimeout(
      () => {
        forget()
        again()
      },
      Math.ceil(deadline - performance.now()),
    )
  }
  return () => {
    clearTimeout(timer)
    forget()
  }
}
