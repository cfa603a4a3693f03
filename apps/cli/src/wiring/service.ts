import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Service } from '@stage0/api'
import { err, EXIT, ok, type Result } from '@stage0/types'
import type { Settings } from '@stage0/workspace'
import type { Failure } from '../failure.ts'
import type { Io } from '../terminal/io.ts'

/** How the console is made where it is missing. */
const BUILD = 'npx -y pnpm@12 build'

/** A service that listens, with or without the console. */
export interface Serving extends Service {
  readonly hasConsole: boolean
}

/**
 * Starts API and console on one address, and says which. The service is loaded only here, so that commands which do not serve start as fast
 * as without it.
 */
export async function startServing(io: Io, version: string, settings: Settings): Promise<Result<Serving, Failure>> {
  const { startService } = await import('@stage0/api')
  const consoleFolder = builtConsole()
  if (consoleFolder === undefined) io.err(`The console is not built: only the API is served. To build it: ${BUILD}\n`)
  const started = await startService({ settings, version, consoleFolder, log: { write: io.err } })
  return started.ok
    ? ok({ ...started.value, hasConsole: consoleFolder !== undefined })
    : err({ ...started.error, exit: EXIT.usage })
}

function builtConsole(): string | undefined {
  const folder = join(dirname(fileURLToPath(import.meta.resolve('@stage0/spa/package.json'))), 'dist')
  return existsSync(join(folder, 'index.html')) ? folder : undefined
}
