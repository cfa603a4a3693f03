import type { CheckAnswer, CheckRequest } from './messages.ts'

/** What ends a check: 5 s is far more than any honest schema needs for a page of documents. */
export const CHECK_LIMIT_MS = 5_000
/** Loading the code of the check is not part of its time: a slow network is no bad pattern. */
const LOAD_LIMIT_MS = 30_000

export type CheckOutcome =
  | CheckAnswer
  /** The check was ended: a pattern of the schema probably backtracks without end. */
  | { readonly kind: 'too-slow'; readonly limitMs: number }
  | { readonly kind: 'failed'; readonly message: string }
  /** Another check took its place, or the page was left. */
  | { readonly kind: 'replaced' }

/** The parts of a Worker that are used. */
export interface CheckWorker {
  onmessage: ((event: MessageEvent<CheckAnswer | 'ready'>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
  postMessage(request: CheckRequest): void
  terminate(): void
}

/** The clock, for tests. */
export interface Timer {
  readonly start: (action: () => void, ms: number) => unknown
  readonly stop: (handle: unknown) => void
}

const CLOCK: Timer = {
  start: (action, ms) => setTimeout(action, ms),
  stop: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
}

/** Runs checks beside the page, one at a time. */
export interface DocumentChecker {
  /** Never rejects. A check that still runs is replaced. */
  readonly run: (request: CheckRequest) => Promise<CheckOutcome>
  /** Ends what runs and the thread. */
  readonly close: () => void
}

/** @param open Makes the thread; it says 'ready' once, then answers each request. It is kept between checks. */
export function documentChecker(
  open: () => CheckWorker,
  limitMs = CHECK_LIMIT_MS,
  timer: Timer = CLOCK,
): DocumentChecker {
  let idle: CheckWorker | undefined
  let endRunning: ((outcome: CheckOutcome) => void) | undefined

  function run(request: CheckRequest): Promise<CheckOutcome> {
    endRunning?.({ kind: 'replaced' })
    const known = idle
    idle = undefined
    return new Promise((resolve) => {
      let worker: CheckWorker
      try {
        worker = known ?? open()
      } catch (error) {
        resolve({ kind: 'failed', message: String(error) })
        return
      }
      let clock: unknown
      /** A thread that answered is used again; one that did not cannot be trusted to listen. */
      const end = (outcome: CheckOutcome, isAnswer = false): void => {
        timer.stop(clock)
        worker.onmessage = worker.onerror = null
        endRunning = undefined
        if (isAnswer) idle = worker
        else worker.terminate()
        resolve(outcome)
      }
      const send = (): void => {
        clock = timer.start(() => end({ kind: 'too-slow', limitMs }), limitMs)
        worker.postMessage(request)
      }
      endRunning = end
      worker.onerror = (event) => end({ kind: 'failed', message: event.message })
      worker.onmessage = ({ data }) => {
        if (data !== 'ready') return end(data, true)
        timer.stop(clock)
        send()
      }
      if (known) send()
      else clock = timer.start(() => end({ kind: 'failed', message: 'The check could not be loaded' }), LOAD_LIMIT_MS)
    })
  }

  function close(): void {
    endRunning?.({ kind: 'replaced' })
    idle?.terminate()
    idle = undefined
  }

  return { run, close }
}

/** The thread of the browser; its code with the schema compiler is a chunk of its own, loaded at the first check. */
export const openCheckWorker = (): CheckWorker =>
  new Worker(new URL('./validate.worker.ts', import.meta.url), { type: 'module', name: 'document check' })
