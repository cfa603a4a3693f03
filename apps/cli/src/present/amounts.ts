/** "42,000" */
export const grouped = (count: number): string => count.toLocaleString('en-US')

/** "1 step", "2 steps": the thing in the singular, with an s behind it for any other number. */
export const counted = (count: number, thing: string): string => `${grouped(count)} ${thing}${count === 1 ? '' : 's'}`

const MS_PER_SECOND = 1000
const SECONDS_PER_MINUTE = 60
const MINUTES_PER_HOUR = 60

/** A time for people, in two units at most: "17 s", "3 min 20 s", "2 h 5 min". */
export function secondsText(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < SECONDS_PER_MINUTE) return `${whole} s`
  const minutes = Math.floor(whole / SECONDS_PER_MINUTE)
  if (minutes < MINUTES_PER_HOUR) return `${minutes} min ${whole % SECONDS_PER_MINUTE} s`
  return `${Math.floor(minutes / MINUTES_PER_HOUR)} h ${minutes % MINUTES_PER_HOUR} min`
}

/** As `secondsText`, finer where it is short: "12 ms", "3.2 s". */
export function millisecondsText(ms: number): string {
  if (Math.round(ms) < MS_PER_SECOND) return `${Math.round(ms)} ms`
  const seconds = ms / MS_PER_SECOND
  return Number(seconds.toFixed(1)) < SECONDS_PER_MINUTE ? `${seconds.toFixed(1)} s` : secondsText(seconds)
}

/** How far a step is, as its events and its record tell. */
export interface Amount {
  readonly done?: number | undefined
  readonly total?: number | undefined
  readonly unit?: string | undefined
  readonly rate_per_s?: number | undefined
  readonly remaining_s?: number | undefined
}

/** "42,000 of 200,000 documents, 9,100/s, 17 s left"; nothing where it is not told. */
export function amountText({ done, total, unit = '', rate_per_s, remaining_s }: Amount): string {
  if (done === undefined) return ''
  const parts = [total === undefined ? `${grouped(done)} ${unit}` : `${grouped(done)} of ${grouped(total)} ${unit}`]
  if (rate_per_s !== undefined) parts.push(`${grouped(rate_per_s)}/s`)
  if (remaining_s !== undefined) parts.push(`${secondsText(remaining_s)} left`)
  return parts.join(', ')
}
