import { err, ok, type Problem, type Result } from '@stage0/types'
import { compareVersions, parseVersion } from '../model/version-number.ts'
import { unknownCollection, unknownVersion } from '../model/find-version.ts'
import { wantedHash } from './wanted-hash.ts'
import type { Wanted, WantedCollection } from './wanted.ts'

/**
 * What a repository wants up to a target version of some collections: the versions behind it are cut off, and with them
 * the enumerators that only they use. Collections that are not named stay whole. A database that is beyond the target
 * is `ahead` then, as with a repository that does not have the later versions.
 *
 * @param versions Target version by collection: three or four parts; a missing fourth is 0, as in a configuration.
 * @returns `COLLECTION_UNKNOWN` and `VERSION_UNKNOWN`, one for each name that is wrong.
 */
export function limitWanted(
  wanted: Wanted,
  versions: Readonly<Record<string, string>>,
): Result<Wanted, readonly Problem[]> {
  const problems: Problem[] = []
  const names = wanted.collections.map((one) => one.name)
  const cut = new Map<string, WantedCollection>()
  for (const [name, version] of Object.entries(versions)) {
    const collection = wanted.collections.find((one) => one.name === name)
    if (collection === undefined) problems.push(unknownCollection(name, names))
    else {
      const limited = upTo(collection, version)
      if (limited === undefined)
        problems.push(
          unknownVersion(
            name,
            version,
            collection.versions.map((one) => one.version),
          ),
        )
      else cut.set(name, limited)
    }
  }
  if (problems.length > 0) return err(problems)
  const collections = wanted.collections.map((one) => cut.get(one.name) ?? one)
  const [before, after] = [usedBy(wanted.collections), usedBy(collections)]
  const isHeldBack = (version: number): boolean => before.has(version) && !after.has(version)
  const enumerators = wanted.enumerators.filter((one) => !isHeldBack(one.version))
  const heldBack = wanted.enumerators.map((one) => one.version).filter(isHeldBack)
  return ok({
    hash: wantedHash({ enumerators, collections }),
    enumerators,
    collections,
    ...(heldBack.length > 0 && { heldBack }),
  })
}

function upTo(collection: WantedCollection, version: string): WantedCollection | undefined {
  const target = parseVersion(version)
  if (target === undefined) return undefined
  const versions = collection.versions.filter((one) => compareVersions(one.number, target) <= 0)
  const last = versions.at(-1)
  return last && compareVersions(last.number, target) === 0 ? { ...collection, versions } : undefined
}

const usedBy = (collections: readonly WantedCollection[]): ReadonlySet<number> =>
  new Set(collections.flatMap((one) => one.versions.map((version) => version.number[3])))
