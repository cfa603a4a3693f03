import type { SavedPlan } from '@stage0/core'
import { applyPlan, type ApplyInput, type HeldLock, type TargetPort } from '@stage0/engine'
import type { ExitCode, Leftovers, Problem, RunError, RunEvent, RunStatus } from '@stage0/types'
import { holderOf, isGone, systemClock } from '@stage0/workspace'
import { tellFailure, tellProblems, type Failure } from '../failure.ts'
import { counted, millisecondsText } from '../present/amounts.ts'
import { exitForRefused, exitForRun } from '../present/outcome.ts'
import { renderProblems } from '../present/problems.ts'
import { ProgressView } from '../present/progress.ts'
import { countParts } from '../present/runs.ts'
import type { Io, LeftBehind } from '../terminal/io.ts'
import type { Workbench } from './workbench.ts'

/** How a run is to be done. */
export interface RunOptions {
  /** What others see who meet the lock. */
  readonly command: string
  readonly toolVersion: string
  /** The plan that was agreed to; whatever is planned now where it is absent. */
  readonly agreed?: SavedPlan | undefined
  readonly waitMs?: number | undefined
  readonly failFast?: boolean | undefined
  readonly json?: boolean | undefined
}

/** Between two looks at what is at work, which may have nothing to tell for long. */
const TICK_MS = 1000
const MS_PER_SECOND = 1000

/** Applies, shows the run while it happens, and tells its outcome. */
export async function runPlan(
  io: Io,
  { settings, target, wanted, planOptions }: Workbench,
  options: RunOptions,
): Promise<ExitCode> {
  const view = new ProgressView(io, () => systemClock.monotonicMs())
  const input: ApplyInput = {
    target: (options.waitMs ?? 0) > 0 ? watchedClaims(target, (held) => view.wait(held)) : target,
    wanted,
    options: planOptions,
    expectedPlanHash: options.agreed?.hash,
    expectedPlan: options.agreed,
    holder: holderOf(options.command),
    leaseMs: settings.STAGE0_LEASE_MS.value,
    waitMs: options.waitMs,
    isGone,
    failFast: options.failFast,
    migration: { batchSize: settings.MIGRATION_BATCH_SIZE.value, pauseMs: settings.MIGRATION_PAUSE_MS.value },
    samples: settings.EVIDENCE_SAMPLES.value,
    toolVersion: options.toolVersion,
    clock: systemClock,
    signal: io.signal,
  }
  const beat = setInterval(() => view.tick(), TICK_MS)
  const events: RunEvent[] = []
  try {
    for await (const event of applyPlan(input)) {
      events.push(event)
      if (event.type === 'run.started' && event.warnings !== undefined)
        io.err(renderProblems(event.warnings, io.errColors))
      if (event.type === 'run.started' && event.steps > 0) io.atKill?.(leftBehind(input))
      view.show(event)
    }
  } finally {
    io.atKill?.(undefined)
    clearInterval(beat)
  }
  return tellOutcome(io, outcomeOf(events), options.json)
}

/** What a run leaves behind that is killed. */
const leftBehind = ({ holder: { runId }, leaseMs }: ApplyInput): LeftBehind => ({
  runId,
  message: `Killed: the lock of run ${runId} stays for up to ${Math.ceil(leaseMs / MS_PER_SECOND)} s`,
  hint: `\`stage0 unlock --if-owner ${runId}\` frees it sooner. The next \`stage0 apply\` finishes the run.`,
})

/** A target that tells who holds the lock, whenever it is claimed in vain. */
export const watchedClaims = (target: TargetPort, onHeld: (held: HeldLock) => void): TargetPort => ({
  ...target,
  lock: {
    ...target.lock,
    claim: async (...args) => {
      const claim = await target.lock.claim(...args)
      if (claim.ok && !claim.value.claimed) onHeld(claim.value.held)
      return claim
    },
  },
})

