import { Doc, docOf, encode, type Value } from '@stage0/bson-schema'
import { isGranted } from '../auth/privileges.ts'
import { inner, writeInt32 } from '../raw/build.ts'
import type { ScannedDocument } from '../raw/scan-document.ts'
import { ServerError } from '../server-error.ts'
import type { ServerState } from '../server-state.ts'
import { ENDS_TRANSACTION, transactionFields as readTransactionFields } from '../sessions/transaction-fields.ts'
import { checkDatabaseName } from '../storage/names.ts'
import { Blocked } from '../transactions/blocked.ts'
import type { Transaction } from '../transactions/transaction.ts'
import { isTransient } from '../transactions/transaction-errors.ts'
import { ProtocolError } from '../wire/framing.ts'
import { Reply, type Request } from '../wire/message.ts'
import type { Arrival, Call, CommandDefinition, Connection, RawReply } from './call.ts'
import { newUnit } from './commit.ts'
import { decodeBody } from './decode-body.ts'
import { asServerError, errorReply, notAuthorized, okReply } from './dispatch-errors.ts'
import { checkFields, checkGenericFields, maxTimeOf } from './generic-fields.ts'
import { Operation } from './operation.ts'
import { runInUnit, type Ran } from './run-in-unit.ts'
import { retryableOf, runStatement } from './run-statement.ts'

const databaseOf = (request: Request, body: Doc): string => {
  const named = body.get('$db')
  if (typeof named === 'string') return named
  if (request.namespace === undefined) throw new ServerError(40571, 'OP_MSG requests require a $db argument')
  return request.namespace.slice(0, request.namespace.indexOf('.'))
}

/** What comes of an attempt to carry out a request. */
export type Outcome =
  | {
      readonly kind: 'reply'
      readonly reply: Reply
      /** The reply goes out when this is resolved; a rejection takes its place. */
      readonly held: Promise<void> | undefined
    }
  /** `goOn` is called after the turn of others; where there is a transaction, when it has ended or the time is over. */
  | {
      readonly kind: 'paused'
      /** Half done: it goes on whether the client is there or not. Absent where nothing stays of the attempt. */
      readonly operation: Operation | undefined
      readonly by: Transaction | undefined
      /** Of `performance.now()`. */
      readonly deadline: number
      readonly goOn: () => Outcome
    }

/** Runs one request. Every failure of a command is a reply; a defect is code 1 and is logged. */
export function dispatch(server: ServerState, connection: Connection, request: Request, arrival: Arrival): Outcome {
  let isStatement = false
  const failed = (error: unknown): Outcome => {
    if (error instanceof ProtocolError) throw error
    return { kind: 'reply', reply: failure(request, server, error, isStatement), held: undefined }
  }
  const attempt = (body: Doc, run: () => Ran): Outcome => {
    try {
      const ran = noting(server, arrival, run)
      if (ran.kind === 'done') {
        const held = server.changes?.beforeReply?.(body, arrival.hasWritten)
        return { kind: 'reply', reply: replyTo(request, server, ran.reply), held }
      }
      return { ...ran, deadline: deadlineOf(body, arrival), goOn: () => attempt(body, ran.goOn) }
    } catch (error) {
      if (!(error instanceof Blocked)) return failed(error)
      const deadline = deadlineOf(body, arrival)
      if (performance.now() >= deadline) return failed(outOfTime())
      const goOn = (): Outcome => dispatch(server, connection, request, arrival)
      return { kind: 'paused', operation: undefined, by: error.by, deadline, goOn }
    }
  }
  try {
    const { body, documents } = decodeBody(request)
    isStatement = server.replicaSet !== undefined && body.has('autocommit')
    return attempt(body, () => runCommand(server, connection, request, body, documents, arrival))
  } catch (error) {
    return failed(error)
  }
}

/** Remembers whether something was committed: what others do until the reply is none of its writes. */
function noting({ changes }: ServerState, arrival: Arrival, run: () => Ran): Ran {
  try {
    return run()
  } finally {
    if (changes?.takeWritten?.() === true) arrival.hasWritten = true
  }
}

/** The fields that every reply of a replica set carries. */
const replySetFields = (server: ServerState): readonly (readonly [string, Value])[] =>
  server.replicaSet?.replyFields() ?? []

function replyTo({ kind }: Pick<Request, 'kind'>, server: ServerState, reply: Doc | RawReply): Reply {
  const more = replySetFields(server)
  if (reply instanceof Doc) {
    const whole = reply.has('ok') ? reply : okReply(reply)
    return encoded(kind, more.length === 0 ? whole : docOf([...whole.entries(), ...more]))
  }
  const rest = more.length === 0 ? undefined : inner(encode(docOf(more)))
  const bytes = EMPTY_DOCUMENT_BYTES + reply.bytes + (rest?.length ?? 0)
  const message = new Reply(kind, bytes)
  const { document } = message
  writeInt32(document, 0, bytes)
  const at = reply.write(document, 4)
  if (rest !== undefined) document.set(rest, at)
  document[bytes - 1] = 0
  return message
}

