import { relaxedJson } from '@stage0/bson-schema'
import type { IndexView } from '@stage0/types'
import type { Configuration, ConfigurationVersion, Located } from '../model/model.ts'
import { sourcePlace } from '../model/source-place.ts'
import { collationOf } from '../plan/drift.ts'
import { indexDifference, indexForm, plainText } from '../plan/index-form.ts'
import type { Observed } from '../plan/observed.ts'
import type { IndexSpec } from '../plan/wanted.ts'

type Declared = ConfigurationVersion['addIndexes'][number]

/**
 * The indexes of a version: those of earlier versions that stay, those that it adds, and those that it drops. One that
 * is dropped and built anew with another definition is there twice.
 *
 * @param observed What the database holds; without it nothing is known of the live indexes.
 */
export function versionIndexes(
  configuration: Configuration,
  version: ConfigurationVersion,
  observed: Observed | undefined,
): IndexView[] {
  const before = indexesBefore(configuration, version)
  const added = new Map(version.addIndexes.map((one) => [one.name, one]))
  const dropped = new Map(version.dropIndexes.map((one) => [one.name, one.at]))
  const view = (name: string, index: Declared | undefined, change: IndexView['change'], at: Located | undefined) =>
    viewOf({ name, index, change, at, live: liveOf(configuration.name, name, index, observed) })
  const views: IndexView[] = []
  for (const [name, index] of before) {
    const again = added.get(name)
    const isSame = again !== undefined && indexDifference(indexForm(again), indexForm(index)).length === 0
    // Wanted again as it is: planning leaves it alone.
    if (isSame || (!dropped.has(name) && again === undefined))
      views.push(view(name, again ?? index, 'kept', (again ?? index).at))
    if (isSame) {
      added.delete(name)
      dropped.delete(name)
    }
  }
  for (const [name, index] of added) views.push(view(name, index, 'added', index.at))
  for (const [name, at] of dropped) views.push(view(name, before.get(name), 'dropped', at))
  return views
}

/** What the versions before leave behind, by name. */
function indexesBefore(configuration: Configuration, version: ConfigurationVersion): Map<string, Declared> {
  const indexes = new Map<string, Declared>()
  for (const one of configuration.versions) {
    if (one === version) break
    for (const { name } of one.dropIndexes) indexes.delete(name)
    for (const index of one.addIndexes) indexes.set(index.name, index)
  }
  return indexes
}

function liveOf(
  collection: string,
  name: string,
  index: IndexSpec | undefined,
  observed: Observed | undefined,
): IndexView['live'] {
  if (observed === undefined) return 'unknown'
  const actual = observed.collections.find((one) => one.name === collection)
  const found = actual?.indexes.find((one) => one.name === name)
  if (found === undefined) return 'missing'
  if (index === undefined) return 'there'
  const difference = indexDifference(indexForm(index, collationOf(actual)), indexForm(found))
  return difference.length === 0 ? 'there' : 'different'
}

interface Shown {
  readonly name: string
  readonly index: Declared | undefined
  readonly change: IndexView['change']
  readonly live: IndexView['live']
  readonly at: Located | undefined
}

const viewOf = ({ name, index, change, live, at }: Shown): IndexView => ({
  name,
  keys: [...(index?.key.entries() ?? [])].map(([field, value]) => ({
    field,
    direction: typeof value === 'string' ? value : plainText(value),
  })),
  options: index === undefined ? '{}' : relaxedJson(index.options),
  change,
  live,
  ...(at !== undefined && { place: sourcePlace(at) }),
})
