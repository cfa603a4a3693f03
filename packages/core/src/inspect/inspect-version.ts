import type { Doc } from '@stage0/bson-schema'
import { ok, type Problem, type Result, type VersionDetail } from '@stage0/types'
import type { FolderKind } from '../model/files.ts'
import type { ConfigurationVersion, Repository } from '../model/model.ts'
import { versionText } from '../model/version-number.ts'
import type { Observed } from '../plan/observed.ts'
import { foldersOf } from '../render/check-references.ts'
import { checkRepository } from '../render/check-repository.ts'
import { findVersion, type FoundVersion } from '../model/find-version.ts'
import { Renderer } from '../render/renderer.ts'
import type { Unit } from '../render/units.ts'
import { compareNodes } from './compare-nodes.ts'
import { dataView } from './data-view.ts'
import { expand, type Expansion, type RenderedPair } from './expand.ts'
import { withFindings } from './findings.ts'
import { usesOfVersion } from './usages.ts'
import { versionIndexes } from './version-indexes.ts'
import { versionSteps } from './version-steps.ts'

export interface InspectOptions {
  /** RENDER_STACK_MAX_DEPTH. */
  readonly maxDepth?: number | undefined
  /** All problems of the repository, where they are known; found by checking it otherwise. */
  readonly problems?: readonly Problem[] | undefined
}

export interface InspectVersionOptions extends InspectOptions {
  /** Whether an apply loads test data; it does by default. */
  readonly loadTestData?: boolean | undefined
  /** What the database holds, for the live indexes. */
  readonly observed?: Observed | undefined
}

/** All that the files say about a version; what the database and the history say is for the service to add. */
export type VersionInspection = Omit<VersionDetail, 'summary'>

/**
 * Everything about one version of a collection. Also for versions that cannot be rendered or planned: then it shows what
 * there is, and its problems say what is missing.
 *
 * @param version Three or four parts; the newest where it is `undefined`.
 * @returns `COLLECTION_UNKNOWN` or `VERSION_UNKNOWN` where there is none.
 */
export function inspectVersion(
  repository: Repository,
  collection: string,
  version: string | undefined,
  options: InspectVersionOptions = {},
): Result<VersionInspection, readonly Problem[]> {
  const found = findVersion(repository, collection, version)
  return found.ok ? ok(inspect(repository, found.value, options)) : found
}

function inspect(repository: Repository, found: FoundVersion, options: InspectVersionOptions): VersionInspection {
  const { configuration, version } = found
  const { loadTestData = true, maxDepth, observed } = options
  const previous = configuration.versions[configuration.versions.indexOf(version) - 1]
  const schemas = new VersionSchemas(repository, configuration.name, maxDepth)
  const expansion = schemas.expansion(version)
  const paths = pathsOf(repository, schemas, found)
  const all = options.problems ?? checkRepository(repository, { loadTestData, ...(maxDepth && { maxDepth }) }).problems
  const problems = problemsAbout(all, version, new Set([...paths.all, ...expansion.files]))
  const before = previous && schemas.unit(previous) && schemas.expansion(previous)
  const compared = before && compareNodes(before.nodes, expansion.nodes)
  const unit = schemas.unit(version)
  const schemaOf = (one: ConfigurationVersion): Doc | undefined =>
    one === version || one === previous ? schemas.rendered(one).bson : undefined
  return {
    collection: configuration.name,
    ...(previous && { previous: versionText(previous.number) }),
    ...(unit && { dictionary: unit.path }),
    enumerators: { version: version.number[3], ...(paths.enumerators !== undefined && { file: paths.enumerators }) },
    validation: { level: version.validation.level, action: version.validation.action },
    nodes: withFindings(expansion.nodes, problems, compared?.changes),
    removed: [...(compared?.removed ?? [])],
    steps: versionSteps({ repository, configuration, version, unit, loadTestData, schemaOf }),
    indexes: versionIndexes(configuration, version, observed),
    migrations: paths.migrations.map(({ file, path }) =>
      dataView(file, path, repository.migrations.get(file), problems),
    ),
    ...(paths.testData && {
      test_data: dataView(
        paths.testData.file,
        paths.testData.path,
        repository.testData.get(paths.testData.file),
        problems,
      ),
    }),
    uses: usesOfVersion(repository, configuration, version),
    problems,
  }
}

const EMPTY: Expansion = { nodes: [], files: new Set() }

/** The schemas of the versions of one collection. */
class VersionSchemas {
  readonly renderer: Renderer
  readonly #repository: Repository
  readonly #collection: string

  constructor(repository: Repository, collection: string, maxDepth: number | undefined) {
    this.renderer = new Renderer(repository, maxDepth)
    this.#repository = repository
    this.#collection = collection
  }

  ref(version: ConfigurationVersion): string {
    return `${this.#collection}.${version.number.slice(0, 3).join('.')}`
  }

  unit(version: ConfigurationVersion): Unit | undefined {
    return this.renderer.units.dictionary(this.ref(version))
  }

  /** Without its enumerators file a version cannot be rendered, whether or not the schema needs it. */
  rendered(version: ConfigurationVersion): RenderedPair {
    const unit = this.unit(version)
    const number = version.number[3]
    if (unit === undefined || !this.#repository.enumerators.has(number)) return { json: undefined, bson: undefined }
    return { json: this.renderer.render(unit, number, 'json'), bson: this.renderer.render(unit, number, 'bson') }
  }

  expansion(version: ConfigurationVersion): Expansion {
    const unit = this.unit(version)
    if (unit === undefined) return EMPTY
    return expand(this.#repository, this.renderer, unit, version.number[3], this.rendered(version))
  }
}

interface Named {
  readonly file: string
  readonly path: string
}

/** The files that a version names itself, also those that are missing. */
function pathsOf(repository: Repository, schemas: VersionSchemas, { version }: FoundVersion) {
  const folders = foldersOf(repository)
  const pathIn = (folder: FolderKind, file: string): string => `${folders.get(folder) ?? folder}/${file}`
  const dictionary = pathIn('dictionaries', schemas.renderer.units.dictionaryFileName(schemas.ref(version)))
  const enumerators = repository.enumerators.get(version.number[3])?.at.file.path
  const migrations = version.migrations.map(({ file }): Named => ({ file, path: pathIn('migrations', file) }))
  const testData: Named | undefined = version.testData && {
    file: version.testData.file,
    path: pathIn('test_data', version.testData.file),
  }
  const data = [...migrations, ...version.down.map(({ file }) => ({ path: pathIn('migrations', file) }))]
  const all = [dictionary, ...data.map(({ path }) => path), testData?.path, enumerators]
  return { enumerators, migrations, testData, all: all.filter((path) => path !== undefined) }
}

/** What is wrong in the version itself and in the files that it is made of, in the order given. */
function problemsAbout(
  problems: readonly Problem[],
  { at }: ConfigurationVersion,
  files: ReadonlySet<string>,
): Problem[] {
  const own = problems.filter(({ file }) => file === at.file.path)
  const place = own.length === 0 ? '' : at.pointer
  return problems.filter(({ file = '', pointer = '' }) =>
    file === at.file.path ? pointer === place || pointer.startsWith(`${place}/`) : files.has(file),
  )
}
