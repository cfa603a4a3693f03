import { createServer, type Socket } from 'node:net'
import { doc } from '@stage0/bson-schema'
import { AuthState } from './auth/auth-state.ts'
import { readUsers, type UserOption } from './auth/users.ts'
import type { Connection } from './commands/call.ts'
import { dispatch, refuse } from './commands/dispatch.ts'
import { commandsByName } from './commands/registry.ts'
import { CursorStore } from './read/cursor-store.ts'
import type { LogLine, ServerState } from './server-state.ts'
import { Budget } from './storage/budget.ts'
import { Catalog } from './storage/catalog.ts'
import { expireDocuments } from './storage/expire.ts'
import { Framing, ProtocolError, RefusedMessage } from './wire/framing.ts'
import { readMessage, writeReply, type Request } from './wire/message.ts'

const DEFAULT_MAX_DOCUMENTS = 1_000_000
const DEFAULT_MAX_BYTES = 2 * 1024 * 1024 * 1024
/** MongoDB's own rhythm. */
const TTL_SWEEP_MS = 60_000
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/

export interface EmbeddedOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number
  /** Default 127.0.0.1. Anything beyond the loopback interface needs `users`. */
  readonly host?: string
  /** With users everybody signs in (SCRAM-SHA-256, users in `admin`). */
  readonly users?: readonly UserOption[]
  /** Default 1,000,000 over all databases. */
  readonly maxDocuments?: number
  /** Sum of all raw documents; default 2 GiB. */
  readonly maxBytes?: number
  readonly log?: (line: LogLine) => void
  readonly clock?: () => Date
}

export interface EmbeddedServer {
  /** `mongodb://127.0.0.1:50001/`, without credentials. */
  readonly uri: string
  readonly host: string
  readonly port: number
  /** Ends all connections; the data is gone. */
  close(): Promise<void>
}

/**
 * Starts a MongoDB-compatible server in this process, in memory. It is for trials, tests and rehearsals: long commands hold
 * the thread, so a service runs it in a process or worker of its own. Rejects with `TypeError` for options that do not fit.
 */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedServer> {
  const host = options.host ?? '127.0.0.1'
  if (!LOOPBACK.test(host) && (options.users ?? []).length === 0) {
    throw new TypeError(
      `the embedded server listens on ${host} only with users: without them everybody could read and write`,
    )
  }
  const state = newState(options, host)
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    serve(state, socket)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, host, resolve)
  })
  const sweep = setInterval(() => expireDocuments(state.catalog, state.clock()), TTL_SWEEP_MS)
  // The sweep alone keeps no process alive.
  sweep.unref()
  const address = server.address()
  state.port = typeof address === 'object' && address !== null ? address.port : 0
  const name = host.includes(':') ? `[${host}]` : host
  return {
    uri: `mongodb://${name}:${state.port}/`,
    host,
    port: state.port,
    close: () =>
      new Promise((resolve) => {
        clearInterval(sweep)
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function newState(options: EmbeddedOptions, host: string): ServerState {
  const clock = options.clock ?? (() => new Date())
  const budget = new Budget(options.maxDocuments ?? DEFAULT_MAX_DOCUMENTS, options.maxBytes ?? DEFAULT_MAX_BYTES)
  return {
    catalog: new Catalog(budget),
    cursors: new CursorStore(),
    users: options.users === undefined || options.users.length === 0 ? undefined : readUsers(options.users),
    commands: commandsByName(),
    log: options.log ?? (() => undefined),
    clock,
    host,
    port: 0,
    startedAt: clock(),
    connections: 0,
    totalConnections: 0,
    counters: new Map(),
  }
}

function reactTo(
  state: ServerState,
  connection: Connection,
  message: Buffer,
): { readonly request: Pick<Request, 'kind' | 'requestId' | 'moreToCome'>; readonly reply: Uint8Array } {
  try {
    const request = readMessage(message)
    return { request, reply: dispatch(state, connection, request) }
  } catch (error) {
    if (error instanceof RefusedMessage) return { request: error.request, reply: refuse(error.message) }
    throw error
  }
}

/** Serves one connection. Whatever comes in, at worst this connection ends. */
function serve(state: ServerState, socket: Socket): void {
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
  const answer = (message: Buffer): void => {
    const { request, reply } = reactTo(state, connection, message)
    if (request.moreToCome) return
    socket.cork()
    for (const part of writeReply(request, ++replyId, reply)) socket.write(part)
    socket.uncork()
  }
  const waiting: Buffer[] = []
  /** Answers what came; a client that does not read its replies must not fill the memory: it waits until they are gone. */
  const work = (): void => {
    while (waiting.length > 0 && !socket.writableNeedDrain && !socket.destroyed) {
      const next = waiting.shift()
      if (next !== undefined) answer(next)
    }
    if (socket.writableNeedDrain) socket.pause()
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
