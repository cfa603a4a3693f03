import { relaxedJson, type Doc } from '@stage0/bson-schema'
import type { SchemaView } from '@stage0/types'
import type { Repository } from '../model/model.ts'
import { withoutExtension } from '../model/names.ts'
import { checkRepository } from '../render/check-repository.ts'
import { Renderer } from '../render/renderer.ts'
import { expand } from './expand.ts'
import { withFindings } from './findings.ts'
import type { InspectOptions } from './inspect-version.ts'

export interface InspectFileOptions extends InspectOptions {
  /** Enumerators version to take values from; the newest where none is named. */
  readonly enumerators?: number | undefined
}

/** Spaces of a level in rendered texts. */
const INDENT = 2

/**
 * A dictionary or a type by itself, with what it uses in place, and rendered where it can be.
 *
 * @returns `undefined` where there is no such file that can be used.
 */
export function inspectFile(
  repository: Repository,
  kind: 'dictionaries' | 'types',
  fileName: string,
  options: InspectFileOptions = {},
): SchemaView | undefined {
  const renderer = new Renderer(repository, options.maxDepth)
  const { units } = renderer
  const unit = kind === 'types' ? units.type(withoutExtension(fileName)) : units.dictionary(fileName)
  // A reference may leave out the extension, an address may not.
  if (unit === undefined || unit.fileName !== fileName) return undefined
  const enumerators = options.enumerators ?? newestEnumerators(repository)
  const rendered = {
    json: renderer.render(unit, enumerators, 'json'),
    bson: renderer.render(unit, enumerators, 'bson'),
  }
  const { nodes, files } = expand(repository, renderer, unit, enumerators, rendered)
  const { maxDepth } = options
  const all =
    options.problems ?? checkRepository(repository, { loadTestData: true, ...(maxDepth && { maxDepth }) }).problems
  const problems = all.filter(({ file }) => file !== undefined && files.has(file))
  return {
    title: kind === 'types' ? withoutExtension(fileName) : fileName,
    file: unit.path,
    nodes: withFindings(nodes, problems, undefined),
    removed: [],
    ...textOf('json', rendered.json),
    ...textOf('bson', rendered.bson),
    problems,
  }
}

const newestEnumerators = (repository: Repository): number | undefined =>
  repository.enumerators.size === 0 ? undefined : Math.max(...repository.enumerators.keys())

const textOf = (key: 'json' | 'bson', schema: Doc | undefined): { readonly json?: string; readonly bson?: string } =>
  schema === undefined ? {} : { [key]: relaxedJson(schema, INDENT) }
