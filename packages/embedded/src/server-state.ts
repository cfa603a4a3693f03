import type { Doc } from '@stage0/bson-schema'
import type { User } from './auth/users.ts'
import type { CommandDefinition } from './commands/call.ts'
import type { Operation } from './commands/operation.ts'
import type { CursorStore } from './read/cursor-store.ts'
import type { Catalog } from './storage/catalog.ts'
import type { ReplicaSet } from './replica-set/replica-set.ts'
import type { ChangeSink } from './storage/changes.ts'
import type { OpenTransactions } from './transactions/open-transactions.ts'

/** One line of the server's log. */
export interface LogLine {
  readonly message: string
  readonly attributes: Doc | undefined
}

/** What all connections share. */
export interface ServerState {
  readonly catalog: Catalog
  /** Told of everything that is committed. */
  changes: ChangeSink | undefined
  /** Always empty on a standalone server. */
  readonly transactions: OpenTransactions
  /** Absent: a standalone server. */
  readonly replicaSet: ReplicaSet | undefined
  readonly cursors: CursorStore
  /** Commands that have stopped on their way. */
  readonly operations: Set<Operation>
  /** So long a command that can stop holds all others up. */
  readonly turnMs: number
  /** Absent: nobody signs in and everything is allowed. */
  readonly users: ReadonlyMap<string, User> | undefined
  readonly commands: ReadonlyMap<string, CommandDefinition>
  readonly log: (line: LogLine) => void
  readonly clock: () => Date
  readonly host: string
  port: number
  readonly startedAt: Date
  connections: number
  totalConnections: number
  readonly counters: Map<string, number>
}
