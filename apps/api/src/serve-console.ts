import { randomUUID } from 'node:crypto'
import { err, ok, type Result } from '@stage0/types'
import { systemClock, type Settings } from '@stage0/workspace'
import { buildConsoleApp } from './console-app.ts'
import type { AppDeps } from './deps.ts'
import { closeWithin, listen, refuseAddress, type ServiceRefusal } from './listening.ts'

export interface ConsoleOptions {
  readonly settings: Settings
  /** The folder of the built console. */
  readonly consoleFolder: string
  /** Where log lines go; standard output by default. */
  readonly log?: AppDeps['log']
}

/** A console that listens. */
export interface ConsoleService {
  /** "http://127.0.0.1:8082/" */
  readonly url: string
  /** Stops accepting, ends streams, and lets requests end within `SHUTDOWN_GRACE`: to what the API did not begin to answer within half of it, 503. */
  close(): Promise<void>
}

/** Serves the console alone, on `SPA_HOST` and `SPA_PORT`, and hands requests for the API on to `API_URL`. */
export async function startConsole(options: ConsoleOptions): Promise<Result<ConsoleService, ServiceRefusal>> {
  const { settings } = options
  const { SPA_HOST, SPA_PORT, SHUTDOWN_GRACE } = settings
  const refusal = refuseAddress(SPA_HOST.value, settings)
  if (refusal !== undefined) return err(refusal)
  const app = await buildConsoleApp({ ...options, newId: randomUUID, sleep: systemClock.sleep })
  const listening = await listen(app, SPA_HOST.value, SPA_PORT.value)
  if (!listening.ok) {
    await app.close()
    return listening
  }
  return ok({ url: listening.value, close: () => closeWithin(app, SHUTDOWN_GRACE.value, systemClock.sleep) })
}
