import type { Doc } from '@stage0/bson-schema'
import type { ServerError } from '../server-error.ts'
import type { Connection } from './call.ts'

/** So long a command runs before others have their turn. MongoDB's own: `internalQueryExecYieldPeriodMS`. */
export const TURN_MS = 10

const next = { id: 1 }

/** A command that runs: shown by `$currentOp`, ended by `killOp`. */
export class Operation {
  readonly id = next.id++
  readonly connection: Connection
  readonly namespace: string
  readonly command: Doc
  readonly startedAt: Date
  /** How often it has stopped for others. */
  pauses = 0
  /** So long its cursor waited for the client to ask for more: only what is worked counts towards `maxTimeMS`. */
  idleMs = 0
  /** What it fails with instead of going on. */
  interrupted: ServerError | undefined
  /** Lets it go on at once, whatever it waits for; absent while it does not wait. */
  wake: (() => void) | undefined
  #turnEnds = Infinity

  constructor(connection: Connection, namespace: string, command: Doc, startedAt: Date) {
    this.connection = connection
    this.namespace = namespace
    this.command = command
    this.startedAt = startedAt
  }

  beginTurn(ms: number): void {
    this.#turnEnds = performance.now() + ms
  }

  /** Whether others have waited long enough. */
  isTurnOver(): boolean {
    return performance.now() >= this.#turnEnds
  }

  /** Ends it where it stops next; what it did until then stays. */
  interrupt(error: ServerError): void {
    this.interrupted ??= error
    this.wake?.()
  }
}
