import type { RunEvent, StepStatus } from '@stage0/types'
import type { Io } from '../terminal/io.ts'

/** The start of the line, and everything on it gone. */
const CLEAR_LINE = '\r\u001b[2K'

type StepEvent = Extract<RunEvent, { type: 'step.started' | 'step.progress' | 'step.finished' }>

/**
 * Shows a run while it happens, on standard error: one line per finished step, and on a terminal below it the step
 * that is at work, redrawn.
 */
export class ProgressView {
  readonly #io: Pick<Io, 'err' | 'progressIsLive' | 'errColors'>
  #steps = 0
  #finished = 0

  constructor(io: Pick<Io, 'err' | 'progressIsLive' | 'errColors'>) {
    this.#io = io
  }

  show(event: RunEvent): void {
    switch (event.type) {
      case 'run.started':
        this.#steps = event.steps
        if (event.resumes !== undefined) this.#line(`Finishes run ${event.resumes}, which was interrupted.`)
        return
      case 'step.started':
        this.#live(subject(event))
        return
      case 'run.paused':
        this.#line(event.paused ? 'Paused; stage0 resume lets it go on.' : 'Goes on.')
        return
      case 'step.progress':
        this.#live(`${subject(event)} ${amount(event)}`)
        return
      case 'step.finished':
        this.#finished += 1
        this.#line(this.#finishedLine(event))
        return
      case 'run.finished':
        this.#live('')
    }
  }

  #finishedLine(event: Extract<RunEvent, { type: 'step.finished' }>): string {
    const { errColors: colors } = this.#io
    const width = String(this.#steps).length
    const counter = colors.dim(`[${String(this.#finished).padStart(width)}/${this.#steps}]`)
    const outcome = event.status === 'succeeded' ? '' : ` ${colorOf(event.status, colors)(event.status)}`
    const detail = event.detail === undefined ? '' : colors.dim(` (${event.detail})`)
    const error = event.error === undefined ? '' : `\n        ${event.error.code}: ${event.error.message}`
    const hint = event.error?.hint === undefined ? '' : `\n        hint: ${event.error.hint}`
    const samples = (event.leftovers?.samples ?? []).map(
      ({ id, why }) => `\n        _id ${id}${why === undefined ? '' : `: ${why}`}`,
    )
    return `${counter} ${subject(event)}${outcome}${detail} ${colors.dim(`${Math.round(event.duration_ms)} ms`)}${error}${hint}${samples.join('')}`
  }

  #line(text: string): void {
    this.#io.err(`${this.#io.progressIsLive ? CLEAR_LINE : ''}${text}\n`)
  }

  #live(text: string): void {
    if (this.#io.progressIsLive)
      this.#io.err(`${CLEAR_LINE}${text === '' ? '' : this.#io.errColors.dim(`... ${text}`)}`)
  }
}

/** Whose step, and the step in words; enumerators belong to no collection and name themselves. */
const subject = ({ collection, version, name }: StepEvent): string =>
  collection === undefined || collection === '' ? name : `${collection} ${version ?? ''}  ${name}`

type ProgressEvent = Extract<RunEvent, { type: 'step.progress' }>

/** "42,000 of 200,000 documents, 9,100/s, 17 s left" */
function amount({ done, total, unit, rate_per_s, remaining_s }: ProgressEvent): string {
  const parts = [total === undefined ? `${grouped(done)} ${unit}` : `${grouped(done)} of ${grouped(total)} ${unit}`]
  if (rate_per_s !== undefined) parts.push(`${grouped(rate_per_s)}/s`)
  if (remaining_s !== undefined) parts.push(`${duration(remaining_s)} left`)
  return parts.join(', ')
}

const grouped = (count: number): string => count.toLocaleString('en-US')

const SECONDS_PER_MINUTE = 60
const MINUTES_PER_HOUR = 60

/** Two units at most: "17 s", "3 min 20 s", "2 h 5 min". */
function duration(seconds: number): string {
  if (seconds < SECONDS_PER_MINUTE) return `${seconds} s`
  const minutes = Math.floor(seconds / SECONDS_PER_MINUTE)
  if (minutes < MINUTES_PER_HOUR) return `${minutes} min ${seconds % SECONDS_PER_MINUTE} s`
  return `${Math.floor(minutes / MINUTES_PER_HOUR)} h ${minutes % MINUTES_PER_HOUR} min`
}

function colorOf(status: StepStatus, colors: Io['errColors']): (text: string) => string {
  if (status === 'failed') return colors.red
  return status === 'cancelled' ? colors.yellow : colors.dim
}
