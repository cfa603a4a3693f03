import { relative } from 'node:path'
import { renderPlanText } from '@stage0/core'
import { observeAndPlan, readStatus } from '@stage0/engine'
import { EXIT, ok, type ExitCode } from '@stage0/types'
import { redactUri, type Settings } from '@stage0/workspace'
import { tellFailure, tellProblems } from '../failure.ts'
import { withEvidence, withService, withTarget, type ServeOptions } from '../options.ts'
import { exitForTarget } from '../present/outcome.ts'
import { renderStatus } from '../present/status.ts'
import type { Io } from '../terminal/io.ts'
import { agree } from '../wiring/agree.ts'
import { untilAborted } from '../wiring/embedded-database.ts'
import { databasePlace, withOwnDatabase, type DatabasePlace } from '../wiring/own-database.ts'
import { runPlan } from '../wiring/run-plan.ts'
import { sampleFolder } from '../wiring/sample.ts'
import { startServing } from '../wiring/service.ts'
import { exitForSettings, readSettings, repositoryFolder, type Overrides } from '../wiring/settings.ts'
import { withWorkbench, type Workbench } from '../wiring/workbench.ts'
import { examples, type Verbs } from './verb.ts'

interface StartOptions extends ServeOptions {
  readonly serve?: boolean
}

export function addStart({ program, io, version, finish }: Verbs): void {
  withService(withEvidence(withTarget(program.command('start'))))
    .description(
      'Configures an embedded database from the sample repository, to see how it works, or your database from your repository; then serves API and console.',
    )
    .option('--serve', 'serve also without a terminal')
    .option('--no-serve', 'end when the database is configured')
    .addHelpText(
      'after',
      examples(
        'start',
        'start --repository ./my-repository --data ./data',
        'start --uri mongodb://127.0.0.1:27017/ --database shop',
      ),
    )
    .addHelpText(
      'after',
      [
        '',
        'Without a connection string the database is an embedded one, with test data: in memory, where it ends with the command,',
        'or with --data in a folder, where it is found again the next time.',
        'In a terminal it serves until Ctrl-C; without one, as in a script, with --json, or with EXIT_AFTER_PROCESSING=true',
        'it ends when the database is configured, unless --serve is given.',
      ].join('\n'),
    )
    .action(async (options: StartOptions) => finish(await start(io, version, options)))
}

async function start(io: Io, version: string, options: StartOptions): Promise<ExitCode> {
  const isRepositoryNamed = options.repository !== undefined || (io.environment['INPUT_FOLDER'] ?? '') !== ''
  const overrides: Overrides = isRepositoryNamed ? {} : { INPUT_FOLDER: sampleFolder() }
  const settings = readSettings(io, options, overrides)
  if (!settings.ok) return tellProblems(io, settings.error, exitForSettings(settings.error), options.json)
  const place = databasePlace(io, settings.value)
  if (!place.ok) return tellProblems(io, place.error, EXIT.usage, options.json)
  const configureAndServe = async (workbench: Workbench) => {
    const exit = await configure(io, version, options, workbench, place.value)
    return exit === EXIT.done && wantsService(io, options, workbench) ? serve(io, version, options, workbench) : exit
  }
  if (place.value.kind === 'named') return withWorkbench(io, options, configureAndServe, overrides)
  return withOwnDatabase(io, place.value.data, options.json, (uri) =>
    withWorkbench(io, { ...options, uri }, configureAndServe, {
      ...overrides,
      ...(settings.value.LOAD_TEST_DATA.from === 'default' ? { LOAD_TEST_DATA: 'true' } : {}),
    }),
  )
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

/** Plans, applies and shows what is there afterwards. A database of our own needs no consent, unless it holds data of before. */
async function configure(
  io: Io,
  version: string,
  options: StartOptions,
  workbench: Workbench,
  place: DatabasePlace,
): Promise<ExitCode> {
  const { settings, target, wanted, planOptions } = workbench
  if (options.json !== true) io.out(introduce(io, workbench, place))
  const samples = settings.EVIDENCE_SAMPLES.value
  const input = { target, wanted, options: planOptions, samples, signal: io.signal }
  const planned = await observeAndPlan({ ...input, look: 'none' })
  if (!planned.ok) return tellFailure(io, { ...planned.error, exit: exitForTarget(planned.error) }, options.json)
  const isNew = place.kind === 'own' && planned.value.observed.collections.length === 0
  const hasConsent = isNew || settings.AUTO_PROCESS.value
  if (hasConsent && options.json !== true)
    io.out(`${renderPlanText(planned.value.plan, { color: io.outColors.isColorSupported })}\n`)
  const agreed = hasConsent ? ok(undefined) : await agree(io, workbench, options)
  if (!agreed.ok) return tellFailure(io, agreed.error, options.json)
  const exit = await runPlan(io, workbench, {
    command: 'stage0 start',
    toolVersion: version,
    agreed: agreed.value,
    json: options.json,
  })
  if (exit !== EXIT.done || options.json === true) return exit
  const status = await readStatus({ ...input, look: 'none' })
  if (!status.ok) return tellFailure(io, { ...status.error, exit: exitForTarget(status.error) })
  io.out(`\n${renderStatus(status.value, io.outColors)}`)
  return EXIT.done
}

/** What is configured from what: said first, since a database is named by its address elsewhere only. */
function introduce(io: Io, { settings, wanted }: Workbench, place: DatabasePlace): string {
  const folder = relative(io.folder, repositoryFolder(io, settings)) || '.'
  const versions = wanted.collections.reduce((sum, one) => sum + one.versions.length, 0)
  const database =
    place.kind === 'own'
      ? `embedded, ${place.data === undefined ? 'in memory' : `in ${place.data}`}`
      : `${settings.MONGO_DB_NAME.value} at ${redactUri(settings.MONGO_CONNECTION_STRING.value)}`
  return [
    `Repository  ${folder}: ${wanted.collections.length} collections, ${versions} versions, checked without errors\n`,
    `Database    ${database}\n\n`,
  ].join('')
}
