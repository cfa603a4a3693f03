import type { RunEvent, RunStatus, StepKind, StepStatus } from '@stage0/types'

/**
 * Who counts what the runs of this process do: `app.runs.observe(observer)`. Runs of other processes are counted there.
 * An observer must not throw and must not wait: the run goes on at once.
 */
export interface RunObserver {
  /** A run has begun: it holds the lock, or found nothing to do. */
  readonly runStarted?: (run: { readonly runId: string; readonly steps: number }) => void
  readonly stepFinished?: (step: {
    readonly kind: StepKind
    readonly status: StepStatus
    readonly durationMs: number
  }) => void
  readonly runFinished?: (run: {
    readonly runId: string
    readonly status: RunStatus
    readonly durationMs: number
    readonly errorCode: string | undefined
  }) => void
  /** A run was asked for and not begun; `code` says why, for example `LOCK_HELD`. */
  readonly runRefused?: (refusal: { readonly code: string }) => void
}

/** Tells all observers of an event of a run of this process. */
export function tellObservers(observers: Iterable<RunObserver>, event: RunEvent): void {
  for (const observer of observers) tell(observer, event)
}

function tell(observer: RunObserver, event: RunEvent): void {
  switch (event.type) {
    case 'run.started':
      return observer.runStarted?.({ runId: event.run_id, steps: event.steps })
    case 'step.finished':
      return observer.stepFinished?.({ kind: event.kind, status: event.status, durationMs: event.duration_ms })
    case 'run.finished':
      return observer.runFinished?.({
        runId: event.run_id,
        status: event.status,
        durationMs: event.duration_ms,
        errorCode: event.error?.code,
      })
    case 'step.started':
    case 'step.progress':
    case 'run.paused':
    case 'run.contact':
  }
}
