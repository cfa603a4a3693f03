import { relative } from 'node:path'
import { renderPlanText } from '@stage0/core'
import { observeAndPlan, readStatus } from '@stage0/engine'
import { EXIT, ok, type ExitCode } from '@stage0/types'
import { redactUri, type Settings } from '@stage0/workspace'
import { tellFailure } from '../failure.ts'
import { withAddress, withTarget, type ServeOptions } from '../options.ts'
import { exitForTarget } from '../present/outcome.ts'
import { renderStatus } from '../present/status.ts'
import type { Io } from '../terminal/io.ts'
import { agree } from '../wiring/agree.ts'
import { startDatabase, untilAborted } from '../wiring/embedded-database.ts'
import { runPlan } from '../wiring/run-plan.ts'
import { sampleFolder } from '../wiring/sample.ts'
import { addressOverrides, startServing } from '../wiring/service.ts'
import { repositoryFolder, type Overrides } from '../wiring/settings.ts'
import { withWorkbench, type Workbench } from '../wiring/workbench.ts'
import { examples, type Verbs } from './verb.ts'

interface StartOptions extends ServeOptions {
  readonly serve?: boolean
}

export function addStart({ program, io, version, finish }: Verbs): void {
  withAddress(withTarget(program.command('start')))
    .description(
      'Configures an embedded database from the sample repository, to see how it works, or your database from your repository; then serves API and console.',
    )
    .option('--serve', 'serve also without a terminal')
    .option('--no-serve', 'end when the database is configured')
    .addHelpText(
      'after',
      examples('start', 'start --repository ./my-repository', 'start --uri mongodb://127.0.0.1:27017/ --database shop'),
    )
    .addHelpText(
      'after',
      [
        '',
        'Without a connection string the database is in memory, with test data, and ends with the command.',
        'In a terminal it serves until Ctrl-C; without one, as in a script, with --json, or with EXIT_AFTER_PROCESSING=true',
        'it ends when the database is configured, unless --serve is given.',
      ].join('\n'),
    )
    .action(async (options: StartOptions) => finish(await start(io, version, options)))
}

async function start(io: Io, version: string, options: StartOptions): Promise<ExitCode> {
  const overrides: Overrides = {
    ...(isGiven(io, options.repository, 'INPUT_FOLDER') ? {} : { INPUT_FOLDER: sampleFolder() }),
    ...addressOverrides(options),
  }
  const configureAndServe = (isOurs: boolean) => async (workbench: Workbench) => {
    const exit = await configure(io, version, options, workbench, isOurs)
    return exit === EXIT.done && wantsService(io, options, workbench) ? serve(io, version, options, workbench) : exit
  }
  if (isGiven(io, options.uri, 'MONGO_CONNECTION_STRING')) {
    return withWorkbench(io, options, configureAndServe(false), overrides)
  }
  const database = await startDatabase()
  if (!database.ok) return tellFailure(io, database.error, options.json)
  const { uri } = database.value
  try {
    return await withWorkbench(io, options, configureAndServe(true), {
      ...overrides,
      MONGO_CONNECTION_STRING: uri,
      ...(isGiven(io, undefined, 'LOAD_TEST_DATA') ? {} : { LOAD_TEST_DATA: 'true' }),
    })
  } finally {
    await database.value.close()
  }
}

/** Who sits at a terminal wants to look at it; a script wants to go on. */
function wantsService(io: Io, { serve, json }: StartOptions, { settings }: Workbench): boolean {
  if (serve !== undefined) return serve
  return io.interactive && json !== true && !settings.EXIT_AFTER_PROCESSING.value
}

async function serve(io: Io, version: string, options: StartOptions, { settings }: Workbench): Promise<ExitCode> {
  const started = await startServing(io, version, serviceSettings(settings))
  // Nobody asked for this port: another service there is no reason not to serve.
  const isTaken = !started.ok && started.error.code === 'PORT_UNUSABLE' && settings.API_PORT.from === 'default'
  const retried = isTaken
    ? await startServing(io, version, { ...serviceSettings(settings), API_PORT: { ...settings.API_PORT, value: 0 } })
    : started
  if (!retried.ok) return tellFailure(io, retried.error, options.json)
  const { url, close, hasConsole } = retried.value
  const { MONGO_CONNECTION_STRING, MONGO_DB_NAME } = settings
  const deployment = redactUri(MONGO_CONNECTION_STRING.value)
  if (options.json === true) io.out(`${JSON.stringify({ url })}\n`)
  else {
    const page = hasConsole ? `Console     ${url}\n` : ''
    io.out(`\n${page}API         ${url}docs\nDatabase    ${MONGO_DB_NAME.value} at ${deployment}\n`)
  }
  io.err('Serving until Ctrl-C.\n')
  await untilAborted(io.signal)
  await close()
  return EXIT.done
}

/** What was asked for at the start has been done; and a terminal is no place for a line per request. */
const serviceSettings = (settings: Settings): Settings => ({
  ...settings,
  AUTO_PROCESS: { ...settings.AUTO_PROCESS, value: false },
  ...(settings.LOGGING_LEVEL.from === 'default'
    ? { LOGGING_LEVEL: { ...settings.LOGGING_LEVEL, value: 'WARNING' } }
    : {}),
})

const isGiven = (io: Io, option: string | undefined, name: string): boolean =>
  option !== undefined || (io.environment[name] ?? '') !== ''

/** Plans, applies and shows what is there afterwards. A database of our own needs no consent. */
async function configure(
  io: Io,
  version: string,
  options: StartOptions,
  workbench: Workbench,
  isOurs: boolean,
): Promise<ExitCode> {
  const { settings, target, wanted, planOptions } = workbench
  if (options.json !== true) io.out(introduce(io, workbench, isOurs))
  const samples = settings.EVIDENCE_SAMPLES.value
  const input = { target, wanted, options: planOptions, samples, signal: io.signal }
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
