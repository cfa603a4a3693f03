import { onScopeDispose, readonly, ref, type Ref } from 'vue'

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

/** A time as seen from another, in words: "3 minutes ago", "yesterday", "now" (below a minute). */
export function relativeText(at: number, now: number, locale?: string): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const distance = at - now
  for (const [unit, length] of UNITS) {
    if (Math.abs(distance) >= length) return format.format(Math.trunc(distance / length), unit)
  }
  return format.format(0, 'second')
}

/** A duration in milliseconds in at most two units: "820 ms", "3.4 s", "2 min 5 s", "1 h 3 min". */
export function durationText(ms: number, locale?: string): string {
  const part = (value: number, unit: string, digits = 0) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits }).format(
      value,
    )
  const seconds = ms / 1000
  if (ms < 1000) return part(Math.round(ms), 'millisecond')
  // Rounded before it is split, so that 59.96 s is a minute and not "60 s".
  if (Math.round(seconds * 10) < 600) return part(seconds, 'second', 1)
  const whole = Math.round(seconds)
  const [big, small, length] = whole < 3600 ? (['minute', 'second', 60] as const) : (['hour', 'minute', 3600] as const)
  const rest = Math.floor((whole % length) / (length / 60))
  return rest === 0
    ? part(Math.floor(whole / length), big)
    : `${part(Math.floor(whole / length), big)} ${part(rest, small)}`
}

const now = ref(Date.now())
let users = 0
let timer: ReturnType<typeof setInterval> | undefined

/** The time, anew every half minute; one clock for all who use it. */
export function useNow(): Readonly<Ref<number>> {
  now.value = Date.now()
  if (users === 0) timer = setInterval(() => (now.value = Date.now()), 30_000)
  users += 1
  onScopeDispose(() => {
    users -= 1
    if (users === 0) clearInterval(timer)
  })
  return readonly(now)
}
