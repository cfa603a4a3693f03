import { doc, EMPTY_DOC, hashKey, type Doc, type Value } from '@stage0/bson-schema'
import { onServer } from '../auth/privileges.ts'
import { currentOperation } from '../read/server-sources.ts'
import { ServerError } from '../server-error.ts'
import type { Call, CommandDefinition } from './call.ts'
import { Fields } from './fields.ts'

/** Closes the cursors of sessions; there is nothing else that a session holds here. */
function endSessions({ server, body }: Call): Doc {
  const ids = new Fields(body.keys[0] ?? '', body).docs(body.keys[0] ?? '') ?? []
  const keys = new Set(ids.map((id) => sessionKey(id)))
  const all = ids.length === 0 && body.keys[0] === 'killSessions'
  server.cursors.killWhere(({ session }) => session !== undefined && (all || keys.has(session)))
  return EMPTY_DOC
}

/** Sessions are told apart by their id; the user's digest that servers add to it is left out. */
const sessionKey = (session: Doc): string => {
  const id: Value | undefined = session.get('id')
  return hashKey(id === undefined ? session : doc({ id }))
}

function currentOp(call: Call): Doc {
  return doc({ inprog: [currentOperation(call)] })
}

function noTransaction({ body }: Call): Doc {
  throw new ServerError(
    20,
    `Transaction numbers are only allowed on a replica set member or mongos (${body.keys[0] ?? ''})`,
  )
}

export const SESSION_COMMANDS: readonly CommandDefinition[] = [
  {
    names: ['endSessions'],
    summary: 'closes the cursors of sessions',
    fields: [],
    access: () => 'login',
    run: endSessions,
  },
  {
    names: ['killSessions'],
    summary: 'closes the cursors of sessions',
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
  {
    names: ['commitTransaction'],
    summary: 'refused: standalone server',
    fields: ['recoveryToken'],
    adminOnly: true,
    access: () => 'login',
    run: noTransaction,
  },
  {
    names: ['abortTransaction'],
    summary: 'refused: standalone server',
    fields: ['recoveryToken'],
    adminOnly: true,
    access: () => 'login',
    run: noTransaction,
  },
]
