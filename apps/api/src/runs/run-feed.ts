import { reduceRun, snapshotOf, type PlannedStep } from '@stage0/core'
import type { RunEvent, RunMessage, RunSnapshot, RunSummary } from '@stage0/types'

/** A listener who is far behind is sent so many events at once. */
const BUNDLE_EVENTS = 256
/** A state of the run is kept each so many events, so that a listener who comes back is not made to wait for all of them. */
const CHECKPOINT_EVENTS = 256

/**
 * The events of one run in this process: one log, and for each listener no more than its place in it. A slow listener so costs
 * nothing but its own place, and cannot lose or double an event.
 *
 * Whoever knows the events (the run itself, or who reads them from the database) pushes them; `end` says that no more will come.
 */
export class RunFeed {
  readonly runId: string
  readonly #events: RunEvent[] = []
  readonly #checkpoints: RunSnapshot[]
  readonly #wakers = new Set<() => void>()
  #latest: RunSnapshot
  #ended = false
  #recorded: RunSummary | undefined

  /** @param run What is known of the run; whether and how it ended is told by its events. */
  constructor(run: RunSummary, planned: readonly PlannedStep[]) {
    this.runId = run.run_id
    this.#latest = snapshotOf(unfinished(run), planned)
    this.#checkpoints = [this.#latest]
  }

  get lastSeq(): number {
    return this.#events.length
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Whether the run has told its own end. */
  get hasLastWord(): boolean {
    return this.#events.at(-1)?.type === 'run.finished'
  }

  get latest(): RunSnapshot {
    return this.#latest
  }

  /** Adds events in their order; those that are there already are left out, and what would leave a gap is not taken. */
  push(events: readonly RunEvent[]): void {
    for (const event of events) {
      if (event.seq !== this.lastSeq + 1) continue
      this.#events.push(event)
      this.#latest = reduceRun(this.#latest, event)
      if (event.seq % CHECKPOINT_EVENTS === 0) this.#checkpoints.push(this.#latest)
    }
    this.#wake()
  }

  /** @param recorded How the run is recorded, which may be other than its events tell: interrupted, superseded. */
  end(recorded?: RunSummary): void {
    this.#ended = true
    this.#recorded = recorded
    this.#wake()
  }

  /** Events with a number above `after`, at most `limit`. */
  read(after: number, limit: number): readonly RunEvent[] {
    return this.#events.slice(after, after + limit)
  }

  /** The run as it stood after the event `seq`, or after the last one that is known. */
  at(seq: number): RunSnapshot {
    if (seq >= this.lastSeq) return this.#latest
    const checkpoint = this.#checkpoints[Math.floor(seq / CHECKPOINT_EVENTS)] ?? this.#latest
    return this.#events.slice(checkpoint.last_seq, seq).reduce(reduceRun, checkpoint)
  }

  /** A record of the run with what is known here already, and is not recorded yet. */
  continue(recorded: RunSnapshot): RunSnapshot {
    return this.#events.slice(recorded.last_seq).reduce(reduceRun, recorded)
  }

  /**
   * What a listener is sent, in bundles as they come: a snapshot, then each event after it. It ends after the run has; where its events
   * do not tell how, with a second snapshot that does.
   *
   * @param after Number of the last event that the listener knows; the latest state without it.
   */
  async *messages(after: number | undefined, signal: AbortSignal): AsyncGenerator<readonly RunMessage[], void> {
    let wake = (): void => {}
    const waker = (): void => wake()
    this.#wakers.add(waker)
    signal.addEventListener('abort', waker)
    try {
      const first = after === undefined ? this.#latest : this.at(after)
      let last = first.last_seq
      yield [{ type: 'snapshot', snapshot: first }]
      while (!signal.aborted) {
        const events = this.read(last, BUNDLE_EVENTS)
        last += events.length
        if (events.length > 0) yield events
        else if (!this.#ended) await new Promise<void>((resolve) => (wake = resolve))
        else {
          const snapshot = this.#final()
          if (snapshot !== undefined) yield [{ type: 'snapshot', snapshot }]
          return
        }
      }
    } finally {
      this.#wakers.delete(waker)
      signal.removeEventListener('abort', waker)
    }
  }

  /** The end of the run as it is recorded, where its events tell another one, or none. */
  #final(): RunSnapshot | undefined {
    const recorded = this.#recorded
    if (recorded === undefined || recorded.status === this.#latest.run.status) return undefined
    // Counts are recorded with an outcome only.
    const counts = Object.keys(recorded.counts).length === 0 ? this.#latest.run.counts : recorded.counts
    return { ...this.#latest, run: { ...this.#latest.run, ...recorded, counts } }
  }

  #wake(): void {
    for (const wake of this.#wakers) wake()
  }
}

/** The steps of a run as they were planned. */
export const plannedSteps = ({ steps }: RunSnapshot): readonly PlannedStep[] =>
  steps.map(({ id, kind, collection = '', version = '', name }) => ({ id, kind, collection, version, name }))

/** The run as it was while it was at work: the record of one that has ended would tell its end before its events do. */
function unfinished(run: RunSummary): RunSummary {
  const { finished_at: _finished, duration_ms: _duration, error: _error, ...rest } = run
  return { ...rest, status: 'running' }
}
