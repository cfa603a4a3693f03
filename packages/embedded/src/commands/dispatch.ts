import { decode, Doc, docOf, encode, type Value } from '@stage0/bson-schema'
import { isGranted } from '../auth/privileges.ts'
import { concat, inner, writeInt32 } from '../raw/build.ts'
import { arrayDocuments, findElement } from '../raw/codec.ts'
import type { ScannedDocument } from '../raw/scan-document.ts'
import { ServerError } from '../server-error.ts'
import type { ServerState } from '../server-state.ts'
import { ENDS_TRANSACTION, transactionFields as readTransactionFields } from '../sessions/transaction-fields.ts'
import { checkDatabaseName } from '../storage/names.ts'
import { Blocked } from '../transactions/blocked.ts'
import type { Transaction } from '../transactions/transaction.ts'
import { isTransient } from '../transactions/transaction-errors.ts'
import { ProtocolError } from '../wire/framing.ts'
import { MAX_MESSAGE_NESTING } from '../wire/limits.ts'
import { Reply, type Request } from '../wire/message.ts'
import type { Arrival, Call, CommandDefinition, Connection, RawReply } from './call.ts'
import { commitUnit, newUnit } from './commit.ts'
import { asServerError, errorReply, notAuthorized, okReply } from './dispatch-errors.ts'
import { checkFields, checkGenericFields, maxTimeOf } from './generic-fields.ts'
import { retryableOf, runStatement } from './run-statement.ts'

interface Decoded {
  readonly body: Doc
  readonly documents: readonly ScannedDocument[] | undefined
}

/** `insert` is the only command that has documents; its name is the first field. */
const isInsert = (body: Uint8Array): boolean => INSERT.every((code, i) => body[i + 5] === code)
const INSERT = [...Buffer.from('insert\0')]

/** Decodes a command; the documents of an insert stay raw, they are stored as they come. */
function decodeBody(request: Request): Decoded {
  const { body: bytes, sequences } = request
  let rest = bytes
  let documents: readonly ScannedDocument[] | undefined
  const element = sequences.size > 0 || !isInsert(bytes) ? undefined : findElement(bytes, 'documents')
  if (element?.type === 0x04) {
    documents = arrayDocuments(bytes, element, MAX_MESSAGE_NESTING)
    if (documents === undefined)
      throw new ServerError(14, "BSON field 'documents.0' is the wrong type, expected type 'object'")
    rest = concat([bytes.subarray(0, element.start), bytes.subarray(element.end)])
    new DataView(rest.buffer).setInt32(0, rest.length, true)
  }
  let body = decode(rest)
  for (const [name, items] of sequences) {
    if (body.has(name)) throw new ServerError(40413, `BSON field '${body.keys[0] ?? ''}.${name}' is a duplicate field`)
    if (name === 'documents') documents = items
    else
      body = body.with(
        name,
        items.map(({ bytes: all, from, end }) => decode(all.subarray(from, end))),
      )
  }
  return { body, documents }
}

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
  /** To be tried again when the transaction has ended, or at `deadline` (of `performance.now()`), when the time is over. */
  | { readonly kind: 'blocked'; readonly by: Transaction; readonly deadline: number }

/** Runs one request. Every failure of a command is a reply; a defect is code 1 and is logged. */
export function dispatch(server: ServerState, connection: Connection, request: Request, arrival: Arrival): Outcome {
  let isStatement = false
  try {
    const { body, documents } = decodeBody(request)
    isStatement = server.replicaSet !== undefined && body.has('autocommit')
    try {
      const reply = runCommand(server, connection, request, body, documents, arrival)
      return { kind: 'reply', reply: replyTo(request, server, reply), held: server.changes?.beforeReply?.(body) }
    } catch (error) {
      if (!(error instanceof Blocked)) throw error
      const deadline = deadlineOf(body, arrival)
      if (performance.now() >= deadline) throw outOfTime()
      return { kind: 'blocked', by: error.by, deadline }
    }
  } catch (error) {
    if (error instanceof ProtocolError) throw error
    return { kind: 'reply', reply: failure(request, server, error, isStatement), held: undefined }
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
): Doc | RawReply {
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
    return runStatement(call, transactionFields, definition)
  }
  const retryable = transactionFields === undefined ? undefined : retryableOf(call)
  try {
    return definition.run(retryable === undefined ? call : { ...call, retryable })
  } catch (error) {
    if (error instanceof Blocked) unit.undoStatement()
    throw error
  } finally {
    // What a command did before it failed stays, unless it cannot be kept.
    commitUnit(server, unit, retryable)
  }
}

const nextOperation = { id: 1 }
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
  const checkTime = (): void => {
    if (deadline !== Infinity && performance.now() > deadline) throw outOfTime()
  }
  const target = body.values[0]
  const namespace = typeof target === 'string' ? `${database}.${target}` : `${database}.$cmd`
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
    operation: { id: nextOperation.id++, namespace, command: body, startedAt: now },
    checkTime,
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
