import type { Doc } from '@stage0/bson-schema'
import { err, ok, type Problem, type Result } from '@stage0/types'
import { sortProblems } from '../model/locate.ts'
import type { Repository } from '../model/model.ts'
import { versionText } from '../model/version-number.ts'
import { checkRepository } from './check-repository.ts'
import { findVersion } from '../model/find-version.ts'
import type { SchemaFormat } from './render-property.ts'
import { Renderer } from './renderer.ts'

export interface RenderedSchema {
  readonly collection: string
  /** Four parts. */
  readonly version: string
  readonly schema: Doc
}

/**
 * The schema of one collection version, the newest where `wanted` is `undefined`.
 *
 * @param wanted Three or four parts; a missing fourth is 0, as in a configuration.
 * @returns the problems of the files that are involved when it cannot be rendered, `COLLECTION_UNKNOWN` or `VERSION_UNKNOWN`.
 */
export function renderSchema(
  repository: Repository,
  collection: string,
  wanted: string | undefined,
  format: SchemaFormat,
  maxDepth?: number,
): Result<RenderedSchema, readonly Problem[]> {
  const version = findVersion(repository, collection, wanted)
  if (!version.ok) return version
  const { configuration, version: found } = version.value
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
