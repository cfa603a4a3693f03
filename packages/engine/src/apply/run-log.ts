import type { Step } from '@stage0/core'
import type { RunEvent } from '@stage0/types'
import type { Clock, RunStorePort, TargetError } from '../ports.ts'

type Numbered = 'seq' | 'run_id' | 'at'
/** An event before it has its number and time. */
export type EventDraft = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, Numbered> : never) : never

/** Events wait this long, or until this many are there, before they are stored in one write. */
const FLUSH_MS = 250
const FLUSH_EVENTS = 100

type EventStore = Pick<RunStorePort, 'appendEvents'>

/** Numbers the events of a run without gaps and stores them in few writes. */
export class RunLog {
  readonly #runId: string
  readonly #clock: Clock
  readonly #waiting: RunEvent[] = []
  #store: EventStore | undefined
  #isAway = (): boolean => false
  #seq = 0
  #flushedAtMs: number
  #failure: TargetError | undefined

  constructor(runId: string, clock: Clock) {
    this.#runId = runId
    this.#clock = clock
    this.#flushedAtMs = clock.monotonicMs()
  }

  /** From now on events are stored: the run has a header there. While `isAway` says so they wait. */
  storeIn(store: EventStore, isAway: () => boolean): void {
    this.#store = store
    this.#isAway = isAway
  }

  /** Why events could not be stored, if so. Where the database was only not reached, they are with the next ones. */
  get failure(): TargetError | undefined {
    return this.#failure
  }

  add(draft: EventDraft): RunEvent {
    this.#seq += 1
    const event = { seq: this.#seq, run_id: this.#runId, at: this.#clock.now().toISOString(), ...draft } as RunEvent
    if (this.#store !== undefined) this.#waiting.push(event)
    return event
  }

  async flushWhenDue(): Promise<void> {
    const isDue = this.#clock.monotonicMs() - this.#flushedAtMs >= FLUSH_MS
    if (isDue || this.#waiting.length >= FLUSH_EVENTS) await this.flush()
  }

  /** Stores what waits. A failure is kept; the events wait for the next time. */
  async flush(): Promise<void> {
    if (this.#store === undefined || this.#waiting.length === 0 || this.#isAway()) return
    const batch = [...this.#waiting]
    const stored = await this.#store.appendEvents(this.#runId, batch)
    this.#flushedAtMs = this.#clock.monotonicMs()
    this.#failure = stored.ok || stored.error.kind === 'unreachable' ? undefined : stored.error
    if (stored.ok) this.#waiting.splice(0, batch.length)
  }
}

/** What every event of a step says about it. */
export const stepFields = (step: Step) => ({
  step_id: step.id,
  kind: step.kind,
  ...(step.collection !== '' && { collection: step.collection }),
  version: step.version,
  name: step.name,
})
