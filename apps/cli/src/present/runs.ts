import type { LockState } from '@stage0/engine'
import type { RunSnapshot, RunState, RunStepStatus, RunStepView, RunSummary } from '@stage0/types'
import type { Colors } from '../terminal/io.ts'
import { visible } from '../terminal/visible.ts'
import { amountText, millisecondsText } from './amounts.ts'
import { leftoverLines } from './leftovers.ts'
import { stepStatusText } from './step-status.ts'

/** "Run r1 of ada@build (stage0 apply), begun 2026-11-23T03:15:00.000Z,". */
export const whoseRun = ({ run_id, user, host, command, started_at }: RunSummary): string =>
  `Run ${run_id} of ${user}@${host} (${command}, since ${started_at})`

/** "run r1 of ada@build (process 7, stage0 apply)" */
export const holderText = ({ holder }: LockState): string =>
  `run ${holder.runId} of ${holder.user}@${holder.host} (process ${holder.pid}, ${holder.command})`

/** What the holder of the lock does now, in sentences. `run` is absent as long as it plans. */
export function whatHolderDoes(lock: LockState, run: RunSummary | undefined): string {
  const step = lock.step === undefined ? '' : `, at ${lock.step}`
  const lease = `Its lease ends ${lock.leaseEnd} unless it is renewed.`
  const who = capital(holderText(lock))
  if (run === undefined) return `${who} holds the lock since ${lock.since}, and plans. ${lease}`
  switch (stateText(run)) {
    case 'paused':
      return `${who} is paused${step}; it began ${lock.since}. stage0 resume lets it go on.`
    case 'pausing':
      return `${who} is at work since ${lock.since}${step}, and is asked to pause. ${lease}`
    case 'ending':
      return `${who} is at work since ${lock.since}${step}, and is asked to end. ${lease}`
    default:
      return `${who} is at work since ${lock.since}${step}. ${lease}`
  }
}

/** What is left of a holder whose process is gone, in sentences. */
export const goneHolder = (lock: LockState): string =>
  `${capital(holderText(lock))} was interrupted: its process on this machine is no longer there. Its lock ends ${lock.leaseEnd}; \`stage0 unlock --if-owner ${lock.holder.runId}\` frees it now. The next apply finishes the run.`

/**
 * A run as it is known on this machine: one that holds the lock until its lease ends is interrupted already where its process is gone.
 *
 * @param isGone Whether the process of a holder is known to be gone.
 */
export const asSeenHere = (
  run: RunSummary,
  lock: LockState | undefined,
  isGone: (holder: LockState['holder']) => boolean,
): RunSummary =>
  run.status === 'running' && lock?.holder.runId === run.run_id && isGone(lock.holder)
    ? { ...run, status: 'interrupted' }
    : run

/** Who holds a lock, since when and on which step. */
export const whoHolds = (lock: LockState): string =>
  `${capital(holderText(lock))} holds the lock since ${lock.since}${lock.step === undefined ? '' : `, at ${lock.step}`}`

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const NOTHING = '-'
const COLUMNS = ['started', 'run', 'status', 'by', 'duration', 'steps', 'collections'] as const

