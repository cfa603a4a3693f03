import type { HeldLock } from '@stage0/engine'
import type { Leftovers, RunEvent, StepStatus } from '@stage0/types'
import type { Io } from '../terminal/io.ts'
import { visible } from '../terminal/visible.ts'
import { amountText, millisecondsText, secondsText, type Amount } from './amounts.ts'
import { leftoverLines } from './leftovers.ts'
import { Pace } from './pace.ts'
import { holderText } from './runs.ts'
import { stepStatusText } from './step-status.ts'

/** A terminal that says to be narrower does not know its width. */
const LEAST_COLUMNS = 20
/** The start of the line, and everything on it gone. */
const CLEAR_LINE = '\r\u001b[2K'
const MS_PER_SECOND = 1000
const SAMPLES_SHOWN = 5

type StepEvent = Extract<RunEvent, { type: 'step.started' | 'step.progress' | 'step.finished' }>
type StepFinished = Extract<RunEvent, { type: 'step.finished' }>

/** The step that is at work, how far it is, and when a log hears of it next. */
interface AtWork {
  readonly subject: string
  readonly pace: Pace
  amount: Amount
}

/** Steps of one collection that were not begun, one after the other. */
interface NotBegun {
  readonly first: StepFinished
  readonly from: number
  count: number
}

type View = Pick<Io, 'err' | 'progressIsLive' | 'errColors' | 'columns'>

/**
 * Shows a run while it happens, on standard error: one line per finished step, and below it the step that is at work: on a terminal
 * redrawn, in a log as a line now and then.
 */
export class ProgressView {
  readonly #io: View
  readonly #nowMs: () => number
  #steps = 0
  #finished = 0
  #atWork: AtWork | undefined
  #notBegun: NotBegun | undefined
  #waiting: Pace | undefined
  #isPaused = false

  /** `nowMs`: a clock that only goes forward, in milliseconds. */
  constructor(io: View, nowMs: () => number) {
    this.#io = io
    this.#nowMs = nowMs
  }

