import { err } from '@stage0/types'
import type { Clock, LockPort, RunStorePort, TargetError, TargetPort, TargetResult } from '../ports.ts'

export interface KeeperInput {
  readonly target: Pick<TargetPort, 'ping'> & {
    readonly lock: Pick<LockPort, 'renew'>
    readonly runs: Pick<RunStorePort, 'readFlags'>
  }
  readonly runId: string
  readonly token: number
  readonly leaseMs: number
  readonly clock: Clock
}

/** Whether the database answers, and how long the lease lasts if it is not renewed any more. */
export interface Contact {
  readonly answers: boolean
  readonly leaseLeftMs: number
}

/**
 * `unanswered`: the lease ended while the database did not answer. `lapsed`: it ended by our own clock, as after the process was
 * suspended. `gone`: the database said that the lock is not ours.
 */
export type LossReason = 'unanswered' | 'lapsed' | 'gone'

/** Renewals per lease: two may fail before the lease ends. */
const RENEWALS_PER_LEASE = 3
/** Between two looks whether the database is there: a person is to know within a second or two that it is not. */
const LISTEN_MS = 500
/** A server that is there may be busy. */
const LONGEST_ANSWER_MS = 5000
/** Where the lease is about to end: less would be no answer of anybody. Of a short lease no more than the half. */
const SHORTEST_ANSWER_MS = 500
const SHORTEST_ANSWERS_PER_LEASE = 2
/** A busy machine is late by no more. Of a short lease it is a part: who stood still for the whole of it was not late. */
const LATE_MS = 500
const LATE_PER_LEASE = 6

