import type { PlanOptions, Wanted } from '@stage0/core'
import type { TargetPort } from '@stage0/engine'
import { EXIT, type ExitCode } from '@stage0/types'
import { readSnapshot, type Settings } from '@stage0/workspace'
import { tellFailure, tellProblems } from '../failure.ts'
import type { ServeOptions, TargetOptions } from '../options.ts'
import { exitForTarget } from '../present/outcome.ts'
import { countProblems } from '../present/problems.ts'
import type { Io } from '../terminal/io.ts'
import { exitForSettings, readSettings, repositoryFolder, type Overrides } from './settings.ts'

/** What verbs that look at a database work with; closed when they return. */
export interface Workbench {
  readonly settings: Settings
  readonly wanted: Wanted
  readonly target: TargetPort
  readonly planOptions: PlanOptions
}

/**
 * Reads settings and repository, opens the database, and lets `use` work with them. What stands in the way is told
 * here: a wrong setting, problems of the repository, a database that cannot be used.
 */
export async function withWorkbench(
  io: Io,
  options: ServeOptions,
  use: (workbench: Workbench) => Promise<ExitCode>,
  overrides: Overrides = {},
): Promise<ExitCode> {
  const settings = readSettings(io, options, overrides)
  if (!settings.ok) return tellProblems(io, settings.error, exitForSettings(settings.error), options.json)
  const { wanted, problems } = await readSnapshot(repositoryFolder(io, settings.value), settings.value)
  if (wanted === undefined) return tellProblems(io, problems, EXIT.repositoryInvalid, options.json)
  if (problems.length > 0) io.err(`The repository has ${countProblems(problems)}; stage0 check shows them.\n`)

  return usingTarget(io, settings.value, options.json, (target) =>
    use({ settings: settings.value, wanted, target, planOptions: planOptionsOf(settings.value, options) }),
  )
}

/** What verbs that need no repository work with. */
export interface Connected {
  readonly settings: Settings
  readonly target: TargetPort
}

/** As `withWorkbench`, for verbs that look at records only: the repository is not read. */
export async function withRecords(
  io: Io,
  options: TargetOptions,
  use: (connected: Connected) => Promise<ExitCode>,
): Promise<ExitCode> {
  const settings = readSettings(io, options)
  if (!settings.ok) return tellProblems(io, settings.error, exitForSettings(settings.error), options.json)
  return usingTarget(io, settings.value, options.json, (target) => use({ settings: settings.value, target }))
}

async function usingTarget(
  io: Io,
  settings: Settings,
  json: boolean | undefined,
  use: (target: TargetPort) => Promise<ExitCode>,
): Promise<ExitCode> {
  // Loaded only here: help and usage errors do not wait for the driver.
  const { openTarget } = await import('@stage0/mongo')
  const target = await openTarget({
    uri: settings.MONGO_CONNECTION_STRING.value,
    database: settings.MONGO_DB_NAME.value,
    requireTls: settings.MONGODB_REQUIRE_TLS.value,
    appName: 'stage0',
    hideValues: settings.EVIDENCE_SAMPLES.value === 0,
    recordNames: recordNames(settings),
  })
  if (!target.ok) return tellFailure(io, { ...target.error, exit: exitForTarget(target.error) }, json)
  try {
    return await use(target.value)
  } finally {
    await target.value.close()
  }
}

const recordNames = (settings: Settings) => ({
  versions: settings.VERSION_COLLECTION_NAME.value,
  enumerators: settings.ENUMERATORS_COLLECTION_NAME.value,
})

const planOptionsOf = (settings: Settings, { collections, resolve }: TargetOptions): PlanOptions => ({
  environment: settings.ENVIRONMENT_NAME.value,
  loadTestData: settings.LOAD_TEST_DATA.value,
  collections,
  records: recordNames(settings),
  outcomes: resolve,
})
