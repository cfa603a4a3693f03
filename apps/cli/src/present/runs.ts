import type { LockState } from '@stage0/engine'
import type { RunSnapshot, RunState, RunStepStatus, RunSummary } from '@stage0/types'
import type { Colors } from '../terminal/io.ts'

/** "Run r1 of ada@build (stage0 apply), begun 2026-11-23T03:15:00.000Z,". */
export const whoseRun = ({ run_id, user, host, command, started_at }: RunSummary): string =>
  `Run ${run_id} of ${user}@${host} (${command}, since ${started_at})`

/** Who holds a lock, since when and on which step. */
export const whoHolds = ({ holder, since, step }: LockState): string =>
  `Run ${holder.runId} of ${holder.user}@${holder.host} (process ${holder.pid}, ${holder.command}) holds the lock since ${since}${step === undefined ? '' : `, at ${step}`}`

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
    line(rows[i] ?? []).replace(wordOf(run.status), (word) => paint(run.status, colors)(word)),
    ...(run.error === undefined ? [] : [`  ${run.error.code}: ${run.error.message}`]),
  ])
  const more = total > runs.length ? [`${runs.length} of ${total} runs; --limit shows more.`] : []
  return `${[colors.dim(line(COLUMNS)), ...lines, ...more].join('\n')}\n`
}

function cells(run: RunSummary): string[] {
  return [
    run.started_at,
    run.run_id,
    wordOf(run.status),
    `${run.user}@${run.host}`,
    run.duration_ms === undefined ? NOTHING : duration(run.duration_ms),
    countsText(run),
    run.collections.length === 0 ? NOTHING : run.collections.join(', '),
  ]
}

/** "14: 12 succeeded, 2 already"; only how many there are while nothing is counted. */
function countsText({ steps, counts }: RunSummary): string {
  const parts = Object.entries(counts).map(([status, count]) => `${count} ${status}`)
  return parts.length === 0 ? String(steps) : `${steps}: ${parts.join(', ')}`
}

const SECOND_MS = 1000
const MINUTE_S = 60

function duration(ms: number): string {
  if (ms < SECOND_MS) return `${Math.round(ms)} ms`
  const seconds = ms / SECOND_MS
  if (seconds < MINUTE_S) return `${seconds.toFixed(1)} s`
  return `${Math.floor(seconds / MINUTE_S)} min ${Math.round(seconds % MINUTE_S)} s`
}

/** One run for people: what it was, and every step of its plan. */
export function renderRun({ run, steps }: RunSnapshot, colors: Colors): string {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['status', paint(run.status, colors)(wordOf(run.status))],
    ['started', run.started_at],
    ['finished', run.finished_at],
    ['duration', run.duration_ms === undefined ? undefined : duration(run.duration_ms)],
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
  const wide = Math.max(0, ...steps.map((step) => step.status.length)) + 2
  const shown = steps.flatMap((step) => {
    const subject = step.collection === undefined ? '' : `${step.collection} ${step.version ?? ''}  `
    const took = step.duration_ms === undefined ? '' : colors.dim(`  ${duration(step.duration_ms)}`)
    const detail = step.detail === undefined ? '' : colors.dim(`  (${step.detail})`)
    return [
      `  ${paint(step.status, colors)(step.status.padEnd(wide))}${subject}${step.name}${detail}${took}`,
      ...(step.error === undefined ? [] : [`    ${step.error.code}: ${step.error.message}`]),
    ]
  })
  return `${[colors.bold(`Run ${run.run_id}`), ...lines, '', ...shown].join('\n')}\n`
}

const wordOf = (status: RunState): string => status.replaceAll('_', ' ')

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
