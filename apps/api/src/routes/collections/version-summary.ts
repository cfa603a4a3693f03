import { compareVersions, parseVersion, versionText, type Configuration, type ConfigurationVersion } from '@stage0/core'
import type { VersionSummary } from '@stage0/types'
import type { Observation } from './observation.ts'

/**
 * What the database and the history know of a version.
 *
 * @param recorded Version that the database is at, four parts; `undefined` where it has none.
 */
export function versionSummary(
  { name }: Configuration,
  version: ConfigurationVersion,
  recorded: string | undefined,
  observation: Observation,
): VersionSummary {
  const number = versionText(version.number)
  const applied = observation.observed?.history.findLast((one) => one.collection === name && one.version === number)
  const state = stateOf(version, recorded, observation)
  const runId = state === 'pending' ? undefined : applied?.runId
  const at =
    (state === 'current' ? recordedAt(name, observation) : undefined) ??
    observation.runs.find((run) => run.runId === runId)?.finishedAt
  return {
    version: number,
    written: version.written,
    locked: version.locked,
    state,
    ...(at !== undefined && { applied_at: at }),
    ...(runId !== undefined && { run_id: runId }),
  }
}

function stateOf(
  { number }: ConfigurationVersion,
  recorded: string | undefined,
  { observed }: Observation,
): VersionSummary['state'] {
  if (observed === undefined) return 'unknown'
  const at = recorded === undefined ? undefined : parseVersion(recorded)
  if (at === undefined) return 'pending'
  const order = compareVersions(number, at)
  if (order === 0) return 'current'
  return order < 0 ? 'applied' : 'pending'
}

/** When the version that the database is at was recorded; databases that others wrote to do not tell. */
function recordedAt(name: string, { observed }: Observation): string | undefined {
  const at = observed?.versions.find(({ collection }) => collection === name)?.document.get('applied_at')
  return at instanceof Date ? at.toISOString() : undefined
}
