import { decode, encode, type Doc } from '@stage0/bson-schema'
import { isGranted } from '../auth/privileges.ts'
import { concat } from '../raw/build.ts'
import { arrayDocuments, findElement } from '../raw/codec.ts'
import { ServerError } from '../server-error.ts'
import type { ServerState } from '../server-state.ts'
import { checkDatabaseName } from '../storage/names.ts'
import { WriteUnit } from '../storage/write-unit.ts'
import { ProtocolError } from '../wire/framing.ts'
import type { Request } from '../wire/message.ts'
import { RawReply, type Call, type CommandDefinition, type Connection } from './call.ts'
import { asServerError, errorReply, notAuthorized, okReply } from './dispatch-errors.ts'
import { checkFields, checkGenericFields, maxTimeOf } from './generic-fields.ts'

interface Decoded {
  readonly body: Doc
  readonly documents: readonly Uint8Array[] | undefined
}

/** Decodes a command; the documents of an insert stay raw, they are stored as they come. */
function decodeBody(request: Request): Decoded {
  const { body: bytes, sequences } = request
  let rest = bytes
  let documents: readonly Uint8Array[] | undefined
  const element = sequences.size > 0 ? undefined : findElement(bytes, 'documents')
  if (element?.type === 0x04) {
    documents = arrayDocuments(bytes, element)
    if (documents === undefined)
      throw new ServerError(14, "BSON field 'documents.0' is the wrong type, expected type 'object'")
    rest = concat([bytes.subarray(0, element.start), bytes.subarray(element.end)])
    new DataView(rest.buffer).setInt32(0, rest.length, true)
  }
  let body = decode(rest)
  for (const [name, items] of sequences) {
    if (body.has(name)) throw new ServerError(40413, `BSON field '${body.keys[0] ?? ''}.${name}' is a duplicate field`)
    if (name === 'documents') documents = items
    else body = body.with(name, items.map(decode))
  }
  return { body, documents }
}

const databaseOf = (request: Request, body: Doc): string => {
  const named = body.get('$db')
  if (typeof named === 'string') return named
  if (request.namespace === undefined) throw new ServerError(40571, 'OP_MSG requests require a $db argument')
  return request.namespace.slice(0, request.namespace.indexOf('.'))
}

/** What comes of a request. */
export interface Outcome {
  readonly reply: Uint8Array
  /** The reply goes out when this is resolved; a rejection takes its place. */
  readonly held: Promise<void> | undefined
}

/** Runs one request. Every failure of a command is a reply; a defect is code 1 and is logged. */
export function dispatch(server: ServerState, connection: Connection, request: Request): Outcome {
  try {
    const { body, documents } = decodeBody(request)
    const reply = runCommand(server, connection, request, body, documents)
    const bytes = reply instanceof RawReply ? reply.bytes : encode(reply.has('ok') ? reply : okReply(reply))
    return { reply: bytes, held: server.changes?.beforeReply?.(body) }
  } catch (error) {
    if (error instanceof ProtocolError) throw error
    return { reply: failure(server, error), held: undefined }
  }
}

/** The reply that tells a failure. */
export const failure = (server: ServerState, error: unknown): Uint8Array =>
  encode(errorReply(asServerError(server, error)))

/** The reply to a message that could not be taken. */
export const refuse = (message: string): Uint8Array => encode(errorReply(new ServerError(15, message)))

function runCommand(
  server: ServerState,
  connection: Connection,
  request: Request,
  body: Doc,
  documents: readonly Uint8Array[] | undefined,
): Doc | RawReply {
  const name = body.keys[0] ?? ''
  const definition = server.commands.get(name)
  if (definition === undefined) throw new ServerError(59, `no such command: '${name}'`)
  const isHello = definition.names[0] === 'hello'
  if (request.kind === 'query' && !isHello) {
    throw new ServerError(352, `Unsupported OP_QUERY command: ${name}. The client driver may require an upgrade.`)
  }
  const database = databaseOf(request, body)
  checkDatabaseName(database)
  if (definition.adminOnly === true && database !== 'admin') {
    throw new ServerError(13, `${name} may only be run against the admin database.`)
  }
  if (!isHello) checkGenericFields(name, body)
  checkFields(definition, name, body)
  const call = newCall(server, connection, database, name, body, documents)
  server.counters.set(name, (server.counters.get(name) ?? 0) + 1)
  authorize(call, definition, name)
  try {
    return definition.run(call)
  } finally {
    // What a command did before it failed stays.
    commit(server, call.unit)
  }
}

/** Tells what a unit changed to whom it concerns. */
export function commit(server: ServerState, unit: WriteUnit): void {
  if (unit.changes.length > 0) server.changes?.committed(unit.changes)
}

const nextOperation = { id: 1 }

function newCall(
  server: ServerState,
  connection: Connection,
  database: string,
  name: string,
  body: Doc,
  documents: readonly Uint8Array[] | undefined,
): Call {
  const now = server.clock()
  const limit = maxTimeOf(name, body)
  const deadline = performance.now() + limit
  const checkTime = (): void => {
    if (limit > 0 && performance.now() > deadline) throw new ServerError(50, 'operation exceeded time limit')
  }
  const target = body.values[0]
  const namespace = typeof target === 'string' ? `${database}.${target}` : `${database}.$cmd`
  return {
    server,
    connection,
    database,
    body,
    documents,
    unit: new WriteUnit(server.catalog, server.changes !== undefined),
    operation: { id: nextOperation.id++, namespace, command: body, startedAt: now },
    checkTime,
    context: (collation) => ({ collation, variables: new Map(), now, checkTime }),
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
