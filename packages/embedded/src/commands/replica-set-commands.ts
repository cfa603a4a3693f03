import type { Doc } from '@stage0/bson-schema'
import { onServer } from '../auth/privileges.ts'
import type { ReplicaSet } from '../replica-set/replica-set.ts'
import { ServerError } from '../server-error.ts'
import type { ServerState } from '../server-state.ts'
import type { CommandDefinition } from './call.ts'

/** The address under which clients reach the server. */
export const addressOf = ({ host, port }: ServerState): string => `${host.includes(':') ? `[${host}]` : host}:${port}`

const told =
  (tell: (set: ReplicaSet, server: ServerState) => Doc) =>
  ({ server }: { readonly server: ServerState }): Doc => {
    if (server.replicaSet === undefined) throw new ServerError(76, 'not running with --replSet')
    return tell(server.replicaSet, server)
  }

export const REPLICA_SET_COMMANDS: readonly CommandDefinition[] = [
  {
    names: ['replSetGetStatus'],
    summary: 'replica-set mode only: one member, primary',
    fields: ['initialSync'],
    adminOnly: true,
    access: () => [onServer('replSetGetStatus')],
    run: told((set, server) => set.status(addressOf(server), server.startedAt)),
  },
  {
    names: ['replSetGetConfig'],
    summary: 'replica-set mode only: one member',
    fields: ['commitmentStatus'],
    adminOnly: true,
    access: () => [onServer('replSetGetConfig')],
    run: told((set, server) => set.config(addressOf(server))),
  },
]
