import type { Observed } from '@stage0/core'
import type { TargetError, TargetPort } from '@stage0/engine'
import { openTarget } from '@stage0/mongo'
import { err, ok, type Result } from '@stage0/types'
import type { Settings } from '@stage0/workspace'
import type { TargetSource } from '../deps.ts'

type Opened = Result<TargetPort, TargetError>
type Look = Result<{ readonly observed: Observed; readonly asOf: Date }, TargetError>

/** What a target source takes from its surroundings; tests give their own. */
export interface TargetSourceOptions {
  readonly connect: () => Promise<Opened>
  readonly now: () => Date
}

/** Connects as the settings say. */
export const connectBySettings = (settings: Settings, appName: string) => (): Promise<Opened> =>
  openTarget({
    uri: settings.MONGO_CONNECTION_STRING.value,
    database: settings.MONGO_DB_NAME.value,
    requireTls: settings.MONGODB_REQUIRE_TLS.value,
    appName,
    hideValues: settings.EVIDENCE_SAMPLES.value === 0,
    recordNames: {
      versions: settings.VERSION_COLLECTION_NAME.value,
      enumerators: settings.ENUMERATORS_COLLECTION_NAME.value,
    },
  })

/** One connection for the whole service: opened by the first who needs it, by the next again where that failed. */
export class SharedTarget implements TargetSource {
  readonly #options: TargetSourceOptions
  #opening: Promise<Opened> | undefined
  #looking: Promise<Look> | undefined
  #failed: { readonly failure: Result<never, TargetError>; readonly atMs: number } | undefined
  #seen: { readonly observed: Observed; readonly asOf: Date } | undefined
  /** Grows when something was changed: a look that began before does not count afterwards. */
  #epoch = 0
  #isClosed = false

  constructor(options: TargetSourceOptions) {
    this.#options = options
  }

  open(): Promise<Opened> {
    if (this.#isClosed) return Promise.resolve(err(CLOSED))
    this.#opening ??= this.#connect()
    return this.#opening
  }

  async observe(maxAgeMs: number): Promise<Look> {
    const nowMs = this.#options.now().getTime()
    const seen = this.#seen
    if (seen !== undefined && nowMs - seen.asOf.getTime() <= maxAgeMs) return ok(seen)
    const failed = this.#failed
    if (failed !== undefined && nowMs - failed.atMs <= FAILURE_MS) return failed.failure
    this.#looking ??= this.#look()
    return this.#looking
  }

  forget(): void {
    this.#epoch += 1
    this.#seen = undefined
    this.#failed = undefined
    this.#looking = undefined
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const opened = await this.#opening
    if (opened?.ok === true) await opened.value.close()
  }

  async #connect(): Promise<Opened> {
    const opened = await this.#options.connect()
    // The driver finds a lost server again by itself; what was never reached is tried again by the next request.
    if (!opened.ok) this.#opening = undefined
    return opened
  }

  async #look(): Promise<Look> {
    const epoch = this.#epoch
    try {
      const look = await this.#observe()
      if (epoch !== this.#epoch) return look
      if (look.ok) this.#seen = look.value
      else this.#failed = { failure: look, atMs: this.#options.now().getTime() }
      return look
    } finally {
      if (epoch === this.#epoch) this.#looking = undefined
    }
  }

  async #observe(): Promise<Look> {
    const opened = await this.open()
    if (!opened.ok) return opened
    const asOf = this.#options.now()
    const observed = await opened.value.observe({})
    return observed.ok ? ok({ observed: observed.value, asOf }) : observed
  }
}

/** A lost database is found out slowly: those who ask right after get the same answer, instead of waiting one after the other. */
const FAILURE_MS = 1000

const CLOSED: TargetError = { kind: 'stopped', code: 'CANCELLED', message: 'The service is ending.' }
