import type { Doc } from '@stage0/bson-schema'
import type { Problem } from '@stage0/types'
import { limitProblems } from '../model/limit-problems.ts'
import { sortProblems } from '../model/locate.ts'
import type { Configuration, ConfigurationVersion, Repository } from '../model/model.ts'
import { canonicalJson, sha256Hex } from '../plan/canonical.ts'
import { versionText } from '../model/version-number.ts'
import { sourcePlace } from '../model/source-place.ts'
import type { Wanted, WantedMigration, WantedTestData } from '../plan/wanted.ts'
import { buildWanted, type ResolvedVersion } from './build-wanted.ts'
import { checkAllow } from './check-allow.ts'
import { checkIndexes } from './check-indexes.ts'
import { checkMigration } from './check-migration.ts'
import { checkReferences, ReferenceChecker } from './check-references.ts'
import { checkSchemaRoot } from './check-schema-root.ts'
import { checkTestData, type VersionData } from './check-test-data.ts'
import { checkUnit } from './check-unit.ts'
import { checkEnumeratorsOf } from './check-enumerators.ts'
import { withIds } from './document-ids.ts'
import { ProblemList } from './problem-list.ts'
import { Renderer } from './renderer.ts'
import { SchemaHasher } from './schema-hash.ts'
import type { Unit } from './units.ts'

export interface CheckOptions {
  /** Whether `apply` will load test data (LOAD_TEST_DATA): then what is wrong in them is an error, else a warning. */
  readonly loadTestData: boolean
  /** RENDER_STACK_MAX_DEPTH: files that may be nested in each other; default 100, at most 500. */
  readonly maxDepth?: number
}

export interface CheckResult {
  /** Everything that is wrong in the repository, reading included, by file and line. */
  readonly problems: readonly Problem[]
  /**
   * What the repository wants of a database; `undefined` when there is an error among the problems. Put together and
   * hashed when first asked for, because planning needs it and checking does not.
   */
  readonly wanted: Wanted | undefined
}

/** Resolves, renders and checks a whole repository in one pass; never stops at the first problem. Pure. */
export function checkRepository(repository: Repository, options: CheckOptions): CheckResult {
  return new RepositoryCheck(repository, options).run()
}

class RepositoryCheck {
  readonly #repository: Repository
  readonly #options: CheckOptions
  readonly #problems = new ProblemList()
  readonly #renderer: Renderer
  readonly #files: ReferenceChecker
  readonly #usedFiles = new Set<string>()

  constructor(repository: Repository, options: CheckOptions) {
    this.#repository = repository
    this.#options = options
    this.#renderer = new Renderer(repository, options.maxDepth)
    this.#files = new ReferenceChecker(repository, this.#problems)
  }

