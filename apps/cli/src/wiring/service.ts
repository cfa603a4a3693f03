import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ConsoleService, Service } from '@stage0/api'
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
  const built = builtConsole()
  if (built === 'not built') io.err(`The console is not built: only the API is served. To build it: ${BUILD}\n`)
  const consoleFolder = typeof built === 'string' ? undefined : built.folder
  const started = await startService({ settings, version, consoleFolder, log: { write: io.err } })
  return started.ok
    ? ok({ ...started.value, hasConsole: consoleFolder !== undefined })
    : err({ ...started.error, exit: EXIT.usage })
}

/** Starts the console alone, for an API that is elsewhere. */
export async function startConsoleAlone(io: Io, settings: Settings): Promise<Result<ConsoleService, Failure>> {
  const { startConsole } = await import('@stage0/api')
  const built = builtConsole()
  if (typeof built === 'string') {
    return err({ code: 'CONSOLE_NOT_BUILT', message: `The console is ${built}.`, exit: EXIT.usage })
  }
  const started = await startConsole({ settings, consoleFolder: built.folder, log: { write: io.err } })
  return started.ok ? started : err({ ...started.error, exit: EXIT.usage })
}

/** The folder of the built console. It is `not installed` where only the API was asked for, as in the image of that name. */
function builtConsole(): { readonly folder: string } | 'not built' | 'not installed' {
  const manifest = manifestOfConsole()
  if (manifest === undefined) return 'not installed'
  const folder = join(dirname(manifest), 'dist')
  return existsSync(join(folder, 'index.html')) ? { folder } : 'not built'
}

function manifestOfConsole(): string | undefined {
  try {
    return fileURLToPath(import.meta.resolve('@stage0/spa/package.json'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw error
  }
}