const noAnswer: TargetError = {
  code: 'TARGET_UNREACHABLE',
  kind: 'unreachable',
  message: `The database did not answer within ${LONGEST_ANSWER_MS} ms.`,
}
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
  #isSilent = false
  #lossReason: LossReason | undefined
  #listener: ((contact: Contact) => void) | undefined
  #cancelRequested = false
  #pauseRequested = false
  #lookedAtMs = Number.NEGATIVE_INFINITY

  constructor(input: KeeperInput) {
    this.#input = input
    this.#renewedAtMs = input.clock.monotonicMs()
    const signal = this.#lost.signal
    // A process that wakes up goes on with what it was about, before any timer fires: whoever asks is told by the clock.
    signal.throwIfAborted = () => {
      this.isLeaseOver()
      AbortSignal.prototype.throwIfAborted.call(signal)
    }
  }

  /** Aborts as soon as the lock is known to be lost: what is under way must end. To be asked before each command that changes something. */
  get lost(): AbortSignal {
    return this.#lost.signal
  }

  /** Why the lock is lost; `undefined` while it is not. */
  get lossReason(): LossReason | undefined {
    return this.#lossReason
  }

  /** Whether the database did not answer when it was last asked. */
  get isSilent(): boolean {
    return this.#isSilent
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

  /** From now on `listener` is told when the database stops answering and when it answers again; at once where it does not now. */
  listen(listener: ((contact: Contact) => void) | undefined): void {
    this.#listener = listener
    if (this.#isSilent) this.#tell()
  }

  /**
   * After something failed because the database was not reached: waits until it answers and the lock is known to be still ours.
   *
   * @param signal Ends the waiting.
   * @returns whether what failed may be tried again; `false` where the lease ended, the lock is gone or `signal` aborted.
   */
  async answering(signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#input
    for (;;) {
      if (this.isLeaseOver() || signal.aborted || this.#stopped.signal.aborted) return false
      if ((await this.#hear()) && (await this.#renew()) === undefined) return !this.#lost.signal.aborted
      await clock.sleep(this.#listenMs(), AbortSignal.any([signal, this.#lost.signal]))
    }
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
    if (this.#leaseLeftMs() <= 0) this.#lose(this.#isSilent ? 'unanswered' : 'lapsed')
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
    let lookedAtMs = clock.monotonicMs()
    while (!this.#stopped.signal.aborted && !this.#lost.signal.aborted) {
      await clock.sleep(this.#listenMs(), this.#stopped.signal)
      // Woken up after the lease, nobody needs to be asked.
      if (this.#stopped.signal.aborted || this.isLeaseOver()) return
      const nowMs = clock.monotonicMs()
      const isDue = nowMs - lookedAtMs >= leaseMs / RENEWALS_PER_LEASE
      const wasSilent = this.#isSilent
      if (!(await this.#hear())) this.isLeaseOver()
      else if (isDue || wasSilent) {
        lookedAtMs = nowMs
        await this.#renew()
        if (!this.#lost.signal.aborted && !this.#isSilent) await this.#readFlags()
      }
    }
  }

  /** Never later than a renewal is due. */
  #listenMs(): number {
    return Math.min(LISTEN_MS, this.#input.leaseMs / RENEWALS_PER_LEASE)
  }

  #leaseLeftMs(): number {
    const { clock, leaseMs } = this.#input
    return this.#renewedAtMs + leaseMs - clock.monotonicMs()
  }

  /** Whether the database answers now. It is heard again only with the next renewal: an answer alone does not keep the lock. */
  async #hear(): Promise<boolean> {
    const { leaseMs } = this.#input
    const shortestMs = Math.min(SHORTEST_ANSWER_MS, leaseMs / SHORTEST_ANSWERS_PER_LEASE)
    const longestMs = Math.min(LONGEST_ANSWER_MS, leaseMs / RENEWALS_PER_LEASE, this.#leaseLeftMs())
    const waitMs = Math.ceil(Math.max(shortestMs, longestMs))
    const askedAtMs = this.#input.clock.monotonicMs()
    const answered = await this.#input.target.ping(waitMs)
    if (answered.ok || answered.error.kind !== 'unreachable') return true
    this.#noAnswer(askedAtMs, waitMs)
    return false
  }

  /** A question that has no time of its own to be up: the heartbeat must not stand still with the server. */
  async #answered<T>(asked: TargetResult<T>): TargetResult<T> {
    const done = new AbortController()
    const late = this.#input.clock.sleep(LONGEST_ANSWER_MS, done.signal).then(() => err(noAnswer))
    try {
      return await Promise.race([asked, late])
    } finally {
      done.abort()
    }
  }

  /** Where far more time has passed than was to be waited, it was this process that stood still: that says nothing of the database. */
  #noAnswer(askedAtMs: number, waitedMs: number): void {
    const { clock, leaseMs } = this.#input
    const lateMs = Math.min(LATE_MS, leaseMs / LATE_PER_LEASE)
    if (clock.monotonicMs() - askedAtMs <= waitedMs + lateMs) this.#setSilent(true)
  }

  #setSilent(isSilent: boolean): void {
    if (this.#isSilent === isSilent) return
    this.#isSilent = isSilent
    this.#tell()
  }

  #tell(): void {
    this.#listener?.({ answers: !this.#isSilent, leaseLeftMs: Math.max(0, Math.round(this.#leaseLeftMs())) })
  }

  #lose(reason: LossReason): void {
    this.#lossReason ??= reason
    this.#lost.abort()
  }

  async #renew(): Promise<TargetError | undefined> {
    const { target, token, leaseMs, clock } = this.#input
    // The lease is counted from before the request: the server can only have begun it later.
    const askedAtMs = clock.monotonicMs()
    const renewed = await target.lock.renew(token, leaseMs, this.#step)
    if (renewed.ok && renewed.value) {
      this.#renewedAtMs = askedAtMs
      this.#setSilent(false)
      return undefined
    }
    if (renewed.ok || renewed.error.kind === 'lost-lock') this.#lose('gone')
    else if (renewed.error.kind === 'unreachable') this.#noAnswer(askedAtMs, leaseMs)
    this.isLeaseOver()
    return renewed.ok ? undefined : renewed.error
  }

  async #readFlags(): Promise<TargetError | undefined> {
    const { target, runId, clock } = this.#input
    const flags = await this.#answered(target.runs.readFlags(runId))
    if (!flags.ok) return flags.error
    this.#lookedAtMs = clock.monotonicMs()
    if (flags.value.cancel) this.#cancelRequested = true
    this.#pauseRequested = flags.value.pause
    return undefined
  }
}

/** What a step is told, before it is known what became of the lock. */
export const lockLost = (): TargetError => ({
  code: 'LOCK_LOST',
  kind: 'lost-lock',
  message: 'The lock is no longer held by this run, so it stopped at once.',
  hint: 'What it began the next run finishes; look at `stage0 status`.',
})

/** Why a step was cut off that was under way when the lock was lost. */
export const cutOffBy = ({ lossReason }: Pick<LockKeeper, 'lossReason'>): TargetError =>
  lossReason === 'unanswered'
    ? {
        code: 'TARGET_UNREACHABLE',
        kind: 'unreachable',
        message: 'The database did not answer until the lease of the lock ended.',
        hint: 'Whether it took effect the next run finds out by looking.',
      }
    : lockLost()