/** Runs for people, newest first: a line each, and below it why a run did not succeed. */
export function renderRuns(runs: readonly RunSummary[], total: number, colors: Colors): string {
  if (runs.length === 0) return 'No run is recorded.\n'
  const rows = runs.map(cells)
  const widths = COLUMNS.map((column, i) => Math.max(column.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join('  ')
  const lines = runs.flatMap((run, i) => [
    line(rows[i] ?? []).replace(stateText(run), (word) => paint(run.status, colors)(word)),
    ...(run.error === undefined ? [] : [`  ${run.error.code}: ${run.error.message}`]),
  ])
  const more = total > runs.length ? [`${runs.length} of ${total} runs; --limit shows more.`] : []
  return `${[colors.dim(line(COLUMNS)), ...lines, ...more].join('\n')}\n`
}

function cells(run: RunSummary): string[] {
  return [
    run.started_at,
    run.run_id,
    stateText(run),
    `${run.user}@${run.host}`,
    run.duration_ms === undefined ? NOTHING : millisecondsText(run.duration_ms),
    countsText(run),
    run.collections.length === 0 ? NOTHING : run.collections.join(', '),
  ]
}

/** "14: 12 succeeded, 2 already"; only how many there are while nothing is counted. */
function countsText({ steps, counts }: RunSummary): string {
  const parts = countParts(counts)
  return parts.length === 0 ? String(steps) : `${steps}: ${parts.join(', ')}`
}

/** "12 succeeded", "2 already done" */
export const countParts = (counts: RunSummary['counts']): string[] =>
  Object.entries(counts).map(([status, count]) => `${count} ${stepStatusText(status as RunStepStatus)}`)

/** The state of a run in words; of one at work also whether it waits, and what was asked of it. */
export function stateText(run: RunSummary): string {
  if (run.status !== 'running') return run.status.replaceAll('_', ' ')
  if (run.cancel_requested) return 'ending'
  if (run.pause_requested !== true) return 'at work'
  return run.paused === true ? 'paused' : 'pausing'
}

/** One run for people: what it was, and every step of its plan. */
export function renderRun({ run, steps }: RunSnapshot, colors: Colors): string {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['status', paint(run.status, colors)(stateText(run))],
    ['started', run.started_at],
    ['finished', run.finished_at],
    ['duration', run.duration_ms === undefined ? undefined : millisecondsText(run.duration_ms)],
    ['by', `${run.user}@${run.host}`],
    ['command', run.command],
    ['plan', run.plan_hash],
    ['finishes', run.resumes],
    ['error', run.error && `${run.error.code}: ${run.error.message}`],
  ]
  const width = Math.max(...facts.map(([name]) => name.length)) + 2
  const lines = facts.flatMap(([name, text]) =>
    text === undefined ? [] : [`${colors.dim(name.padEnd(width))}${text}`],
  )
  const wide = Math.max(0, ...steps.map((step) => stepStatusText(step.status).length)) + 2
  const shown = steps.flatMap((step) => stepLines(step, wide, colors))
  return `${[colors.bold(`Run ${run.run_id}`), ...lines, '', ...shown].join('\n')}\n`
}

function stepLines(step: RunStepView, width: number, colors: Colors): string[] {
  const { status, collection, version, name, detail, error, leftovers } = step
  const subject = collection === undefined || collection === '' ? '' : `${collection} ${version ?? ''}  `
  const far = status === 'running' ? amountText(step) : ''
  // What was not begun took no time.
  const isTimed = step.duration_ms !== undefined && (step.duration_ms > 0 || !['cancelled', 'skipped'].includes(status))
  const more = [
    ...(detail === undefined ? [] : [`(${detail})`]),
    ...(far === '' ? [] : [far]),
    ...(isTimed ? [millisecondsText(step.duration_ms ?? 0)] : []),
  ].map((text) => colors.dim(`  ${text}`))
  return [
    `  ${paint(status, colors)(stepStatusText(status).padEnd(width))}${subject}${name}${more.join('')}`,
    ...(error === undefined ? [] : [`    ${error.code}: ${visible(error.message)}`]),
    ...(leftovers === undefined ? [] : leftoverLines(leftovers).map((line) => `    ${line}`)),
  ]
}

function paint(status: RunState | RunStepStatus, colors: Colors): (text: string) => string {
  switch (status) {
    case 'succeeded':
      return colors.green
    case 'failed':
      return colors.red
    case 'succeeded_with_leftovers':
    case 'cancelled':
    case 'interrupted':
    case 'running':
      return colors.yellow
    case 'already':
    case 'pending':
    case 'skipped':
    case 'superseded':
      return colors.dim
  }
}
