import { EXIT, type ExitCode } from '@stage0/types'
import { tellFailure, tellProblems } from '../failure.ts'
import { parsePort } from '../options.ts'
import type { Io } from '../terminal/io.ts'
import { untilAborted } from '../wiring/embedded-database.ts'
import { startConsoleAlone } from '../wiring/service.ts'
import { exitForSettings, readSettings } from '../wiring/settings.ts'
import { examples, type Verbs } from './verb.ts'

interface ConsoleOptions {
  readonly api?: string
  readonly port?: number
  readonly host?: string
  readonly json?: true
}

export function addConsole({ program, io, finish }: Verbs): void {
  program
    .command('console')
    .description('Serves the console alone and hands what it asks on to an API elsewhere, until it is interrupted.')
    .option('--api <address>', 'where the API answers: http://host:port (API_URL)')
    .option('--port <number>', 'where the console listens; 0 for a free port (SPA_PORT)', parsePort)
    .option('--host <address>', 'the address that it listens on; this machine only without it (SPA_HOST)')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', examples('console --api http://127.0.0.1:8081', 'console --port 9000'))
    .action(async (options: ConsoleOptions) => finish(await serveConsoleAlone(io, options)))
}

async function serveConsoleAlone(io: Io, { api, port, host, json }: ConsoleOptions): Promise<ExitCode> {
  const settings = readSettings(io, { api, consolePort: port, consoleHost: host })
  if (!settings.ok) return tellProblems(io, settings.error, exitForSettings(settings.error), json)
  const started = await startConsoleAlone(io, settings.value)
  if (!started.ok) return tellFailure(io, started.error, json)
  const { url, close } = started.value
  io.out(json === true ? `${JSON.stringify({ url })}\n` : `${url}\n`)
  io.err('Serving until Ctrl-C.\n')
  await untilAborted(io.signal)
  await close()
  return EXIT.done
}
