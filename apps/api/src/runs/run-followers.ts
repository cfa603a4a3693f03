import { followRun, readRunSnapshot, type Clock, type TargetError, type TargetPort } from '@stage0/engine'
import { ok, type Result, type RunState } from '@stage0/types'
import type { TargetSource } from '../deps.ts'
import { plannedSteps, RunFeed } from './run-feed.ts'

const PAGE_EVENTS = 1000
/** Such a run will say no more, whether or not its last word was stored. */
const GONE: ReadonlySet<RunState> = new Set<RunState>(['interrupted', 'superseded'])

interface Followed {
  readonly feed: RunFeed
  readonly stop: AbortController
  holders: number
}

export interface FollowersInput {
  readonly target: Pick<TargetSource, 'open' | 'forget'>
  readonly clock: Clock
  /** Something that nobody foresaw ended the following. */
  readonly onDefect: (cause: unknown) => void
}

/** A feed that somebody uses; `release` when they no longer do. */
export interface HeldFeed {
  readonly feed: RunFeed
  release(): void
}

/**
 * Follows runs that this process does not do itself, as long as somebody listens: recorded ones, and those of other processes.
 * However many listen to a run, it is looked at once.
 */
export class RunFollowers {
  readonly #input: FollowersInput
  readonly #followed = new Map<string, Promise<Result<Followed | undefined, TargetError>>>()

  constructor(input: FollowersInput) {
    this.#input = input
  }

  /** The feed of a recorded run; `undefined` where there is none of this id. */
  async hold(runId: string): Promise<Result<HeldFeed | undefined, TargetError>> {
    const opening = this.#followed.get(runId) ?? this.#open(runId)
    this.#followed.set(runId, opening)
    // Whatever went wrong: who asks next tries anew.
    const forget = (): void => {
      if (this.#followed.get(runId) === opening) this.#followed.delete(runId)
    }
    const opened = await opening.catch((cause: unknown) => {
      forget()
      throw cause
    })
    if (!opened.ok || opened.value === undefined) {
      forget()
      return opened.ok ? ok(undefined) : opened
    }
    const followed = opened.value
    // Let go by the last listener while this one waited for it.
    if (followed.stop.signal.aborted) return this.hold(runId)
    followed.holders += 1
    let isHeld = true
    const release = (): void => {
      if (!isHeld) return
      isHeld = false
      followed.holders -= 1
      if (followed.holders > 0) return
      followed.stop.abort()
      forget()
    }
    return ok({ feed: followed.feed, release })
  }

  async #open(runId: string): Promise<Result<Followed | undefined, TargetError>> {
    const target = await this.#input.target.open()
    if (!target.ok) return target
    const recorded = await readRunSnapshot(target.value, runId)
    if (!recorded.ok) return recorded
    if (recorded.value === undefined) return ok(undefined)
    const { run } = recorded.value
    const feed = new RunFeed(run, plannedSteps(recorded.value))
    const read = await pull(target.value, feed)
    if (!read.ok) return read
    const stop = new AbortController()
    if (feed.hasLastWord || GONE.has(run.status)) feed.end(run)
    else void this.#follow(target.value, feed, stop.signal).catch((cause: unknown) => this.#giveUp(feed, cause))
    return ok({ feed, stop, holders: 0 })
  }

  /** The listeners come back, to another try. */
  #giveUp(feed: RunFeed, cause: unknown): void {
    this.#input.onDefect(cause)
    feed.end()
  }

  /** To the end of the run. Where the database cannot be read, the listeners are let go: they come back, and are told why. */
  async #follow(target: TargetPort, feed: RunFeed, signal: AbortSignal): Promise<void> {
    const events = followRun(target, feed.runId, feed.lastSeq, { clock: this.#input.clock, signal })
    for (;;) {
      const next = await events.next()
      // Before the listeners are told: who hears of the end and looks must see what it made.
      if (next.done === true || next.value.type === 'run.finished') this.#input.target.forget()
      if (next.done === true) return feed.end(next.value.ok ? next.value.value : undefined)
      feed.push([next.value])
    }
  }
}

/** Reads what is recorded already. */
async function pull(target: TargetPort, feed: RunFeed): Promise<Result<void, TargetError>> {
  for (;;) {
    const before = feed.lastSeq
    const events = await target.runs.readEvents(feed.runId, before, PAGE_EVENTS)
    if (!events.ok) return events
    feed.push(events.value)
    // A page that brought nothing new would be read for ever.
    if (events.value.length < PAGE_EVENTS || feed.lastSeq === before) return ok(undefined)
  }
}
