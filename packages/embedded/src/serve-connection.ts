import type { Socket } from 'node:net'
import { doc } from '@stage0/bson-schema'
import { AuthState } from './auth/auth-state.ts'
import type { Connection } from './commands/call.ts'
import { dispatch, failure, refuse, type Outcome } from './commands/dispatch.ts'
import type { ServerState } from './server-state.ts'
import { Framing, ProtocolError, RefusedMessage } from './wire/framing.ts'
import { readMessage, writeReply, type Request } from './wire/message.ts'

type Envelope = Pick<Request, 'kind' | 'requestId' | 'moreToCome'>

function reactTo(
  state: ServerState,
  connection: Connection,
  message: Buffer,
): { readonly request: Envelope; readonly outcome: Outcome } {
  try {
    const request = readMessage(message)
    return { request, outcome: dispatch(state, connection, request) }
  } catch (error) {
    if (error instanceof RefusedMessage)
      return { request: error.request, outcome: { reply: refuse(error.message), held: undefined } }
    throw error
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
  const send = (request: Envelope, reply: Uint8Array): void => {
    if (request.moreToCome || socket.destroyed) return
    socket.cork()
    for (const part of writeReply(request, ++replyId, reply)) socket.write(part)
    socket.uncork()
  }
  const answer = (message: Buffer): void => {
    const { request, outcome } = reactTo(state, connection, message)
    if (outcome.held === undefined) return send(request, outcome.reply)
    isHeld = true
    void outcome.held
      .then(
        () => outcome.reply,
        (error: unknown) => failure(state, error),
      )
      .then((reply) =>
        guarded(() => {
          isHeld = false
          send(request, reply)
          work()
        }),
      )
  }
  /** Answers what came; a client that does not read its replies must not fill the memory: it waits until they are gone. */
  const work = (): void => {
    while (waiting.length > 0 && !isHeld && !socket.writableNeedDrain && !socket.destroyed) {
      const next = waiting.shift()
      if (next !== undefined) answer(next)
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
    state.connections--
  })
}