const EMPTY_DOCUMENT_BYTES = 5

function encoded(kind: Request['kind'], document: Doc): Reply {
  const bytes = encode(document)
  const reply = new Reply(kind, bytes.length)
  reply.document.set(bytes)
  return reply
}

/** The reply that tells a failure; of a statement of a transaction with the label that lets the client try again. */
export function failure(
  request: Pick<Request, 'kind'>,
  server: ServerState,
  cause: unknown,
  isStatement = false,
): Reply {
  const error = asServerError(server, cause)
  const labels = isStatement && isTransient(error.code) ? ['TransientTransactionError'] : []
  return encoded(request.kind, docOf([...errorReply(error, labels).entries(), ...replySetFields(server)]))
}

const outOfTime = (): ServerError => new ServerError(50, 'operation exceeded time limit')

/** Of `performance.now()`; infinite without `maxTimeMS`. */
function deadlineOf(body: Doc, arrival: Arrival): number {
  const limit = maxTimeOf(body.keys[0] ?? '', body)
  return limit === 0 ? Infinity : arrival.at + limit
}

/** The reply to a message that could not be taken. */
export const refuse = ({ kind }: Pick<Request, 'kind'>, message: string): Reply =>
  encoded(kind, errorReply(new ServerError(15, message)))

function runCommand(
  server: ServerState,
  connection: Connection,
  request: Request,
  body: Doc,
  documents: readonly ScannedDocument[] | undefined,
  arrival: Arrival,
): Ran {
  if (server.transactions.size > 0) server.transactions.expire(server.clock().getTime())
  const name = body.keys[0] ?? ''
  const definition = server.commands.get(name)
  if (definition === undefined) throw new ServerError(59, `no such command: '${name}'`)
  const command = definition.names[0] ?? name
  const isHello = command === 'hello'
  if (request.kind === 'query' && !isHello) {
    throw new ServerError(352, `Unsupported OP_QUERY command: ${name}. The client driver may require an upgrade.`)
  }
  const database = databaseOf(request, body)
  checkDatabaseName(database)
  if (definition.adminOnly === true && database !== 'admin') {
    throw new ServerError(13, `${name} may only be run against the admin database.`)
  }
  if (!isHello) checkGenericFields(name, body, server.replicaSet)
  const isOfSession = server.replicaSet !== undefined && !isHello
  const transactionFields = isOfSession ? readTransactionFields(command, database, body) : undefined
  checkFields(definition, name, body)
  const unit = newUnit(server)
  const call = newCall(server, connection, { database, body, documents, arrival, unit, transactionFields })
  if (arrival.tally === undefined) server.counters.set(name, (server.counters.get(name) ?? 0) + 1)
  authorize(call, definition, name)
  if (transactionFields?.isTransaction === true && !ENDS_TRANSACTION.includes(command)) {
    return { kind: 'done', reply: runStatement(call, transactionFields, definition) }
  }
  const retryable = transactionFields === undefined ? undefined : retryableOf(call)
  // What can be sent again is carried out at once: the session remembers the whole of it, or nothing.
  const whole = retryable === undefined ? call : { ...call, retryable, isTurnOver: () => false }
  return runInUnit(whole, unit, definition.run)
}

const NO_VARIABLES: ReadonlyMap<string, Value> = new Map()

function newCall(
  server: ServerState,
  connection: Connection,
  given: Pick<Call, 'database' | 'body' | 'documents' | 'arrival' | 'unit' | 'transactionFields'>,
): Call {
  // Field by field: a spread costs several times as much, for every command.
  const { database, body, documents, arrival, unit, transactionFields } = given
  const now = server.clock()
  const deadline = deadlineOf(body, arrival)
  const target = body.values[0]
  const namespace = typeof target === 'string' ? `${database}.${target}` : `${database}.$cmd`
  const operation = new Operation(connection, namespace, body, now)
  const checkTime = (): void => {
    if (deadline !== Infinity && performance.now() - operation.idleMs > deadline) throw outOfTime()
  }
  return {
    server,
    connection,
    database,
    body,
    documents,
    arrival,
    unit,
    transactionFields,
    catalog: server.catalog,
    transaction: undefined,
    retryable: undefined,
    operation,
    checkTime,
    isTurnOver: () => operation.isTurnOver(),
    context: (collation, variables = NO_VARIABLES) => ({ collation, variables, now, checkTime }),
  }
}

function authorize(call: Call, definition: CommandDefinition, name: string): void {
  if (call.server.users === undefined) return
  const access = definition.access(call)
  if (access === 'public') return
  const { user } = call.connection.auth
  if (user === undefined) throw new ServerError(13, `Command ${name} requires authentication`)
  if (access === 'login' || access.every((needed) => isGranted(user.privileges, needed))) return
  throw notAuthorized(call)
}
