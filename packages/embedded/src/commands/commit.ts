import type { ServerState } from '../server-state.ts'
import { WriteUnit, type Change } from '../storage/write-unit.ts'

/** A unit for one command outside of transactions. */
export const newUnit = ({ catalog, changes, transactions }: ServerState): WriteUnit =>
  new WriteUnit(catalog, {
    noting: changes !== undefined,
    guard: transactions.size === 0 ? undefined : transactions,
    refuse: changes?.refuse?.bind(changes),
  })

/** Ends a unit: what it changed is told to whom it concerns. */
export function commitUnit(server: ServerState, unit: WriteUnit): void {
  if (!unit.wrote) return
  if (unit.changes.length > 0) server.transactions.committed(unit.changes)
  commit(server, unit.changes)
}

/** Tells what was changed, by a unit or by a transaction. */
export function commit(server: ServerState, changes: readonly Change[]): void {
  server.replicaSet?.clock.tick()
  if (changes.length > 0) server.changes?.committed(changes)
}
