import type { Observed } from '@stage0/core'
import type { StoredRun, TargetError } from '@stage0/engine'
import type { AppDeps } from '../../deps.ts'

/** How old what is shown of a database may be. */
const MAX_AGE_MS = 2000
/** Runs that last runs of collections are looked for in: the newest. */
const RUNS_LOOKED_AT = 200

/** What is known of the database, or why nothing is. */
export interface Observation {
  readonly asOf: Date
  readonly observed: Observed | undefined
  readonly error: TargetError | undefined
  /** Newest first; none where they could not be read. */
  readonly runs: readonly StoredRun[]
}

/** Looks at the database, or takes what was seen a moment ago. A database that cannot be read is an answer too. */
export function observer({ target, clock }: Pick<AppDeps, 'target' | 'clock'>): () => Promise<Observation> {
  // Runs are read once for each look, by the first who asks.
  const runs = new WeakMap<Observed, Promise<readonly StoredRun[]>>()
  const readRuns = async (): Promise<readonly StoredRun[]> => {
    const opened = await target.open()
    if (!opened.ok) return []
    const list = await opened.value.runs.list({ offset: 0, limit: RUNS_LOOKED_AT })
    return list.ok ? list.value.runs : []
  }
  return async () => {
    const look = await target.observe(MAX_AGE_MS)
    if (!look.ok) return { asOf: clock.now(), observed: undefined, error: look.error, runs: [] }
    const { observed, asOf } = look.value
    const reading = runs.get(observed) ?? readRuns()
    runs.set(observed, reading)
    return { observed, asOf, error: undefined, runs: await reading }
  }
}
