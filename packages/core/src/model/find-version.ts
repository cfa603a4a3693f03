import { err, ok, type Problem, type Result } from '@stage0/types'
import type { Configuration, ConfigurationVersion, Repository } from './model.ts'
import { compareVersions, parseVersion, versionText } from './version-number.ts'
import { didYouMean } from './did-you-mean.ts'

export interface FoundVersion {
  readonly configuration: Configuration
  readonly version: ConfigurationVersion
}

/**
 * A version of a collection, the newest where `version` is `undefined`.
 *
 * @param version Three or four parts; a missing fourth is 0, as in a configuration.
 * @returns `COLLECTION_UNKNOWN` or `VERSION_UNKNOWN` where there is none.
 */
export function findVersion(
  repository: Repository,
  collection: string,
  version: string | undefined,
): Result<FoundVersion, readonly Problem[]> {
  const configuration = repository.configurations.get(collection)
  if (configuration === undefined) return err([unknownCollection(collection, repository.configurations.keys())])
  const { versions } = configuration
  const number = version === undefined ? undefined : parseVersion(version)
  const found =
    version === undefined
      ? versions.at(-1)
      : number && versions.find((each) => compareVersions(each.number, number) === 0)
  if (found !== undefined) return ok({ configuration, version: found })
  const known = versions.map((each) => versionText(each.number))
  return err([unknownVersion(collection, version, known)])
}

export const unknownCollection = (name: string, names: Iterable<string>): Problem =>
  unknown('COLLECTION_UNKNOWN', `there is no collection "${name}"`, didYouMean(name, names))

/** @param version `undefined` where the newest was asked for and there is none. */
export function unknownVersion(collection: string, version: string | undefined, known: readonly string[]): Problem {
  const text =
    version === undefined
      ? `collection "${collection}" has no versions`
      : `collection "${collection}" has no version "${version}"`
  return unknown('VERSION_UNKNOWN', text, known.length === 0 ? undefined : `It has ${known.join(', ')}.`)
}

const unknown = (code: 'COLLECTION_UNKNOWN' | 'VERSION_UNKNOWN', text: string, hint: string | undefined): Problem => ({
  code,
  severity: 'error',
  text,
  ...(hint !== undefined && { hint }),
})
