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

/** Carries out one request, or goes on with it where it has paused. */
type Job = () => Attempt
type Paused = Extract<Outcome, { readonly kind: 'paused' }>

function jobFor(state: ServerState, connection: Connection, message: Buffer): Job {
  try {
    const request = readMessage(message)
    const arrival: Arrival = { at: performance.now(), tally: undefined, hasWritten: false }
    const attempt = (outcome: Outcome): Outcome => {
      if (outcome.kind === 'paused') return { ...outcome, goOn: () => attempt(outcome.goOn()) }
      // A request that waits is read again; what a reply needs was copied.
      doneWith(message)
      return outcome
    }
    return () => ({ request, outcome: attempt(dispatch(state, connection, request, arrival)) })
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
    if (outcome.kind === 'paused') {
      isHeld = true
      const giveUp = waitFor(state, outcome, () =>
        guarded(() => {
          // What is half done goes on without its client, as it does on MongoDB.
          if (socket.destroyed && outcome.operation === undefined) return
          isHeld = false
          answer(() => ({ request, outcome: outcome.goOn() }))
          work()
        }),
      )
      leave = outcome.operation === undefined ? giveUp : () => undefined
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

/**
 * Calls `again` once: after the turn of others, or when the transaction has ended, the time of the command is over, or
 * somebody interrupts it. Returns what gives that up.
 */
function waitFor({ transactions }: ServerState, { by, deadline, operation }: Paused, again: () => void): () => void {
  let timer: NodeJS.Timeout | undefined
  let forget = (): void => undefined
  const giveUp = (): void => {
    clearTimeout(timer)
    forget()
    if (operation !== undefined) operation.wake = undefined
  }
  const goOn = (): void => {
    giveUp()
    // Whoever gave the sign is answered first, and so is whatever came in meanwhile.
    setImmediate(again)
  }
  if (by === undefined) {
    setImmediate(again)
    return giveUp
  }
  forget = transactions.whenEnded(by, goOn)
  if (operation !== undefined) operation.wake = goOn
  if (deadline !== Infinity) timer = setTimeout(goOn, Math.ceil(deadline - performance.now()))
  return giveUp
}
