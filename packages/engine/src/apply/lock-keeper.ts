import type { Clock, LockPort, RunStorePort, TargetError } from '../ports.ts'

export interface KeeperInput {
  readonly target: { readonly lock: Pick<LockPort, 'renew'>; readonly runs: Pick<RunStorePort, 'readFlags'> }
  readonly runId: string
  readonly token: number
  readonly leaseMs: number
  readonly clock: Clock
}

/** Renewals per lease: two may fail before the lease ends. */
const RENEWALS_PER_LEASE = 3
/** Between two looks at what is asked of the run, where there is work that can be interrupted at any time. */
const LOOK_MS = 200

/**
 * Keeps the lock of a run alive in the background and notices when it is gone, or when somebody wants the run cancelled.
 * A lock that could not be renewed for a whole lease counts as lost, since by then another run may hold it.
 */
export class LockKeeper {
  readonly #input: KeeperInput
  readonly #lost = new AbortController()
  readonly #stopped = new AbortController()
  #loop: Promise<void> | undefined
  #step: string | undefined
  #renewedAtMs: number
  #cancelRequested = false
  #pauseRequested = false
  #lookedAtMs = Number.NEGATIVE_INFINITY

  constructor(input: KeeperInput) {
    this.#input = input
    this.#renewedAtMs = input.clock.monotonicMs()
  }

  /** Aborts as soon as the lock is known to be lost: what is under way must end. */
  get lost(): AbortSignal {
    return this.#lost.signal
  }

  get cancelRequested(): boolean {
    return this.#cancelRequested
  }

  get pauseRequested(): boolean {
    return this.#pauseRequested
  }

  start(): void {
    this.#loop ??= this.#beat()
  }

  /** Ends the heartbeat; resolves when the last one is through. */
  async stop(): Promise<void> {
    this.#stopped.abort()
    await this.#loop
  }

  /**
   * Makes sure of the lock right before a step, and shows others the step. Reads the cancel flag too.
   *
   * @returns why the step must not begin, or `undefined`.
   */
  async confirm(step: string): Promise<TargetError | undefined> {
    this.#step = step
    const failure = await this.#renew()
    if (this.#lost.signal.aborted) return lockLost()
    return failure ?? (await this.#readFlags())
  }

  /**
   * Whether the lease has run out by the clock of this process, as it has after the process was suspended: then the lock counts as
   * lost at once, before anybody is asked.
   */
  isLeaseOver(): boolean {
    const { clock, leaseMs } = this.#input
    if (clock.monotonicMs() - this.#renewedAtMs >= leaseMs) this.#lost.abort()
    return this.#lost.signal.aborted
  }

  /**
   * Reads what is asked of the run, unless it was read a moment ago. That it cannot be read is no reason to stop: the heartbeat
   * notices when the target is gone.
   */
  async look(): Promise<void> {
    if (this.#input.clock.monotonicMs() - this.#lookedAtMs >= LOOK_MS) await this.#readFlags()
  }

  async #beat(): Promise<void> {
    const { clock, leaseMs } = this.#input
    while (!this.#stopped.signal.aborted && !this.#lost.signal.aborted) {
      await clock.sleep(leaseMs / RENEWALS_PER_LEASE, this.#stopped.signal)
      if (this.#stopped.signal.aborted) return
      await this.#renew()
      if (!this.#lost.signal.aborted) await this.#readFlags()
    }
  }

  async #renew(): Promise<TargetError | undefined> {
    const { target, token, leaseMs, clock } = this.#input
    // The lease is counted from before the request: the server can only have begun it later.
    const askedAtMs = clock.monotonicMs()
    const renewed = await target.lock.renew(token, leaseMs, this.#step)
    if (renewed.ok && renewed.value) {
      this.#renewedAtMs = askedAtMs
      return undefined
    }
    const isOver = clock.monotonicMs() - this.#renewedAtMs >= leaseMs
    if (renewed.ok || renewed.error.kind === 'lost-lock' || isOver) this.#lost.abort()
    return renewed.ok ? undefined : renewed.error
  }

  async #readFlags(): Promise<TargetError | undefined> {
    const { target, runId, clock } = this.#input
    const flags = await target.runs.readFlags(runId)
    if (!flags.ok) return flags.error
    this.#lookedAtMs = clock.monotonicMs()
    if (flags.value.cancel) this.#cancelRequested = true
    this.#pauseRequested = flags.value.pause
    return undefined
  }
}

export const lockLost = (): TargetError => ({
  code: 'LOCK_LOST',
  kind: 'lost-lock',
  message: 'The lock is no longer held by this run, so it stopped at once.',
  hint: 'Another run may have taken over and finishes what this one began; look at `stage0 status`.',
})
