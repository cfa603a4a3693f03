import { applyPlan, readRun, readRunSnapshot, type ApplyInput } from '@stage0/engine'
import type { RunError, RunEvent, RunStarted, RunSummary } from '@stage0/types'
import { plannedSteps, RunFeed } from './run-feed.ts'

/** A run of this process, from the moment that it has begun. */
export interface OwnRun {
  readonly started: RunStarted
  readonly feed: RunFeed
  /** Asks for an orderly end: the step that is under way is finished. */
  cancel(): void
  /** Resolves when the run has ended and its lock is free. */
  readonly done: Promise<void>
}

export interface OwnRunInput extends Omit<ApplyInput, 'signal'> {
  readonly onEvent: (event: RunEvent) => void
  /** Something that nobody foresaw ended the run. */
  readonly onDefect: (cause: unknown) => void
}

/**
 * Begins a run and drives it to its end, whoever listens: a client that goes away does not stop it.
 *
 * @returns the run as soon as it has begun, or why it was not begun; then the lock is free again.
 */
export async function startOwnRun(input: OwnRunInput): Promise<{ run: OwnRun } | { refused: RunError }> {
  const controller = new AbortController()
  let begun: OwnRun | undefined
  let refused: RunError | undefined
  const opening = openGate<OwnRun>()
  const drive = async (): Promise<void> => {
    for await (const event of applyPlan({ ...input, signal: controller.signal })) {
      if (event.type === 'run.started') {
        const feed = await openFeed(input, event)
        const { plan_hash, steps, run_id } = event
        begun = {
          started: { run_id, plan_hash, steps },
          feed,
          cancel: () => controller.abort(),
          done,
        }
        opening.open(begun)
      } else if (event.type === 'run.finished' && begun === undefined) refused = event.error
      input.onEvent(event)
      begun?.feed.push([event])
    }
  }
  const done = drive().then(
    () => begun?.feed.end(),
    async (cause: unknown) => {
      if (begun === undefined) throw cause
      input.onDefect(cause)
      // What is recorded of it is all that can be told; its listeners are let go also where that cannot be read.
      const recorded = await readRun(input.target, begun.feed.runId).catch((again: unknown) => {
        input.onDefect(again)
        return undefined
      })
      begun.feed.end(recorded?.ok === true ? recorded.value : undefined)
    },
  )
  await Promise.race([opening.opened, done])
  if (begun !== undefined) return { run: begun }
  if (refused === undefined) throw new Error('a run ended without its last event')
  return { refused }
}

/** With the steps of the plan, which only the record holds: a run that found nothing to do has none. */
async function openFeed(
  { target, holder }: OwnRunInput,
  started: Extract<RunEvent, { type: 'run.started' }>,
): Promise<RunFeed> {
  const recorded = await readRunSnapshot(target, started.run_id)
  const known = recorded.ok ? recorded.value : undefined
  return known === undefined
    ? new RunFeed(unrecorded(started, holder), [])
    : new RunFeed(known.run, plannedSteps(known))
}

const unrecorded = (
  { run_id, at, plan_hash, steps }: Extract<RunEvent, { type: 'run.started' }>,
  { user, host, command }: OwnRunInput['holder'],
): RunSummary => ({
  run_id,
  status: 'running',
  started_at: at,
  user,
  host,
  command,
  plan_hash,
  collections: [],
  steps,
  counts: {},
  cancel_requested: false,
})

function openGate<T>(): { readonly opened: Promise<T>; open(value: T): void } {
  let open: (value: T) => void = () => {}
  const opened = new Promise<T>((resolve) => (open = resolve))
  return { opened, open: (value) => open(value) }
}
