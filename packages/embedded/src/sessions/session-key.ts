import { doc, hashKey, isDoc, type Doc } from '@stage0/bson-schema'
import type { Call } from '../commands/call.ts'

/** What the keys of all sessions of a user begin with. */
export const sessionsOf = (user: string | undefined): string => `${user ?? ''}\0`

/** Sessions are told apart by their user and their id; the digest of the user that servers add to it is left out. */
export function sessionKey(user: string | undefined, session: Doc): string {
  const id = session.get('id')
  return `${sessionsOf(user)}${hashKey(id === undefined ? session : doc({ id }))}`
}

/** The key of the session of a command. */
export function sessionOf({ body, connection }: Pick<Call, 'body' | 'connection'>): string | undefined {
  const lsid = body.get('lsid')
  return isDoc(lsid) ? sessionKey(connection.auth.user?.name, lsid) : undefined
}
