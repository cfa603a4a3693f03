import { EXIT, type ExitCode } from '@stage0/types'
import { tellFailure, tellProblems } from '../failure.ts'
import { withDatabase, withService, type ServeOptions } from '../options.ts'
import type { Io } from '../terminal/io.ts'
import { tellRisks } from '../wiring/agree.ts'
import { untilAborted } from '../wiring/embedded-database.ts'
import { databasePlace, withOwnDatabase } from '../wiring/own-database.ts'
import { runPlan } from '../wiring/run-plan.ts'
import { startServing } from '../wiring/service.ts'
import { exitForSettings, readSettings } from '../wiring/settings.ts'
import { withWorkbench } from '../wiring/workbench.ts'
import { examples, type Verbs } from './verb.ts'

export function addServe({ program, io, version, finish }: Verbs): void {
  withService(withDatabase(program.command('serve')))
    .description('Serves the API and the console for your repository and your database, until it is interrupted.')
    .addHelpText(
      'after',
      examples(
        'serve --repository ./my-repository --uri mongodb://127.0.0.1:27017/ --database shop',
        'serve --port 9000 --data ./data',
      ),
    )
    .addHelpText(
      'after',
      '\nAUTO_PROCESS=true applies the repository at the start; with EXIT_AFTER_PROCESSING=true nothing is served, as a batch job.',
    )
    .action(async (options: ServeOptions) => finish(await serve(io, version, options)))
}

async function serve(io: Io, version: string, options: ServeOptions): Promise<ExitCode> {
  const settings = readSettings(io, options)
  if (!settings.ok) return tellProblems(io, settings.error, exitForSettings(settings.error), options.json)
  const { AUTO_PROCESS, EXIT_AFTER_PROCESSING } = settings.value
  if (EXIT_AFTER_PROCESSING.value && !AUTO_PROCESS.value) return EXIT.done
  const place = databasePlace(io, settings.value)
  if (!place.ok) return tellProblems(io, place.error, EXIT.usage, options.json)
  const go = EXIT_AFTER_PROCESSING.value ? processOnly : serveUntilAborted
  // Without either it is the deployment of the default connection string, as in a composition of containers.
  if (place.value.kind === 'named' || place.value.data === undefined) return go(io, version, options)
  return withOwnDatabase(io, place.value.data, options.json, (uri) => go(io, version, { ...options, uri }))
}

async function serveUntilAborted(io: Io, version: string, options: ServeOptions): Promise<ExitCode> {
  const settings = readSettings(io, options)
  if (!settings.ok) return tellProblems(io, settings.error, exitForSettings(settings.error), options.json)
  const started = await startServing(io, version, settings.value)
  if (!started.ok) return tellFailure(io, started.error, options.json)
  const { url } = started.value
  io.out(options.json === true ? `${JSON.stringify({ url })}\n` : `${url}\n`)
  io.err('Serving until Ctrl-C.\n')
  await untilAborted(io.signal)
  await started.value.close()
  return EXIT.done
}

/** The batch job of the first implementation: the settings are the consent. */
const processOnly = (io: Io, version: string, options: ServeOptions): Promise<ExitCode> =>
  withWorkbench(io, options, async (workbench) => {
    await tellRisks(io, workbench)
    return runPlan(io, workbench, { command: 'stage0 serve', toolVersion: version, json: options.json })
  })
