import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { RunObserver } from './runs/run-observer.ts'

/** Where a service stands, as far as it could be read in time. */
export interface Standing {
  readonly databaseUp: boolean
  /** How many collections are in each state. */
  readonly states: ReadonlyMap<string, number>
  readonly isLocked: boolean | undefined
}

let ofProcess: Registry | undefined

/** Measured once for all services of a process, of which tests start many. */
function processRegistry(): Registry {
  if (ofProcess === undefined) {
    ofProcess = new Registry()
    collectDefaultMetrics({ register: ofProcess })
  }
  return ofProcess
}

/** What a service counts and measures, in the text format of Prometheus. */
export class ServiceMetrics {
  readonly #own = new Registry()
  readonly #requests: Histogram<'method' | 'route' | 'status'>
  readonly #runs: Counter<'status'>
  readonly #runSeconds: Histogram
  readonly #steps: Counter<'kind' | 'status'>
  readonly #running: Gauge
  readonly #refused: Counter<'code'>
  readonly #active = new Set<string>()
  readonly #up: Gauge
  readonly #locked: Gauge
  readonly #collections: Gauge<'state'>

  constructor(version: string, builtAt: string) {
    const registers = [this.#own]
    this.#requests = new Histogram({
      name: 'stage0_http_request_duration_seconds',
      help: 'Requests by route and status',
      labelNames: ['method', 'route', 'status'],
      registers,
    })
    this.#runs = new Counter({
      name: 'stage0_runs_total',
      help: 'Runs of this process that ended, by outcome',
      labelNames: ['status'],
      registers,
    })
    this.#runSeconds = new Histogram({
      name: 'stage0_run_duration_seconds',
      help: 'How long runs of this process took',
      buckets: [0.1, 0.5, 1, 5, 15, 60, 300, 1800, 7200],
      registers,
    })
    this.#steps = new Counter({
      name: 'stage0_steps_total',
      help: 'Steps of runs of this process, by kind and outcome',
      labelNames: ['kind', 'status'],
      registers,
    })
    this.#running = new Gauge({ name: 'stage0_runs_active', help: 'Runs that this process is at', registers })
    this.#refused = new Counter({
      name: 'stage0_runs_refused_total',
      help: 'Runs that were asked for and not begun, by reason',
      labelNames: ['code'],
      registers,
    })
    this.#up = new Gauge({ name: 'stage0_database_up', help: '1 while the database answers', registers })
    this.#locked = new Gauge({
      name: 'stage0_lock_held',
      help: '1 while a run, of any process, holds the lock',
      registers,
    })
    this.#collections = new Gauge({
      name: 'stage0_collections',
      help: 'Collections by state: "in sync", "behind", "drifted" and so on',
      labelNames: ['state'],
      registers,
    })
    new Gauge({
      name: 'stage0_build_info',
      help: 'Always 1; the labels tell the version',
      labelNames: ['version', 'built_at'],
      registers,
    }).set({ version, built_at: builtAt }, 1)
  }

  /** @param route The pattern of the route, never the address: an address would make a line of its own each. */
  countRequest(method: string, route: string, status: number, seconds: number): void {
    this.#requests.observe({ method, route, status }, seconds)
  }

  /** Counts the runs of this process: `app.runs.observe(metrics.observer)`. */
  readonly observer: RunObserver = {
    runStarted: ({ runId }) => {
      this.#active.add(runId)
      this.#running.set(this.#active.size)
    },
    stepFinished: ({ kind, status }) => this.#steps.inc({ kind, status }),
    // A run that was not begun ends too, without having been active.
    runFinished: ({ runId, status, durationMs }) => {
      this.#active.delete(runId)
      this.#running.set(this.#active.size)
      this.#runs.inc({ status })
      this.#runSeconds.observe(durationMs / 1000)
    },
    runRefused: ({ code }) => this.#refused.inc({ code }),
  }

  /** Everything as text. */
  async expose({ databaseUp, states, isLocked }: Standing): Promise<string> {
    this.#up.set(databaseUp ? 1 : 0)
    this.#collections.reset()
    for (const [state, count] of states) this.#collections.set({ state }, count)
    // What is not known is left out: 0 would say that nobody holds it.
    if (isLocked === undefined) this.#locked.remove()
    else this.#locked.set(isLocked ? 1 : 0)
    return (await Promise.all([processRegistry().metrics(), this.#own.metrics()])).join('\n')
  }
}
