import { randomUUID } from 'node:crypto'
import { err, ok, type Result } from '@stage0/types'
import { holderOf, isGone, systemClock, type Settings } from '@stage0/workspace'
import { buildApp } from './app.ts'
import type { AppDeps } from './deps.ts'
import { closeWithin, listen, refuseAddress, type ServiceRefusal } from './listening.ts'
import { RepositorySnapshots } from './sources/snapshot-source.ts'
import { connectBySettings, SharedTarget } from './sources/target-source.ts'
import { StartUpProcessing } from './start-up-processing.ts'

export interface ServiceOptions {
  /** `INPUT_FOLDER` must be absolute, or relative to the working directory. */
  readonly settings: Settings
  /** Version of Stage0. */
  readonly version: string
  /** The folder of the built console; only the API is served without it. */
  readonly consoleFolder?: string | undefined
  /** Where log lines go; standard output by default. */
  readonly log?: AppDeps['log']
}

/** A service that listens. */
export interface Service {
  /** "http://127.0.0.1:8081/" */
  readonly url: string
  /** Resolves when the processing at start has ended, or at once where none was asked for: whether it did what it should. */
  readonly startUp: Promise<boolean>
  /**
   * Stops accepting, ends streams, lets requests and the step of a run finish within `SHUTDOWN_GRACE`, and closes the database. What is
   * not done by then is cut off; a run then is one that the next one finishes.
   */
  close(): Promise<void>
}

/** Serves the API, and the console where it is built, until it is closed. */
export async function startService(options: ServiceOptions): Promise<Result<Service, ServiceRefusal>> {
  const { settings, version } = options
  const { AUTH_MODE, API_HOST, API_PORT, SHUTDOWN_GRACE } = settings
  if (AUTH_MODE.value !== 'none') {
    const message = `AUTH_MODE is ${AUTH_MODE.value}, which this version cannot do.`
    return err({ code: 'AUTH_MODE_UNSUPPORTED', message })
  }
  const refusal = refuseAddress(API_HOST.value, settings)
  if (refusal !== undefined) return err(refusal)
  const startUp = settings.AUTO_PROCESS.value ? new StartUpProcessing(settings) : undefined
  const deps: AppDeps = {
    settings,
    version,
    snapshots: new RepositorySnapshots(settings, systemClock.now),
    target: new SharedTarget({ connect: connectBySettings(settings, `stage0 ${version}`), now: systemClock.now }),
    clock: systemClock,
    newId: randomUUID,
    holder: (command, runId) => ({ ...holderOf(command), runId }),
    isGone,
    consoleFolder: options.consoleFolder,
    log: options.log,
    startUp,
  }
  const app = await buildApp(deps)
  const listening = await listen(app, API_HOST.value, API_PORT.value)
  if (!listening.ok) {
    await Promise.all([app.close(), deps.target.close()])
    return listening
  }
  const onDefect = (cause: unknown): void => app.log.error({ err: cause }, 'a defect ended the processing at start')
  const processed = startUp?.run(app.runs, systemClock.sleep, onDefect) ?? Promise.resolve(true)
  const close = async () => {
    await closeWithin(app, SHUTDOWN_GRACE.value, systemClock.sleep)
    await deps.target.close()
  }
  return ok({ url: listening.value, startUp: processed, close })
}
