import type { Doc } from '@stage0/bson-schema'
import { err, ok, type Problem, type Result } from '@stage0/types'
import { sortProblems } from '../model/locate.ts'
import type { Configuration, Repository } from '../model/model.ts'
import { parseVersion } from '../model/version-number.ts'
import { compareVersions, versionText } from '../model/version-number.ts'
import { checkRepository } from './check-repository.ts'
import { didYouMean } from './did-you-mean.ts'
import type { SchemaFormat } from './render-property.ts'
import { Renderer } from './renderer.ts'

export interface RenderedSchema {
  readonly collection: string
  /** Four parts. */
  readonly version: string
  readonly schema: Doc
}

/**
 * The schema of one collection version, the newest where `version` is `undefined`.
 *
 * @param version Three or four parts; a missing fourth is 0, as in a configuration.
 * @returns the problems of the files that are involved when it cannot be rendered, `COLLECTION_UNKNOWN` or `VERSION_UNKNOWN`.
 */
export function renderSchema(
  repository: Repository,
  collection: string,
  version: string | undefined,
  format: SchemaFormat,
  maxDepth?: number,
): Result<RenderedSchema, readonly Problem[]> {
  const configuration = repository.configurations.get(collection)
  if (configuration === undefined) {
    const hint = didYouMean(collection, repository.configurations.keys())
    return failure('COLLECTION_UNKNOWN', `there is no collection "${collection}"`, hint)
  }
  const found = findVersion(configuration, version)
  if (found === undefined) {
    const known = configuration.versions.map((each) => versionText(each.number)).join(', ')
    const text =
      version === undefined
        ? `collection "${collection}" has no versions`
        : `collection "${collection}" has no version "${version}"`
    return failure('VERSION_UNKNOWN', text, known === '' ? undefined : `It has ${known}.`)
  }
  const renderer = new Renderer(repository, maxDepth)
  const unit = renderer.units.dictionary(`${collection}.${found.number.slice(0, 3).join('.')}`)
  // Without its enumerators file a version cannot be applied, whether or not the schema needs it.
  const hasEnumerators = repository.enumerators.has(found.number[3])
  const schema = unit === undefined || !hasEnumerators ? undefined : renderer.render(unit, found.number[3], format)
  if (schema !== undefined) return ok({ collection, version: versionText(found.number), schema })
  const only = { ...repository, configurations: new Map([[collection, { ...configuration, versions: [found] }]]) }
  const { problems } = checkRepository(only, { loadTestData: false, ...(maxDepth !== undefined && { maxDepth }) })
  return err(sortProblems(problems.filter((problem) => problem.severity === 'error')))
}

/** The schema of one custom type by itself; `undefined` where there is none or it cannot be rendered. */
export function renderType(
  repository: Repository,
  name: string,
  format: SchemaFormat,
  enumerators?: number,
): Doc | undefined {
  const renderer = new Renderer(repository)
  const unit = renderer.units.type(name)
  return unit && renderer.render(unit, enumerators, format)
}

function findVersion(
  configuration: Configuration,
  version: string | undefined,
): Configuration['versions'][number] | undefined {
  if (version === undefined) return configuration.versions.at(-1)
  const number = parseVersion(version)
  return number && configuration.versions.find((each) => compareVersions(each.number, number) === 0)
}

const failure = (
  code: 'COLLECTION_UNKNOWN' | 'VERSION_UNKNOWN',
  text: string,
  hint: string | undefined,
): Result<never, readonly Problem[]> => err([{ code, severity: 'error', text, ...(hint !== undefined && { hint }) }])

/** Every version of every collection that can be rendered, by name and version; parts that schemas have in common are shared. */
export function renderAll(repository: Repository, format: SchemaFormat, maxDepth?: number): readonly RenderedSchema[] {
  const renderer = new Renderer(repository, maxDepth)
  const all: RenderedSchema[] = []
  for (const { name, versions } of repository.configurations.values()) {
    for (const { number } of versions) {
      const unit = renderer.units.dictionary(`${name}.${number.slice(0, 3).join('.')}`)
      const schema =
        unit && repository.enumerators.has(number[3]) ? renderer.render(unit, number[3], format) : undefined
      if (schema !== undefined) all.push({ collection: name, version: versionText(number), schema })
    }
  }
  return all
}
