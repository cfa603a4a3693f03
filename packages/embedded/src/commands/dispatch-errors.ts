import { BsonError, Doc, doc, docOf, Double } from '@stage0/bson-schema'
import { isGranted, type Privilege } from '../auth/privileges.ts'
import { ServerError } from '../server-error.ts'
import type { ServerState } from '../server-state.ts'
import { shellDoc } from '../storage/shell-text.ts'
import type { Call } from './call.ts'

/** The reply with its `ok`. */
export const okReply = (reply: Doc): Doc => new Doc([...reply.keys, 'ok'], [...reply.values, ONE])
/** MongoDB answers `ok` as a double. */
const ONE = new Double(1)

export function asServerError(server: ServerState, error: unknown): ServerError {
  if (error instanceof ServerError) return error
  if (error instanceof BsonError) return new ServerError(22, error.message)
  if (error instanceof RangeError && /call stack/.test(error.message)) {
    return new ServerError(15, 'nested too deeply for the embedded server')
  }
  server.log({
    message: 'defect',
    attributes: doc({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  })
  return new ServerError(
    1,
    `internal error of the embedded server: ${error instanceof Error ? error.message : String(error)}`,
  )
}

/** `labels` tell the client what it may try again. */
export const errorReply = (error: ServerError, labels: readonly string[] = []): Doc =>
  docOf([
    ...(labels.length === 0 ? [] : [['errorLabels', labels] as const]),
    ['ok', ZERO],
    ['errmsg', error.message],
    ...(error.extra?.entries() ?? []),
    ['code', error.code],
    ['codeName', error.codeName],
  ])
const ZERO = new Double(0)

/** Error 13 with the server's text. */
export function notAuthorized({ database, body }: Pick<Call, 'database' | 'body'>): ServerError {
  return new ServerError(13, `not authorized on ${database} to execute command ${shellDoc(body)}`)
}

/** Whether the connection's user has a privilege; everybody has it on a server without users. */
export const mayDo = ({ server, connection }: Pick<Call, 'server' | 'connection'>, needed: Privilege): boolean =>
  server.users === undefined ||
  (connection.auth.user !== undefined && isGranted(connection.auth.user.privileges, needed))
