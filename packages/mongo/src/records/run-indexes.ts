import type { Db, Document } from 'mongodb'
import { MAJORITY, runCommand } from '../act/run-command.ts'
import { RUNS } from './names.ts'

/** For lists: newest first, without the parts of the runs. */
const NEWEST = { name: 'stage0_newest', key: { claimed_token: -1 }, partialFilterExpression: { kind: 'run' } }
const BY_KEY = {
  name: 'stage0_idempotency_key',
  key: { idempotency_key: 1 },
  unique: true,
  partialFilterExpression: { idempotency_key: { $exists: true } },
}

/** Makes the indexes of `stage0_runs` when they are first needed; afterwards it costs nothing. */
export function runIndexes(db: Db): (withKey: boolean) => Promise<void> {
  const made = new Set<string>()
  return async (withKey) => {
    const missing: Document[] = (withKey ? [NEWEST, BY_KEY] : [NEWEST]).filter(({ name }) => !made.has(name))
    if (missing.length === 0) return
    await runCommand(db, { createIndexes: RUNS, indexes: missing, writeConcern: MAJORITY })
    for (const { name } of missing) made.add(String(name))
  }
}