interface Outcome {
  readonly runId: string
  readonly planHash: string | undefined
  readonly steps: number
  readonly status: RunStatus
  readonly durationMs: number
  readonly counts: Readonly<Record<string, number>>
  readonly warnings: readonly Problem[]
  readonly error: RunError | undefined
  /** Documents that do not match after a migration, by step. */
  readonly leftovers: readonly LeftoversOfStep[]
}

type LeftoversOfStep = Leftovers & { readonly collection: string; readonly version: string }

function outcomeOf(events: readonly RunEvent[]): Outcome {
  const started = events.find((event) => event.type === 'run.started')
  const finished = events.at(-1)
  if (finished?.type !== 'run.finished') throw new Error('a run ended without its last event')
  return {
    runId: finished.run_id,
    planHash: started?.plan_hash,
    steps: started?.steps ?? 0,
    status: finished.status,
    durationMs: finished.duration_ms,
    counts: finished.counts,
    warnings: started?.warnings ?? [],
    error: finished.error,
    leftovers: events.flatMap((event) => {
      if (event.type !== 'step.finished' || event.leftovers === undefined) return []
      return { collection: event.collection ?? '', version: event.version ?? '', ...event.leftovers }
    }),
  }
}

function tellOutcome(io: Io, outcome: Outcome, json: boolean | undefined): ExitCode {
  const { error, planHash, status } = outcome
  const refused = problemsIn(error)
  const exit = refused === undefined ? exitForRun(status, error) : exitForRefused(refused)
  // Nothing was begun: the reason is all there is to tell.
  if (planHash === undefined && refused !== undefined) return tellProblems(io, refused, exit, json)
  if (planHash === undefined && error !== undefined) return tellFailure(io, { ...error, exit }, json)
  if (json === true) io.out(`${JSON.stringify(toJson(outcome, exit), undefined, 2)}\n`)
  else io.out(`${summary(outcome)}\n`)
  if (error !== undefined && json !== true) tellFailure(io, { ...error, ...severityOf(status), exit })
  return exit
}

/** What was done and left something to look at has not failed. */
const severityOf = (status: RunStatus): Pick<Failure, 'severity'> =>
  status === 'succeeded_with_leftovers' ? { severity: 'warning' } : {}

/** The problems that speak against a plan, where that is why nothing was begun. */
function problemsIn(error: RunError | undefined): readonly Problem[] | undefined {
  return error?.code === 'PLAN_REFUSED' && Array.isArray(error.detail)
    ? (error.detail as readonly Problem[])
    : undefined
}

/** Warnings that say that the database is not as the repository has it. */
const DRIFT: ReadonlySet<string> = new Set(['STATE_DRIFTED', 'ENUMERATORS_DRIFT'])

function summary({ steps, status, durationMs, counts, runId, warnings }: Outcome): string {
  if (steps === 0 && status === 'succeeded')
    return warnings.some(({ code }) => DRIFT.has(code))
      ? 'Nothing to apply. What differs from the repository is told above; only a new version changes it.'
      : 'Nothing to do: the database is as the repository wants it.'
  // Where all went as planned, one number says it.
  const parts = Object.keys(counts).every((word) => word === 'succeeded') ? [] : [countParts(counts).join(', ')]
  const words = status.replaceAll('_', ' ')
  return `Run ${words}: ${[counted(steps, 'step'), ...parts].join(': ')}; ${millisecondsText(durationMs)}; run ${runId}`
}

const toJson = (
  { runId, planHash, steps, status, durationMs, counts, warnings, error, leftovers }: Outcome,
  exit: ExitCode,
): object => ({
  ok: status === 'succeeded',
  exit_code: exit,
  run_id: runId,
  plan_hash: planHash,
  status,
  steps,
  counts,
  duration_ms: durationMs,
  warnings,
  ...(leftovers.length > 0 && { leftovers }),
  ...(error === undefined ? {} : { error }),
})
