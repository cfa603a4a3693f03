import { doc, EMPTY_DOC, isNumeric, type Doc } from '@stage0/bson-schema'
import { onServer } from '../auth/privileges.ts'
import { currentOperations } from '../read/server-sources.ts'
import { ServerError } from '../server-error.ts'
import { sessionKey, sessionOf, sessionsOf } from '../sessions/session-key.ts'
import type { ServerState } from '../server-state.ts'
import type { Call, CommandDefinition } from './call.ts'
import type { Operation } from './operation.ts'
import { Fields, isSet, toNumber } from './fields.ts'

/** Closes the cursors of sessions and aborts their transactions. An empty list of killSessions means all of the user. */
function endSessions({ server, body, connection }: Call): Doc {
  const ids = new Fields(body.keys[0] ?? '', body).docs(body.keys[0] ?? '') ?? []
  const keys = new Set(ids.map((id) => sessionKey(connection.auth.user?.name, id)))
  const all = ids.length === 0 && body.keys[0] === 'killSessions'
  const ofUser = sessionsOf(connection.auth.user?.name)
  const isMeant = (session: string | undefined): boolean =>
    session !== undefined && (all ? session.startsWith(ofUser) : keys.has(session))
  server.cursors.killWhere(({ session }) => isMeant(session))
  server.replicaSet?.sessions.end(isMeant)
  if (body.keys[0] !== 'killSessions') return EMPTY_DOC
  interrupt(server, (operation) => isMeant(sessionOf({ body: operation.command, connection: operation.connection })))
  return EMPTY_DOC
}

function interrupt({ operations }: ServerState, isMeant: (operation: Operation) => boolean): void {
  for (const operation of operations)
    if (isMeant(operation)) operation.interrupt(new ServerError(11601, 'operation was interrupted'))
}

function currentOp(call: Call): Doc {
  return doc({ inprog: currentOperations(call, !isSet(call.body.get('$ownOps'))) })
}

function killOp({ server, body }: Call): Doc {
  const id = body.get('op')
  if (id === undefined) throw new ServerError(4, 'Did not provide "op" field')
  interrupt(server, (operation) => isNumeric(id) && toNumber(id) === operation.id)
  return doc({ info: 'attempting to kill op' })
}

export const SESSION_COMMANDS: readonly CommandDefinition[] = [
  {
    names: ['endSessions'],
    summary: 'closes the cursors of sessions and aborts their transactions',
    fields: [],
    access: () => 'login',
    run: endSessions,
  },
  {
    names: ['killSessions'],
    summary: 'closes the cursors of sessions and aborts their transactions',
    fields: [],
    access: () => 'login',
    run: endSessions,
  },
  {
    names: ['currentOp'],
    summary: 'the command itself, and long ones that let it through',
    fields: 'any',
    adminOnly: true,
    access: () => [onServer('inprog')],
    run: currentOp,
  },
  {
    names: ['killOp'],
    summary: 'ends a long command where it lets others through; what it did until then stays',
    fields: ['op'],
    adminOnly: true,
    access: () => [onServer('killop')],
    run: killOp,
  },
]
