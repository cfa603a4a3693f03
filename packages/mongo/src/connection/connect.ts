import type { TargetError } from '@stage0/engine'
import { err, ok, type Result } from '@stage0/types'
import { MongoClient, MongoError, MongoServerSelectionError, ReadConcern, type Db, type Document } from 'mongodb'
import { fullStop } from '../errors/full-stop.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { fail, targetError, type Attempt } from '../errors/target-error.ts'
import { attemptWith } from '../errors/translate.ts'
import { databaseNameProblem } from './database-name.ts'
import { redactFor, type Redact } from './redact.ts'
import { tlsProblem } from './tls-rule.ts'
import { watchServers, type WatchedServers } from './watch-servers.ts'

export interface ConnectOptions {
  /** `mongodb://` or `mongodb+srv://`. Never shown in an error, a log or an event. */
  readonly uri: string
  readonly database: string
  /** Longest wait for a suitable server, in milliseconds. Default: as the connection string says, else 5,000. */
  readonly serverSelectionTimeoutMs?: number
  /** Shown by the server in its logs and in `$currentOp`. */
  readonly appName?: string
  /** Refuse a connection without verified TLS, unless to this machine itself. Default false. */
  readonly requireTls?: boolean
  /** Errors name no value, key or `_id` of a stored document. Default false. */
  readonly hideValues?: boolean
  /** Called with each command that is sent; credentials are left out by the driver. */
  readonly onCommand?: (command: SentCommand) => void
}

/** A command as it was sent: for counting and replaying. */
export interface SentCommand {
  readonly name: string
  readonly database: string
  readonly command: Document
  /** As in the command; `undefined` where the server's default holds. */
  readonly writeConcern: Document | undefined
}

/** An open connection to one database. */
export interface Connection {
  readonly db: Db
  /** Runs driver calls and returns their failure as a result. */
  readonly attempt: Attempt
  /** Whether errors must name no value of a stored document. */
  readonly hidesValues: boolean
  /** Whether the driver knows of a server that takes writes, as far as its last look tells. */
  readonly hasPrimary: () => boolean
  close(): Promise<void>
}

const DEFAULT_SELECTION_TIMEOUT_MS = 5_000
const LONGEST_GOODBYE_MS = 2_000

/**
 * Connects to a database. Reads come from the primary with majority concern and writes are `{w: 'majority', j: true}`,
 * whatever the connection string says; no timeout of the client cuts a command off.
 *
 * Errors: CONNECTION_STRING_INVALID, DATABASE_NAME_INVALID, TLS_REQUIRED, TLS_NOT_VERIFIED, TARGET_UNREACHABLE,
 * TARGET_TLS_FAILED, TARGET_AUTHENTICATION_FAILED. After an error nothing stays open.
 */
export async function openConnection(options: ConnectOptions): Promise<Result<Connection, TargetError>> {
  const redact = redactFor(options.uri)
  const nameProblem = databaseNameProblem(options.database)
  if (nameProblem) return err(nameProblem)
  const made = makeClient(options, redact)
  if (!made.ok) return made
  const client = made.value
  const tls = tlsProblem(effectiveTls(client), options.requireTls ?? false)
  if (tls) return err(tls)
  const hidesValues = options.hideValues ?? false
  const attempt = attemptWith(redact, hidesValues)
  const servers = watchServers(client)
  const connected = await attempt('connect to the database', () => connectOrExplain(client, servers))
  if (!connected.ok) {
    await client.close()
    return connected
  }
  const db = client.db(options.database, {
    readPreference: 'primary',
    readConcern: new ReadConcern('majority'),
    writeConcern: { w: 'majority', journal: true },
  })
  return ok({ db, attempt, hidesValues, hasPrimary: servers.hasPrimary, close: () => closeInTime(client) })
}

/** A server that stands still does not take its leave: then it is not waited for. */
async function closeInTime(client: MongoClient): Promise<void> {
  const done = new AbortController()
  const late = sleep(LONGEST_GOODBYE_MS, undefined, { signal: done.signal }).catch(() => undefined)
  try {
    await Promise.race([client.close(), late])
  } finally {
    done.abort()
  }
}

/** Files that the connection string names are read only when connecting. */
async function connectOrExplain(client: MongoClient, servers: WatchedServers): Promise<void> {
  try {
    await client.connect()
  } catch (cause) {
    const mismatch = cause instanceof MongoServerSelectionError ? servers.setMismatch() : undefined
    if (mismatch !== undefined) fail('refused', 'CONNECTION_STRING_INVALID', mismatch.message, { hint: mismatch.hint })
    if (!(cause instanceof Error) || !('syscall' in cause) || cause instanceof MongoError) throw cause
    // mongodb+srv:// names no server: the name service does.
    if (String(cause.syscall).startsWith('query'))
      fail(
        'unreachable',
        'TARGET_UNREACHABLE',
        `The name service told no server for the connection string: ${cause.message}.`,
      )
    fail(
      'refused',
      'CONNECTION_STRING_INVALID',
      `A file that the connection string names cannot be read: ${cause.message}.`,
    )
  }
}

function makeClient(options: ConnectOptions, redact: Redact): Result<MongoClient, TargetError> {
  const invalid = (why: string) =>
    err(targetError('refused', 'CONNECTION_STRING_INVALID', fullStop(`The connection string is not valid: ${why}`)))
  if (!/^mongodb(\+srv)?:\/\//.test(options.uri)) return invalid('it must begin with mongodb:// or mongodb+srv://')
  // An @ after the first / or ? belongs to a password that is not encoded; the driver would take parts of it for hosts or options.
  if (/^[^/]+:\/\/[^/?]*[/?].*@/s.test(options.uri)) {
    return invalid('special characters in user name or password must be percent-encoded')
  }
  try {
    const client = new MongoClient(options.uri, {
      ...selectionTimeout(options),
      // Migrations and index builds take as long as they take; a limit here would leave them running on the server.
      socketTimeoutMS: 0,
      ...(options.appName === undefined ? {} : { appName: options.appName }),
      monitorCommands: options.onCommand !== undefined,
    })
    const { onCommand } = options
    if (onCommand) {
      client.on('commandStarted', (event) =>
        onCommand({
          name: event.commandName,
          database: event.databaseName,
          command: event.command,
          writeConcern: event.command['writeConcern'] as Document | undefined,
        }),
      )
    }
    return ok(client)
  } catch (cause) {
    // All that the constructor throws is about the connection string: parse errors, contradicting options, a missing file of tlsCAFile.
    return invalid(redact(cause instanceof Error ? cause.message : String(cause)))
  }
}

/** An option wins over the connection string, and that over our default. */
function selectionTimeout({ uri, serverSelectionTimeoutMs }: ConnectOptions): { serverSelectionTimeoutMS?: number } {
  if (serverSelectionTimeoutMs !== undefined) return { serverSelectionTimeoutMS: serverSelectionTimeoutMs }
  return /[?&]serverSelectionTimeoutMS=/i.test(uri) ? {} : { serverSelectionTimeoutMS: DEFAULT_SELECTION_TIMEOUT_MS }
}

function effectiveTls(client: MongoClient) {
  const { options } = client
  return {
    hosts: options.hosts.map((address) => address.socketPath ?? address.host ?? ''),
    srvHost: options.srvHost,
    tls: options.tls,
    verified: options.rejectUnauthorized !== false && options.checkServerIdentity === undefined,
  }
}
