import { setMaxListeners } from 'node:events'
import { readRunSnapshot, type TargetResult } from '@stage0/engine'
import type { RunEventPage, RunSnapshot, RunStarted, RunState, RunSummary } from '@stage0/types'
import type { AppDeps } from '../deps.ts'
import { HttpProblem } from '../http-problem.ts'
import { targetProblem } from '../target-problem.ts'
import { beginRun, serviceEnding, type BeginRun, type ReviewedPlans } from './begin-run.ts'
import type { OwnRun } from './own-run.ts'
import { RepeatedRequests } from './repeated-requests.ts'
import { RunFollowers, type HeldFeed } from './run-followers.ts'
import { tellObservers, type RunObserver } from './run-observer.ts'
import { Turns } from './turns.ts'

/** Runs of this process that have ended and can still be shown without the database. */
const KEPT_ENDED = 20
/** A run has no outcome while it is one of these. */
const AT_WORK: RunState = 'running'

/** So long the answer waits for the record to show what was asked of a run, so that who looks next sees it. */
const RECORD_WAIT_MS = 1000

export interface RunLogger {
  error(details: object, message: string): void
}

/** All runs as the service knows them: those that it does itself, those of other processes, and those that are over. */
export class RunManager {
  readonly #deps: AppDeps
  readonly #plans: ReviewedPlans
  readonly #log: RunLogger
  readonly #followers: RunFollowers
  readonly #own = new Map<string, OwnRun>()
  readonly #observers = new Set<RunObserver>()
  readonly #repeated = new RepeatedRequests()
  readonly #turns = new Turns()
  /** Requests for a run that are not answered yet. */
  readonly #beginning = new Set<Promise<unknown>>()
  readonly #closing = new AbortController()

