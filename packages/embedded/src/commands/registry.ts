import { AGGREGATE_COMMANDS } from './aggregate-command.ts'
import { AUTHENTICATION_COMMANDS } from './authentication.ts'
import type { CommandDefinition } from './call.ts'
import { COLLECTION_COMMANDS } from './collection-commands.ts'
import { EXPLAIN_COMMANDS } from './explain-command.ts'
import { HANDSHAKE_COMMANDS } from './handshake.ts'
import { INDEX_COMMANDS } from './index-commands.ts'
import { READ_COMMANDS } from './read-commands.ts'
import { REPLICA_SET_COMMANDS } from './replica-set-commands.ts'
import { SESSION_COMMANDS } from './session-commands.ts'
import { STATISTICS_COMMANDS } from './statistics-commands.ts'
import { TRANSACTION_COMMANDS } from './transaction-commands.ts'
import { WRITE_COMMANDS } from './write-commands.ts'

/** Every command of the server: the dispatcher and the support page read this table. */
export const COMMANDS: readonly CommandDefinition[] = [
  ...HANDSHAKE_COMMANDS,
  ...AUTHENTICATION_COMMANDS,
  ...READ_COMMANDS,
  ...WRITE_COMMANDS,
  ...AGGREGATE_COMMANDS,
  ...COLLECTION_COMMANDS,
  ...INDEX_COMMANDS,
  ...STATISTICS_COMMANDS,
  ...SESSION_COMMANDS,
  ...TRANSACTION_COMMANDS,
  ...REPLICA_SET_COMMANDS,
  ...EXPLAIN_COMMANDS,
]

/** Definitions by each of their names. */
export const commandsByName = (): ReadonlyMap<string, CommandDefinition> =>
  new Map(COMMANDS.flatMap((command) => command.names.map((name) => [name, command] as const)))
