import type { Allowed } from '@stage0/types'
import { hostsOf, isLoopback, type Settings } from '@stage0/workspace'

/** Whether the service works for one person at a desk, or from what was packaged; with the reason in words. */
export interface Mode {
  readonly mode: 'local' | 'packaged'
  readonly reason: string
}

/**
 * The write guard: local is only what a file says (`BUILT_AT` is `Local`), for a variable of the environment is set too easily, and only
 * where no TLS is demanded of the database, which is how production is set up.
 */
export function modeOf(settings: Settings): Mode {
  const { BUILT_AT, MONGODB_REQUIRE_TLS } = settings
  if (BUILT_AT.value === '') return { mode: 'packaged', reason: 'No file BUILT_AT of the repository says "Local".' }
  if (BUILT_AT.value !== 'Local') return { mode: 'packaged', reason: `The repository was packaged: ${BUILT_AT.value}.` }
  if (MONGODB_REQUIRE_TLS.value && !isDatabaseHere(settings)) {
    return { mode: 'packaged', reason: 'TLS is demanded of a database elsewhere (MONGODB_REQUIRE_TLS).' }
  }
  return { mode: 'local', reason: `"Local" in ${BUILT_AT.source}.` }
}

export const isDatabaseHere = (settings: Settings): boolean =>
  hostsOf(settings.MONGO_CONNECTION_STRING.value).every(isLoopback)

/** Files are edited in an editor: the service reads them. */
export function mayEditFiles({ mode, reason }: Mode): Allowed {
  if (mode === 'packaged') return { allowed: false, reason: `The files are read-only: ${reason}` }
  return { allowed: false, reason: 'This version shows files and does not change them; use an editor.' }
}

/** Whether dropping the database is possible at all; how many documents it holds is judged when it is asked for. */
export function mayDropDatabase({ mode, reason }: Mode, settings: Settings): Allowed {
  if (mode === 'packaged') return { allowed: false, reason: `Only in local mode: ${reason}` }
  if (!settings.ENABLE_DROP_DATABASE.value) return { allowed: false, reason: 'ENABLE_DROP_DATABASE is not true.' }
  return { allowed: true }
}
