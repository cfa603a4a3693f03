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
    return `${counter} ${subject(event)}${outcome}${detail} ${colors.dim(`${Math.round(event.duration_ms)} ms`)}${error}${hint}`
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

const amount = ({ done, total, unit }: Extract<RunEvent, { type: 'step.progress' }>): string =>
  total === undefined ? `${done} ${unit}` : `${done} of ${total} ${unit}`

function colorOf(status: StepStatus, colors: Io['errColors']): (text: string) => string {
  if (status === 'failed') return colors.red
  return status === 'cancelled' ? colors.yellow : colors.dim
}