  show(event: RunEvent): void {
    if (event.type !== 'step.finished') this.#tellNotBegun()
    switch (event.type) {
      case 'run.started':
        this.#waiting = undefined
        this.#steps = event.steps
        if (event.resumes !== undefined) this.#line(`Finishes run ${event.resumes}, which was interrupted.`)
        return
      case 'step.started':
        this.#atWorkOn(event)
        this.#redraw()
        return
      case 'run.paused':
        this.#isPaused = event.paused
        this.#line(event.paused ? 'Paused; stage0 resume lets it go on.' : 'Goes on.')
        return
      case 'run.contact':
        this.#line(
          event.answers
            ? 'The database answers again; the run goes on.'
            : `The database does not answer. The run waits for it until its lock ends, in ${Math.ceil(event.lease_left_ms / MS_PER_SECOND)} s.`,
        )
        return
      case 'step.progress':
        this.#atWorkOn(event).amount = event
        this.#redraw()
        return
      case 'step.finished':
        this.#finish(event)
        return
      case 'run.finished':
        this.#live('')
    }
  }

  /** Tells that the run waits for the lock, and for whom. To be called whenever it is seen to be held. */
  wait(held: HeldLock): void {
    const step = held.step === undefined ? '' : `, at ${held.step}`
    const text = `Waits for ${holderText(held)}${step}; its lease ends ${held.leaseEnd} unless it is renewed.`
    const nowMs = this.#nowMs()
    this.#waiting ??= new Pace(nowMs, 0)
    if (this.#io.progressIsLive) this.#live(text)
    else if (this.#waiting.isDue(nowMs)) this.#line(text)
  }

  /** To be called about once a second: what is at work may have nothing to tell for long. */
  tick(): void {
    const atWork = this.#atWork
    if (atWork === undefined || this.#isPaused) return
    if (this.#io.progressIsLive) this.#redraw()
    else if (atWork.pace.isDue(this.#nowMs())) this.#line(this.#io.errColors.dim(`... ${this.#atWorkText(atWork)}`))
  }

  #atWorkOn(event: StepEvent): AtWork {
    return (this.#atWork ??= { subject: subject(event), pace: new Pace(this.#nowMs()), amount: {} })
  }

  #finish(event: StepFinished): void {
    this.#finished += 1
    const isBegun = this.#atWork !== undefined
    this.#atWork = undefined
    const group = this.#notBegun
    if (!isBegun && (event.status === 'cancelled' || event.status === 'skipped')) {
      if (group?.first.status === event.status && group.first.collection === event.collection) group.count += 1
      else {
        this.#tellNotBegun()
        this.#notBegun = { first: event, from: this.#finished, count: 1 }
      }
      return
    }
    this.#tellNotBegun()
    this.#line(this.#finishedLine(event))
  }

  /** Steps that nobody began are no news each. */
  #tellNotBegun(): void {
    const group = this.#notBegun
    if (group === undefined) return
    this.#notBegun = undefined
    const { first, from, count } = group
    const word = colorOf(first.status, this.#io.errColors)(first.status === 'cancelled' ? 'not begun' : 'skipped')
    const what = count === 1 ? subject(first) : `${first.collection ?? 'enumerators'}  ${count} steps`
    this.#line(`${this.#counter(from, from + count - 1)} ${what} ${word}`)
  }

  #counter(from: number, to: number): string {
    const width = String(this.#steps).length
    const upTo = to === from ? '' : `-${to}`
    return this.#io.errColors.dim(`[${String(from).padStart(width)}${upTo}/${this.#steps}]`)
  }

  #finishedLine(event: StepFinished): string {
    const { errColors: colors } = this.#io
    const outcome =
      event.status === 'succeeded' ? '' : ` ${colorOf(event.status, colors)(stepStatusText(event.status))}`
    const detail = event.detail === undefined ? '' : colors.dim(` (${event.detail})`)
    const error = event.error === undefined ? [] : [`${event.error.code}: ${visible(event.error.message)}`]
    const hint = event.error?.hint === undefined ? [] : [`hint: ${event.error.hint}`]
    const samples = event.leftovers === undefined ? [] : leftoverLines(firstOf(event.leftovers))
    const took = colors.dim(millisecondsText(event.duration_ms))
    const head = `${this.#counter(this.#finished, this.#finished)} ${subject(event)}${outcome}${detail} ${took}`
    return [head, ...[...error, ...hint, ...samples].map((line) => `        ${line}`)].join('\n')
  }

  #atWorkText({ subject, pace, amount }: AtWork): string {
    const elapsedMs = pace.elapsedMs(this.#nowMs())
    const far = amountText(amount)
    const time = elapsedMs < MS_PER_SECOND ? '' : `for ${secondsText(elapsedMs / MS_PER_SECOND)}`
    return [subject, [far, time].filter((part) => part !== '').join('; ')].filter((part) => part !== '').join(' ')
  }

  #redraw(): void {
    if (this.#atWork !== undefined) this.#live(this.#atWorkText(this.#atWork))
  }

  #line(text: string): void {
    this.#io.err(`${this.#io.progressIsLive ? CLEAR_LINE : ''}${text}\n`)
  }

  #live(text: string): void {
    if (this.#io.progressIsLive)
      this.#io.err(`${CLEAR_LINE}${text === '' ? '' : this.#io.errColors.dim(this.#cut(`... ${text}`))}`)
  }

  /** Only a line that fits can be taken back. */
  #cut(text: string): string {
    const columns = this.#io.columns?.()
    return columns === undefined || columns < LEAST_COLUMNS || text.length < columns
      ? text
      : `${text.slice(0, Math.max(0, columns - 2))}…`
  }
}

/** Enough to see what it is about; the history of the run has them all. */
const firstOf = ({ count, samples }: Leftovers): Leftovers => ({ count, samples: samples.slice(0, SAMPLES_SHOWN) })

/** Whose step, and the step in words; enumerators belong to no collection and name themselves. */
const subject = ({ collection, version, name }: StepEvent): string =>
  collection === undefined || collection === '' ? name : `${collection} ${version ?? ''}  ${name}`

function colorOf(status: StepStatus, colors: Io['errColors']): (text: string) => string {
  if (status === 'failed') return colors.red
  return status === 'cancelled' ? colors.yellow : colors.dim
}
