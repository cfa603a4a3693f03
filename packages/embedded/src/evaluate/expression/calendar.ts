import { ServerError } from '../../server-error.ts'
import { fromLocal, toLocal, utcOf, type TimeZone } from './time-zone.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** The units of date arithmetic: calendar units count months or days of the local calendar, the others milliseconds. */
export const UNITS = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond'] as const
export type Unit = (typeof UNITS)[number]

const MONTHS: Readonly<Partial<Record<Unit, number>>> = { year: 12, quarter: 3, month: 1 }
const DAYS: Readonly<Partial<Record<Unit, number>>> = { week: 7, day: 1 }
const MILLIS: Readonly<Partial<Record<Unit, number>>> = {
  hour: HOUR_MS,
  minute: MINUTE_MS,
  second: 1000,
  millisecond: 1,
}

export const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const

/** Days of a month, numbered from 0; months beyond the year count on. */
const daysInMonth = (year: number, month: number): number => new Date(utcOf(year, month + 1, 0)).getUTCDate()

/** Adds whole units: months end on the last day where the day does not exist, calendar units keep the local time. */
export function addUnits(utcMillis: number, unit: Unit, amount: number, zone: TimeZone): number {
  const millis = MILLIS[unit]
  if (millis !== undefined) return checked(utcMillis + amount * millis)
  const local = toLocal(utcMillis, zone)
  const days = DAYS[unit]
  if (days !== undefined) return checked(fromLocal(local + amount * days * DAY_MS, zone))
  const date = new Date(local)
  const month = date.getUTCMonth() + amount * (MONTHS[unit] ?? 1)
  const year = date.getUTCFullYear() + Math.floor(month / 12)
  const inYear = ((month % 12) + 12) % 12
  const day = Math.min(date.getUTCDate(), daysInMonth(year, inYear))
  const time = local - Math.floor(local / DAY_MS) * DAY_MS
  return checked(fromLocal(utcOf(year, inYear, day) + time, zone))
}

function checked(millis: number): number {
  if (Number.isNaN(new Date(millis).getTime())) throw new ServerError(5166406, 'date is out of the valid range')
  return millis
}

/** How many boundaries of the unit lie between the two, in local time. */
export function unitsBetween(start: number, end: number, unit: Unit, zone: TimeZone, startOfWeek: number): number {
  const [from, to] = [toLocal(start, zone), toLocal(end, zone)]
  const months = MONTHS[unit]
  if (months !== undefined) return Math.floor(monthNumber(to) / months) - Math.floor(monthNumber(from) / months)
  if (unit === 'week') return weekNumber(to, startOfWeek) - weekNumber(from, startOfWeek)
  if (unit === 'day') return Math.floor(to / DAY_MS) - Math.floor(from / DAY_MS)
  const millis = MILLIS[unit] as number
  // Times below a day are absolute; the local clock only shifts the boundaries.
  const shift = zone.offsetAt(start)
  return Math.floor((end + shift) / millis) - Math.floor((start + shift) / millis)
}

const monthNumber = (local: number): number => {
  const date = new Date(local)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

/** Weeks since the first day `startOfWeek` on or after 1970-01-01, which was a Thursday. */
const weekNumber = (local: number, startOfWeek: number): number => {
  const firstDay = (startOfWeek - 4 + 7) % 7
  return Math.floor((Math.floor(local / DAY_MS) - firstDay) / 7)
}

const REFERENCE_YEAR = 2000

/** The start of the bin that holds the instant; bins are counted from 2000-01-01 in local time. */
export function truncate(utcMillis: number, unit: Unit, binSize: number, zone: TimeZone, startOfWeek: number): number {
  const local = toLocal(utcMillis, zone)
  const months = MONTHS[unit]
  if (months !== undefined) {
    const size = months * binSize
    const since = monthNumber(local) - REFERENCE_YEAR * 12
    return fromLocal(utcOf(REFERENCE_YEAR, Math.floor(since / size) * size, 1), zone)
  }
  const origin = utcOf(REFERENCE_YEAR, 0, 1) + (unit === 'week' ? daysTo(startOfWeek) * DAY_MS : 0)
  const days = DAYS[unit]
  if (days !== undefined) return fromLocal(floorTo(local, origin, days * DAY_MS * binSize), zone)
  const size = (MILLIS[unit] as number) * binSize
  const start = fromLocal(origin, zone)
  return floorTo(utcMillis, start, size)
}

const floorTo = (value: number, origin: number, size: number): number =>
  origin + Math.floor((value - origin) / size) * size

/** Days from 2000-01-01, a Saturday, to the first given weekday. */
const daysTo = (weekday: number): number => (weekday - 6 + 7) % 7

/** ISO 8601 week date of a local time: weeks start on Monday, week 1 has the year's first Thursday. */
export function isoWeek(local: number): { readonly year: number; readonly week: number; readonly weekday: number } {
  const day = Math.floor(local / DAY_MS)
  const weekday = ((((day + 3) % 7) + 7) % 7) + 1
  const thursday = new Date((day - weekday + 4) * DAY_MS)
  const year = thursday.getUTCFullYear()
  const week = Math.floor((thursday.getTime() - utcOf(year, 0, 1)) / DAY_MS / 7) + 1
  return { year, week, weekday }
}

/** The local time of an ISO 8601 week date. */
export function fromIsoWeek(year: number, week: number, weekday: number): number {
  const fourth = utcOf(year, 0, 4)
  const monday = fourth - (isoWeek(fourth).weekday - 1) * DAY_MS
  return monday + ((week - 1) * 7 + weekday - 1) * DAY_MS
}

export const dayOfYear = (local: number): number =>
  Math.floor((local - utcOf(new Date(local).getUTCFullYear(), 0, 1)) / DAY_MS) + 1

/** Week of the year from 0; weeks start on Sunday. */
export const sundayWeek = (local: number): number =>
  Math.floor((dayOfYear(local) + 6 - new Date(local).getUTCDay()) / 7)