  constructor(deps: AppDeps, plans: ReviewedPlans, log: RunLogger) {
    this.#deps = deps
    this.#plans = plans
    this.#log = log
    const { target, clock } = deps
    this.#followers = new RunFollowers({
      target,
      clock,
      onDefect: (cause) => log.error({ err: cause }, 'a run could not be followed'),
    })
    // Every stream listens to it.
    setMaxListeners(0, this.closing)
  }

  /** Aborts when the service is ending: streams end, their clients come back to whoever is there then. */
  get closing(): AbortSignal {
    return this.#closing.signal
  }

  /** @returns What ends the observing. */
  observe(observer: RunObserver): () => void {
    this.#observers.add(observer)
    return () => this.#observers.delete(observer)
  }

  /**
   * Begins a run, which then goes on by itself. With an idempotency key a repeated request gets the run of the first one, also
   * from another process, and while the first is being answered.
   *
   * @throws HttpProblem where it was not begun: `LOCK_HELD`, `PLAN_STALE`, `PLAN_REFUSED`, what `prepareScope` throws, and others.
   */
  async begin(request: BeginRun): Promise<RunStarted> {
    if (this.closing.aborted) throw serviceEnding()
    const beginning = this.#repeated.once(request, () => this.#begin(request))
    this.#beginning.add(beginning)
    try {
      return await beginning
    } finally {
      this.#beginning.delete(beginning)
    }
  }

  /**
   * Waits for the end of a run of any process.
   *
   * @throws HttpProblem `SERVICE_BUSY` where the service ends first; failures as of `follow`.
   */
  async ended(runId: string): Promise<RunSnapshot> {
    const { feed, release } = await this.follow(runId)
    try {
      for await (const _bundle of feed.messages(feed.lastSeq, this.closing)) continue
    } finally {
      release()
    }
    // Ended, its lock free: who asked may begin the next one at once.
    await this.#own.get(runId)?.done
    const snapshot = feed.hasLastWord ? feed.latest : await this.snapshot(runId)
    if (snapshot.run.status !== AT_WORK) return snapshot
    throw new HttpProblem('SERVICE_BUSY', `The service is ending; run ${runId} is not over yet.`)
  }

  /** @throws HttpProblem `RUN_UNKNOWN`, or a failure of the database. */
  async snapshot(runId: string): Promise<RunSnapshot> {
    const own = this.#own.get(runId)
    const target = await this.#deps.target.open()
    const recorded = target.ok ? await readRunSnapshot(target.value, runId) : target
    if (recorded.ok && recorded.value !== undefined) return own?.feed.continue(recorded.value) ?? recorded.value
    // Not recorded, or not to be read now: then what this process knows is the truth.
    if (own !== undefined) return own.feed.latest
    if (!recorded.ok) throw targetProblem(recorded.error)
    throw unknownRun(runId)
  }

  /**
   * The feed of a run, for one listener.
   *
   * @throws HttpProblem `RUN_UNKNOWN`, or a failure of the database.
   */
  async follow(runId: string): Promise<HeldFeed> {
    const own = this.#own.get(runId)
    if (own !== undefined) return { feed: own.feed, release: () => {} }
    const held = await this.#followers.hold(runId)
    if (!held.ok) throw targetProblem(held.error)
    if (held.value === undefined) throw unknownRun(runId)
    return held.value
  }

  /** Events after a number, without waiting for more. Failures as of `follow`. */
  async page(runId: string, after: number, limit: number): Promise<RunEventPage> {
    const { feed, release } = await this.follow(runId)
    const events = [...feed.read(after, limit)]
    release()
    const last_seq = events.at(-1)?.seq ?? Math.min(after, feed.lastSeq)
    const isOver = feed.ended || feed.hasLastWord
    return { events, last_seq, finished: isOver && last_seq === feed.lastSeq }
  }

  /**
   * Asks a run of any process to end in order. One of this process is asked before anything else, and the answer does not wait
   * for the database, which may be away just when its run is to be cancelled.
   *
   * @throws HttpProblem `RUN_ENDED` where there is nothing to end, `RUN_UNKNOWN`, or a failure of the database.
   */
  async cancel(runId: string): Promise<RunSnapshot> {
    const own = this.#own.get(runId)
    if (own !== undefined && isAtWork(own)) return this.#cancelOwn(own)
    const before = await this.snapshot(runId)
    if (before.run.status !== AT_WORK) throw endedRun(before)
    await this.#refuseWhereGone(runId)
    const asked = await this.#requestCancel(runId)
    if (!asked.ok) throw targetProblem(asked.error)
    if (!asked.value) throw endedRun(await this.snapshot(runId))
    return asCancelled(before)
  }

  /** At once here; in the record too, for everybody to see, as soon as the database takes it. */
  async #cancelOwn(own: OwnRun): Promise<RunSnapshot> {
    own.cancel()
    const told = async (): Promise<RunSnapshot> => {
      await this.#requestCancel(own.feed.runId)
      return this.snapshot(own.feed.runId)
    }
    const recorded = told().catch((cause: unknown) => {
      this.#log.error({ err: cause }, 'that a run is cancelled could not be recorded')
      return own.feed.latest
    })
    const waited = new AbortController()
    const late = this.#deps.clock.sleep(RECORD_WAIT_MS, waited.signal).then(() => own.feed.latest)
    const snapshot = await Promise.race([recorded, late])
    waited.abort()
    return asCancelled(snapshot)
  }

  async #requestCancel(runId: string): TargetResult<boolean> {
    const target = await this.#deps.target.open()
    return target.ok ? target.value.runs.requestCancel(runId) : target
  }

  /**
   * Asks a run of any process to wait before its next range or step, or to go on. What is so already stays so.
   *
   * @throws HttpProblem `RUN_ENDED` where nothing is at work, `RUN_UNKNOWN`, or a failure of the database.
   */
  async pause(runId: string, paused: boolean): Promise<RunSnapshot> {
    const before = await this.snapshot(runId)
    if (before.run.status !== AT_WORK) throw endedRun(before)
    if (!this.#own.has(runId)) await this.#refuseWhereGone(runId)
    const target = await this.#deps.target.open()
    // Only by its record, also where this process does it: so it outlasts the process that was asked.
    const asked = target.ok ? await target.value.runs.requestPause(runId, paused) : target
    if (!asked.ok) throw targetProblem(asked.error)
    if (!asked.value) throw endedRun(await this.snapshot(runId))
    return { ...before, run: { ...before.run, pause_requested: paused } }
  }

  /** A run of a list; of one that is asked to wait, which the lock allows but once, whether it does, which its events tell. */
  async withPause(run: RunSummary): Promise<RunSummary> {
    if (run.status !== AT_WORK || run.pause_requested !== true) return run
    const { paused } = (await this.snapshot(run.run_id)).run
    return paused === undefined ? run : { ...run, paused }
  }

  /** Ends in order what this process does: streams at once, runs after the step that is under way. */
  async close(): Promise<void> {
    this.#closing.abort()
    // A run that is about to begin would otherwise outlive the connection to the database.
    await Promise.allSettled(this.#beginning)
    for (const run of this.#own.values()) run.cancel()
    await Promise.all([...this.#own.values()].map((run) => run.done))
  }

  /** Nobody hears what a run is asked for whose process is gone; its record says "running" until its lease ends. */
  async #refuseWhereGone(runId: string): Promise<void> {
    const target = await this.#deps.target.open()
    const lock = target.ok ? await target.value.lock.read() : target
    const held = lock.ok ? lock.value : undefined
    if (held?.holder.runId !== runId || !this.#deps.isGone(held.holder)) return
    const { host, pid } = held.holder
    throw new HttpProblem(
      'RUN_ENDED',
      `Run ${runId} is not at work: its process ${pid} on ${host} is no longer there. Its lock ends by itself at ${held.leaseEnd}.`,
    )
  }

  async #begin(request: BeginRun): Promise<RunStarted> {
    const begun = await beginRun(
      this.#deps,
      request,
      {
        onEvent: (event) => {
          // Before anybody is told: who hears of the end and looks must see what it made.
          if (event.type === 'run.finished') this.#deps.target.forget()
          tellObservers(this.#observers, event)
        },
        onDefect: (cause) => this.#log.error({ err: cause }, 'a run ended without an outcome'),
        onRefused: ({ code }) => {
          for (const observer of this.#observers) observer.runRefused?.({ code })
        },
      },
      { turns: this.#turns, plans: this.#plans, closing: this.closing },
    )
    if ('earlier' in begun) return begun.earlier
    const { run } = begun
    this.#own.set(run.started.run_id, run)
    void run.done.then(() => {
      this.#deps.target.forget()
      this.#dropOld()
    })
    // The service may have begun to end meanwhile.
    if (this.closing.aborted) run.cancel()
    return run.started
  }

  #dropOld(): void {
    const ended = [...this.#own.values()].filter(({ feed }) => feed.ended)
    for (const { started } of ended.slice(0, Math.max(0, ended.length - KEPT_ENDED))) this.#own.delete(started.run_id)
  }
}

/** As far as this process knows, which is the first to know. */
const isAtWork = ({ feed }: OwnRun): boolean => !feed.ended && feed.latest.run.status === AT_WORK

const asCancelled = (snapshot: RunSnapshot): RunSnapshot => ({
  ...snapshot,
  run: { ...snapshot.run, cancel_requested: true },
})

const unknownRun = (runId: string): HttpProblem => new HttpProblem('RUN_UNKNOWN', `There is no run ${runId}.`)

const endedRun = ({ run }: RunSnapshot): HttpProblem =>
  new HttpProblem('RUN_ENDED', `Run ${run.run_id} is not at work: ${run.status.replaceAll('_', ' ')}.`)
