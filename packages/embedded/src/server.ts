import { createServer, type Socket } from 'node:net'
import { doc } from '@stage0/bson-schema'
import { readUsers, type UserOption } from './auth/users.ts'
import { commitUnit, newUnit } from './commands/commit.ts'
import { TURN_MS } from './commands/operation.ts'
import { commandsByName } from './commands/registry.ts'
import { DataFolder } from './durability/data-folder.ts'
import type { Files } from './durability/files.ts'
import { thisMachine, type Machine } from './durability/machine.ts'
import { nodeFiles } from './durability/node-files.ts'
import { describeDropped } from './durability/dropped.ts'
import { CursorStore } from './read/cursor-store.ts'
import { ReplicaSet } from './replica-set/replica-set.ts'
import { serveConnection } from './serve-connection.ts'
import { ServerError } from './server-error.ts'
import type { LogLine, ServerState } from './server-state.ts'
import { Budget } from './storage/budget.ts'
import { Catalog } from './storage/catalog.ts'
import { expireDocuments } from './storage/expire.ts'
import { OpenTransactions } from './transactions/open-transactions.ts'

const DEFAULT_MAX_DOCUMENTS = 1_000_000
const DEFAULT_MAX_BYTES = 2 * 1024 * 1024 * 1024
/** MongoDB's own rhythm. */
const TTL_SWEEP_MS = 60_000
/** A transaction whose client is gone holds up writers no longer than this beyond its life. */
const TRANSACTION_SWEEP_MS = 1_000
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
  /**
   * A folder that keeps the data: made when it does not exist, read when it does. Without one they are in memory only.
   * A write with `j: true` or `w: "majority"` is answered when it is on the disk, any other when the system has it: the
   * end of the process loses neither.
   */
  readonly data?: string
  /** Where the log of the folder is damaged in the middle: goes back to the last whole record before, and sets the rest aside. */
  readonly recover?: boolean
  /**
   * The name of a replica set of one member: sessions, retryable writes and transactions. Without it the server is standalone
   * and refuses them with code 20.
   */
  readonly replicaSet?: string
  readonly log?: (line: LogLine) => void
  readonly clock?: () => Date
}

export interface EmbeddedServer {
  /** `mongodb://127.0.0.1:50001/`, without credentials. */
  readonly uri: string
  readonly host: string
  readonly port: number
  /** A sentence about what the data folder held and could not be read; undefined where all was whole. */
  readonly notice: string | undefined
  /** Ends all connections. Data in memory are gone; a data folder gets a snapshot and is given back. */
  close(): Promise<void>
}

/** What a server with a data folder needs of the world. */
export interface World {
  readonly files: Files
  readonly machine: Machine
  /** Size of a log above which a snapshot is taken; for tests. */
  readonly snapshotFromBytes?: number
  /** How long a command runs before others have their turn; for tests. */
  readonly turnMs?: number
}

/**
 * Starts a MongoDB-compatible server in this process. It is for trials, tests and rehearsals: commands hold the thread, some
 * of them for long, so a service runs it in a process or worker of its own. Rejects with `TypeError` for options that do not fit, and
 * with `DataFolderError` for a folder that cannot be taken.
 */
export const startEmbedded = (options: EmbeddedOptions = {}): Promise<EmbeddedServer> =>
  startServer(options, { files: nodeFiles, machine: thisMachine })

/** As `startEmbedded`, on a disk that a test provides, and with a look at what all connections share. */
export async function startServer(
  options: EmbeddedOptions,
  world: World,
): Promise<EmbeddedServer & { readonly state: ServerState }> {
  const host = options.host ?? '127.0.0.1'
  if (!LOOPBACK.test(host) && (options.users ?? []).length === 0) {
    throw new TypeError(
      `the embedded server listens on ${host} only with users: without them everybody could read and write`,
    )
  }
  const state = newState(options, host, world.turnMs)
  const data = options.data === undefined ? undefined : await openData(state, options, options.data, world)
  state.changes = data
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    serveConnection(state, socket)
  })
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(options.port ?? 0, host, resolve)
    })
  } catch (error) {
    await data?.close()
    throw error
  }
  const sweep = setInterval(() => sweepExpired(state), TTL_SWEEP_MS)
  // The sweeps alone keep no process alive.
  sweep.unref()
  const ends = setInterval(() => state.transactions.expire(state.clock().getTime()), TRANSACTION_SWEEP_MS)
  ends.unref()
  const address = server.address()
  state.port = typeof address === 'object' && address !== null ? address.port : 0
  const name = host.includes(':') ? `[${host}]` : host
  const query = options.replicaSet === undefined ? '' : `?replicaSet=${encodeURIComponent(options.replicaSet)}`
  return {
    state,
    uri: `mongodb://${name}:${state.port}/${query}`,
    host,
    port: state.port,
    notice: data?.dropped === undefined ? undefined : describeDropped(data.dropped),
    close: async () => {
      clearInterval(sweep)
      clearInterval(ends)
      for (const operation of [...state.operations])
        operation.interrupt(new ServerError(11600, 'interrupted at shutdown'))
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      })
      await data?.close()
    },
  }
}

function openData(
  { catalog, clock, log }: ServerState,
  { recover = false, replicaSet }: EmbeddedOptions,
  folder: string,
  { snapshotFromBytes, ...ports }: World,
): Promise<DataFolder> {
  return DataFolder.open(
    { ...ports, clock, log },
    { folder, recover, waitsByDefault: replicaSet !== undefined, snapshotFromBytes },
    catalog,
  )
}

function newState(options: EmbeddedOptions, host: string, turnMs = TURN_MS): ServerState {
  const clock = options.clock ?? (() => new Date())
  const budget = new Budget(options.maxDocuments ?? DEFAULT_MAX_DOCUMENTS, options.maxBytes ?? DEFAULT_MAX_BYTES)
  const catalog = new Catalog(budget)
  const cursors = new CursorStore()
  const transactions = new OpenTransactions(catalog, (ended) =>
    cursors.killWhere(({ transaction }) => transaction === ended),
  )
  return {
    catalog,
    changes: undefined,
    transactions,
    replicaSet: options.replicaSet === undefined ? undefined : new ReplicaSet(options.replicaSet, clock, transactions),
    cursors,
    operations: new Set(),
    turnMs,
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

/** Removes the documents whose time is over, as a command of its own. */
function sweepExpired(state: ServerState): void {
  const unit = newUnit(state)
  try {
    expireDocuments(state.catalog, state.clock(), unit)
    commitUnit(state, unit)
  } catch (error) {
    // A disk that takes no more: the next round tries again.
    if (!(error instanceof ServerError)) throw error
    state.log({ message: 'expired documents stay', attributes: doc({ error: error.message }) })
  }
}
