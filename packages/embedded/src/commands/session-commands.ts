import { doc, EMPTY_DOC, type Doc } from '@stage0/bson-schema'
import { onServer } from '../auth/privileges.ts'
import { currentOperation } from '../read/server-sources.ts'
import { ServerError } from '../server-error.ts'
import { sessionKey, sessionsOf } from '../sessions/session-key.ts'
import type { Call, CommandDefinition } from './call.ts'
import { Fields } from './fields.ts'

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
  return EMPTY_DOC
}

function currentOp(call: Call): Doc {
  return doc({ inprog: [currentOperation(call)] })
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
    summary: 'the command itself: no other runs meanwhile',
    fields: 'any',
    adminOnly: true,
    access: () => [onServer('inprog')],
    run: currentOp,
  },
  {
    names: ['killOp'],
    summary: 'accepted; commands run one after another, so none can be met while it runs',
    fields: ['op'],
    adminOnly: true,
    access: () => [onServer('killop')],
    run: ({ body }) => {
      if (body.get('op') === undefined) throw new ServerError(4, 'Did not provide "op" field')
      return doc({ info: 'attempting to kill op' })
    },
  },
]
