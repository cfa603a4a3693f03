import type { TimeValue } from '../value.ts'

/** The parts of a moment; `offset` in seconds east of Greenwich, absent where no zone was given. */
export interface Moment {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly microsecond: number
  readonly offset: number | undefined
}

const MOMENT = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{6}))?(?:([+-])(\d\d):(\d\d))?$/

/** The parts of what a `TimeValue` holds; a text of another shape is a defect. */
export function momentOf({ text }: Pick<TimeValue, 'text'>): Moment {
  const parts = MOMENT.exec(text)
  if (parts === null) throw new Error(`Not the text of a moment: ${text}`)
  const at = (index: number): number => Number(parts[index] ?? 0)
  const sign = parts[8] === '-' ? -1 : 1
  return {
    year: at(1),
    month: at(2),
    day: at(3),
    hour: at(4),
    minute: at(5),
    second: at(6),
    microsecond: at(7),
    offset: parts[8] === undefined ? undefined : sign * (at(9) * 3600 + at(10) * 60),
  }
}

/** Microseconds since 1970, in Greenwich where a zone was given and on the local clock where none was. */
export function microsecondsOf(time: Pick<TimeValue, 'text'>): bigint {
  const { microsecond, offset } = momentOf(time)
  const clock = Date.parse(`${time.text.slice(0, 10)}T${time.text.slice(11, 19)}Z`)
  return (BigInt(clock) - BigInt(offset ?? 0) * 1000n) * 1000n + BigInt(microsecond)
}

/** Whether two moments are on one scale: both with a zone, or both without. */
export function areOnOneScale(left: TimeValue, right: TimeValue): boolean {
  return (momentOf(left).offset === undefined) === (momentOf(right).offset === undefined)
}