  run(): CheckResult {
    const roots = this.#roots()
    const used = this.#renderer.units.reachable(roots.values())
    checkReferences(this.#repository, this.#renderer, used, this.#files, this.#problems)
    for (const unit of this.#renderer.units.all) checkUnit(unit, used.has(unit), this.#problems)
    checkEnumeratorsOf(this.#repository, this.#renderer, roots, this.#problems)
    const collections: [Configuration, ResolvedVersion[]][] = []
    for (const configuration of this.#repository.configurations.values()) {
      collections.push([configuration, this.#checkConfiguration(configuration, roots)])
    }
    this.#checkUnusedData()
    const problems = limitProblems(sortProblems([...this.#repository.problems, ...this.#problems.all]))
    const hasErrors = problems.some((problem) => problem.severity === 'error')
    const versions = collections.flatMap(([configuration]) => configuration.versions).length
    const resolved = collections.flatMap(([, each]) => each).length
    if (!hasErrors && versions !== resolved) throw new Error('a version could not be rendered, and no check said why')
    let wanted: Wanted | undefined
    const build = () => (wanted ??= this.#wanted(collections))
    return {
      problems,
      get wanted() {
        return hasErrors ? undefined : build()
      },
    }
  }

  #wanted(collections: readonly [Configuration, ResolvedVersion[]][]): Wanted {
    const hasher = new SchemaHasher((part) => this.#renderer.isRoot(part))
    return buildWanted(this.#repository.enumerators.values(), collections, (schema) => hasher.hash(schema))
  }

  /** The dictionary of each version; a missing or broken one is reported here. */
  #roots(): ReadonlyMap<ConfigurationVersion, Unit> {
    const roots = new Map<ConfigurationVersion, Unit>()
    const { configurations, dictionaries } = this.#repository
    for (const configuration of configurations.values()) {
      for (const version of configuration.versions) {
        const ref = `${configuration.name}.${version.number.slice(0, 3).join('.')}`
        const unit = this.#renderer.units.dictionary(ref)
        const fileName = this.#renderer.units.dictionaryFileName(ref)
        if (unit !== undefined) roots.set(version, unit)
        else
          this.#files.report(
            'dictionaries',
            fileName,
            version.at,
            `version ${version.written} of ${configuration.name} needs`,
            dictionaries.keys(),
          )
      }
    }
    return roots
  }

  #checkConfiguration(configuration: Configuration, roots: ReadonlyMap<ConfigurationVersion, Unit>): ResolvedVersion[] {
    const history = checkIndexes(configuration, this.#problems)
    const data = new Map<ConfigurationVersion, VersionData>()
    const resolved: ResolvedVersion[] = []
    const schemas: (Doc | undefined)[] = []
    for (const version of configuration.versions) {
      const schema = this.#schemaOf(version, roots.get(version))
      if (schema !== undefined) checkSchemaRoot(schema, roots.get(version) as Unit, this.#problems)
      schemas.push(schema)
      checkAllow(version, schemas, this.#problems)
      const migrations = this.#migrationsOf(configuration, version)
      const testData = this.#testDataOf(version, schema, data)
      if (schema !== undefined) resolved.push({ version, schema, migrations, testData })
    }
    checkTestData(configuration, data, history, this.#options.loadTestData ? 'error' : 'warning', this.#problems)
    return resolved
  }

  #schemaOf(version: ConfigurationVersion, unit: Unit | undefined): Doc | undefined {
    if (unit === undefined) return undefined
    const schema = this.#renderer.render(unit, version.number[3], 'bson')
    for (const large of this.#renderer.tooLarge) {
      const text = `${large.path}, with everything that it refers to rendered in place, is larger than a MongoDB document can be (16 MiB)`
      const hint = 'Nest less, or replace parts by an object with `additional_properties: true`.'
      this.#problems.add(large.at, { code: 'SCHEMA_TOO_LARGE', severity: 'error', text, hint })
    }
    return schema
  }

  #migrationsOf(configuration: Configuration, version: ConfigurationVersion): WantedMigration[] {
    const { migrations } = this.#repository
    const what = `version ${versionText(version.number)} of ${configuration.name} names`
    for (const { file, at } of version.down) {
      this.#usedFiles.add(`migrations ${file}`)
      if (!migrations.has(file)) this.#files.report('migrations', file, at, what, migrations.keys())
    }
    return version.migrations.flatMap(({ file, at }): WantedMigration[] => {
      this.#usedFiles.add(`migrations ${file}`)
      const found = migrations.get(file)
      if (found === undefined) this.#files.report('migrations', file, at, what, migrations.keys())
      const pipeline =
        found && checkMigration(found, version.migrationMode, configuration.name, this.#repository, this.#problems)
      if (found === undefined || pipeline === undefined) return []
      const hash = sha256Hex(canonicalJson(pipeline))
      return [{ file: found.at.file.path, hash, pipeline, mode: version.migrationMode, source: sourcePlace(at) }]
    })
  }

  #testDataOf(
    version: ConfigurationVersion,
    schema: Doc | undefined,
    data: Map<ConfigurationVersion, VersionData>,
  ): WantedTestData | undefined {
    if (version.testData === undefined) return undefined
    const { file: fileName, at } = version.testData
    this.#usedFiles.add(`test_data ${fileName}`)
    const file = this.#repository.testData.get(fileName)
    if (file === undefined) {
      this.#files.report(
        'test_data',
        fileName,
        at,
        `version ${version.written} names`,
        this.#repository.testData.keys(),
      )
      return undefined
    }
    const documents = withIds(fileName, file.items)
    data.set(version, { version, file, documents, schema })
    return { file: file.at.file.path, hash: sha256Hex(canonicalJson(documents)), documents, source: sourcePlace(at) }
  }

  #checkUnusedData(): void {
    const groups = [
      ['migrations', this.#repository.migrations],
      ['test_data', this.#repository.testData],
    ] as const
    for (const [folder, files] of groups) {
      for (const [fileName, { at }] of files) {
        if (this.#usedFiles.has(`${folder} ${fileName}`)) continue
        const text = `nothing uses ${at.file.path}`
        this.#problems.add(at, {
          code: 'FILE_UNUSED',
          severity: 'notice',
          text,
          hint: 'Delete the file if it is a left-over.',
        })
      }
    }
  }
}
