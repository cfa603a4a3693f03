import { isDoc, type Doc } from '@stage0/bson-schema'
import { indexDifference, indexForm } from './index-form.ts'
import type { ObservedCollection } from './observed.ts'
import { validatorDifference, validatorOf } from './validator-form.ts'
import { compareVersions } from '../model/version-number.ts'
import type { IndexSpec, WantedCollection, WantedVersion } from './wanted.ts'

/** Indexes that a database at `version` should have, by name: added up to it and not dropped since. */
export function indexesAt(wanted: WantedCollection, version: WantedVersion): Map<string, IndexSpec> {
  const indexes = new Map<string, IndexSpec>()
  for (const one of wanted.versions) {
    if (compareVersions(one.number, version.number) > 0) break
    for (const name of one.dropIndexes) indexes.delete(name)
    for (const index of one.addIndexes) indexes.set(index.name, index)
  }
  return indexes
}

/**
 * In words, what the database has otherwise than its recorded version says. What a pending version brings about is not
 * drift: a run that was cut off may have done it already.
 */
export function driftOf(
  wanted: WantedCollection,
  recorded: WantedVersion,
  pending: readonly WantedVersion[],
  actual: ObservedCollection | undefined,
): string[] {
  if (actual === undefined) return ['the collection does not exist']
  const validator = validatorOf(actual)
  const isProgress = pending.some((one) => validatorDifference(one, validator).length === 0)
  const words = isProgress ? [] : validatorDifference(recorded, validator)
  for (const index of indexesAt(wanted, recorded).values()) words.push(...indexDrift(index, pending, actual))
  return words
}

function indexDrift(index: IndexSpec, pending: readonly WantedVersion[], actual: ObservedCollection): string[] {
  if (pending.some((one) => one.dropIndexes.includes(index.name))) return []
  const found = actual.indexes.find((one) => one.name === index.name)
  if (found === undefined) return [`index ${index.name} is missing`]
  const difference = indexDifference(indexForm(index, collationOf(actual)), indexForm(found))
  return difference.map((words) => `index ${index.name}: ${words}`)
}

/** The default collation of a collection, which its indexes inherit. */
export function collationOf(collection: ObservedCollection | undefined): Doc | undefined {
  const collation = collection?.options.get('collation')
  return isDoc(collation) ? collation : undefined
}
