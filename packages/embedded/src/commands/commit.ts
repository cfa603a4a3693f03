import type { ServerState } from '../server-state.ts'
import type { RetryableStatements } from '../sessions/statements.ts'
import type { Change } from '../storage/changes.ts'
import { undo } from '../storage/undo.ts'
import { WriteUnit } from '../storage/write-unit.ts'
import type { UnitOptions } from '../storage/writer.ts'

/** What a unit that begins now has to mind. */
export const unitOptions = ({ changes, transactions }: ServerState): UnitOptions => ({
  noting: changes !== undefined,
  guard: transactions.size === 0 ? undefined : transactions,
  refuse: changes?.refuse?.bind(changes),
})

/** A unit for one command outside of transactions. */
export const newUnit = (server: ServerState): WriteUnit => new WriteUnit(server.catalog, unitOptions(server))

/** Ends a unit: what it changed is told to whom it concerns, or taken back where it cannot be kept. */
export function commitUnit(server: ServerState, unit: WriteUnit, retryable?: RetryableStatements): void {
  if (!unit.wrote) return
  try {
    keep(server, unit.changes)
  } catch (error) {
    retryable?.forget()
    throw error
  }
  if (unit.changes.length > 0) server.transactions.committed(unit.changes)
}

/** Keeps what was changed, by a unit or by a transaction. What cannot be kept is taken back, before anybody has seen it. */
export function keep(server: ServerState, changes: readonly Change[]): void {
  try {
    if (changes.length > 0) server.changes?.committed(changes)
  } catch (error) {
    undo(server.catalog, changes)
    throw error
  }
  server.replicaSet?.clock.tick()
}
