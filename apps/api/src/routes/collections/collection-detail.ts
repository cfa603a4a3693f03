import { inspectVersion, versionText as fourParts } from '@stage0/core'
import type { CollectionDetail, CollectionRow, VersionDetail } from '@stage0/types'
import type { Settings, Snapshot } from '@stage0/workspace'
import { HttpProblem } from '../../http-problem.ts'
import { collectionsOf } from './collection-files.ts'
import { knownOf } from './collection-list.ts'
import { findVersion } from './find-version.ts'
import type { Observation } from './observation.ts'
import { versionSummary } from './version-summary.ts'

/** @throws HttpProblem COLLECTION_UNKNOWN */
export function collectionDetail(
  snapshot: Snapshot,
  settings: Settings,
  observation: Observation,
  name: string,
): CollectionDetail {
  const row = rowOf(snapshot, settings, observation, name)
  const configuration = snapshot.repository.configurations.get(name)
  const versions = configuration?.versions.map((each) => versionSummary(configuration, each, row.recorded, observation))
  const problems = collectionsOf(snapshot, settings).collections.get(name)?.problems ?? []
  return { row, versions: versions?.reverse() ?? [], problems: [...problems] }
}

/**
 * Everything about one version in one answer, as JSON.
 *
 * @param written As `findVersion` takes it.
 * @throws HttpProblem COLLECTION_UNKNOWN, VERSION_UNKNOWN, or FILE_BROKEN for a configuration that cannot be read
 */
export function versionDetailText(
  snapshot: Snapshot,
  settings: Settings,
  observation: Observation,
  name: string,
  written: string,
): string {
  const row = rowOf(snapshot, settings, observation, name)
  const configuration = snapshot.repository.configurations.get(name)
  if (configuration === undefined) {
    const why = collectionsOf(snapshot, settings).collections.get(name)?.problems
    if (why !== undefined) throw new HttpProblem('FILE_BROKEN', `${row.file} has errors.`, { problems: why })
    throw new HttpProblem('VERSION_UNKNOWN', `The repository has no configuration of ${name}.`)
  }
  const version = findVersion(configuration, written)
  const number = fourParts(version.number)
  return knownOf(snapshot, settings, observation).versions.get(`${name}/${number}`, () => {
    const inspected = inspectVersion(snapshot.repository, name, number, {
      maxDepth: settings.RENDER_STACK_MAX_DEPTH.value,
      loadTestData: settings.LOAD_TEST_DATA.value,
      observed: observation.observed,
      problems: snapshot.problems,
    })
    if (!inspected.ok) throw new Error(`version ${number} of ${name} was found, and could not be inspected`)
    const summary = versionSummary(configuration, version, row.recorded, observation)
    const detail: VersionDetail = { ...inspected.value, summary }
    return JSON.stringify(detail)
  })
}

function rowOf(snapshot: Snapshot, settings: Settings, observation: Observation, name: string): CollectionRow {
  const row = knownOf(snapshot, settings, observation).rows.find((each) => each.name === name)
  if (row === undefined) {
    throw new HttpProblem('COLLECTION_UNKNOWN', 'Neither the repository nor the database knows this collection.')
  }
  return row
}
