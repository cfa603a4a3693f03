import { relative } from 'node:path'
import { renderPlanText } from '@stage0/core'
import { observeAndPlan, readStatus } from '@stage0/engine'
import { EXIT, ok, type ExitCode } from '@stage0/types'
import { redactUri } from '@stage0/workspace'
import { tellFailure } from '../failure.ts'
import { withTarget, type TargetOptions } from '../options.ts'
import { exitForTarget } from '../present/outcome.ts'
import { renderStatus } from '../present/status.ts'
import type { Io } from '../terminal/io.ts'
import { agree } from '../wiring/agree.ts'
import { startDatabase, untilAborted } from '../wiring/embedded-database.ts'
import { runPlan } from '../wiring/run-plan.ts'
import { sampleFolder } from '../wiring/sample.ts'
import { repositoryFolder, type Overrides } from '../wiring/settings.ts'
import { withWorkbench, type Workbench } from '../wiring/workbench.ts'
import { examples, type Verbs } from './verb.ts'

export function addStart({ program, io, version, finish }: Verbs): void {
  withTarget(program.command('start'))
    .description(
      'Configures an embedded database from the sample repository, to see how it works; or your database from your repository.',
    )
    .addHelpText(
      'after',
      examples('start', 'start --repository ./my-repository', 'start --uri mongodb://127.0.0.1:27017/ --database shop'),
    )
    .addHelpText(
      'after',
      '\nWithout a connection string the database is in memory, with test data, and ends with the command.',
    )
    .action(async (options: TargetOptions) => finish(await start(io, version, options)))
}

async function start(io: Io, version: string, options: TargetOptions): Promise<ExitCode> {
  const overrides: Overrides = isGiven(io, options.repository, 'INPUT_FOLDER') ? {} : { INPUT_FOLDER: sampleFolder() }
  if (isGiven(io, options.uri, 'MONGO_CONNECTION_STRING')) {
    return withWorkbench(io, options, (workbench) => configure(io, version, options, workbench, false), overrides)
  }
  const database = await startDatabase(0)
  if (!database.ok) return tellFailure(io, database.error, options.json)
  const { uri } = database.value
  try {
    return await withWorkbench(io, options, (workbench) => onEmbedded(io, version, options, workbench, uri), {
      ...overrides,
      MONGO_CONNECTION_STRING: uri,
      ...(isGiven(io, undefined, 'LOAD_TEST_DATA') ? {} : { LOAD_TEST_DATA: 'true' }),
    })
  } finally {
    await database.value.close()
  }
}

const isGiven = (io: Io, option: string | undefined, name: string): boolean =>
  option !== undefined || (io.environment[name] ?? '') !== ''

async function onEmbedded(
  io: Io,
  version: string,
  options: TargetOptions,
  workbench: Workbench,
  uri: string,
): Promise<ExitCode> {
  const exit = await configure(io, version, options, workbench, true)
  const { settings } = workbench
  if (exit !== EXIT.done || !io.interactive || settings.EXIT_AFTER_PROCESSING.value) return exit
  io.err(`\nThe database answers at ${uri}${settings.MONGO_DB_NAME.value} until Ctrl-C.\n`)
  await untilAborted(io.signal)
  return EXIT.done
}

/** Plans, applies and shows what is there afterwards. A database of our own needs no consent. */
async function configure(
  io: Io,
  version: string,
  options: TargetOptions,
  workbench: Workbench,
  isOurs: boolean,
): Promise<ExitCode> {
  const { settings, target, wanted, planOptions } = workbench
  if (options.json !== true) io.out(introduce(io, workbench, isOurs))
  const input = { target, wanted, options: planOptions, signal: io.signal }
  if (options.json !== true && (isOurs || settings.AUTO_PROCESS.value)) {
    const planned = await observeAndPlan(input)
    if (!planned.ok) return tellFailure(io, { ...planned.error, exit: exitForTarget(planned.error) })
    io.out(`${renderPlanText(planned.value.plan, { color: io.outColors.isColorSupported })}\n`)
  }
  const agreed = isOurs || settings.AUTO_PROCESS.value ? ok(undefined) : await agree(io, workbench)
  if (!agreed.ok) return tellFailure(io, agreed.error, options.json)
  const exit = await runPlan(io, workbench, {
    command: 'stage0 start',
    toolVersion: version,
    expectedPlanHash: agreed.value,
    json: options.json,
  })
  if (exit !== EXIT.done || options.json === true) return exit
  const status = await readStatus(input)
  if (!status.ok) return tellFailure(io, { ...status.error, exit: exitForTarget(status.error) })
  io.out(`\n${renderStatus(status.value, io.outColors)}`)
  return EXIT.done
}

/** What is configured from what: said first, since a database is named by its address elsewhere only. */
function introduce(io: Io, { settings, wanted }: Workbench, isOurs: boolean): string {
  const folder = relative(io.folder, repositoryFolder(io, settings)) || '.'
  const versions = wanted.collections.reduce((sum, one) => sum + one.versions.length, 0)
  const database = isOurs
    ? 'embedded, in memory'
    : `${settings.MONGO_DB_NAME.value} at ${redactUri(settings.MONGO_CONNECTION_STRING.value)}`
  return [
    `Repository  ${folder}: ${wanted.collections.length} collections, ${versions} versions, checked without errors\n`,
    `Database    ${database}\n\n`,
  ].join('')
}
