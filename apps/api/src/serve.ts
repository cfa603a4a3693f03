import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { err, ok, type ErrorCode, type Result } from '@stage0/types'
import { holderOf, isGone, isLoopback, systemClock, type Settings } from '@stage0/workspace'
import { buildApp } from './app.ts'
import type { AppDeps } from './deps.ts'
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

/** Why a service does not come up. */
export interface ServiceRefusal {
  readonly code: ErrorCode
  readonly message: string
}

/** Serves the API, and the console where it is built, until it is closed. */
export async function startService(options: ServiceOptions): Promise<Result<Service, ServiceRefusal>> {
  const { settings, version } = options
  const refusal = refuseAddress(settings)
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
  const listening = await listen(app, settings)
  if (!listening.ok) {
    await Promise.all([app.close(), deps.target.close()])
    return listening
  }
  const onDefect = (cause: unknown): void => app.log.error({ err: cause }, 'a defect ended the processing at start')
  const processed = startUp?.run(app.runs, systemClock.sleep, onDefect) ?? Promise.resolve(true)
  return ok({ url: listening.value, startUp: processed, close: () => close(app, deps) })
}

/** Without a sign-in everybody who reaches the service may do everything: then only this machine may reach it. */
function refuseAddress({ API_HOST, AUTH_MODE, AUTH_NONE_ANYWHERE }: Settings): ServiceRefusal | undefined {
  if (AUTH_MODE.value !== 'none') {
    return { code: 'AUTH_MODE_UNSUPPORTED', message: `AUTH_MODE is ${AUTH_MODE.value}, which this version cannot do.` }
  }
  if (isLoopback(API_HOST.value) || AUTH_NONE_ANYWHERE.value) return undefined
  return {
    code: 'AUTH_NEEDED',
    message: `The service would listen on ${API_HOST.value} without a sign-in, where others can reach it.`,
  }
}

async function listen(app: FastifyInstance, { API_HOST, API_PORT }: Settings): Promise<Result<string, ServiceRefusal>> {
  try {
    await app.listen({ host: API_HOST.value, port: API_PORT.value })
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    return err({ code: 'PORT_UNUSABLE', message: `Cannot listen on port ${API_PORT.value}: ${error.message}.` })
  }
  const [address] = app.addresses()
  const port = typeof address === 'object' ? address.port : API_PORT.value
  return ok(`http://${nameOf(API_HOST.value)}:${port}/`)
}

/** What to write into a browser of this machine for an address that a service listens on. */
function nameOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

async function close(app: FastifyInstance, { settings, target, clock }: AppDeps): Promise<void> {
  const graceMs = settings.SHUTDOWN_GRACE.value * 1000
  const timer = new AbortController()
  const closed = app.close()
  await Promise.race([closed, clock.sleep(graceMs, timer.signal)])
  timer.abort()
  app.server.closeAllConnections()
  await target.close()
}
