import { relaxedJson, type Value } from '@stage0/bson-schema'

/** Sampled values may be as large as a document; nobody reads more of them than this. */
const MAX_CHARACTERS = 160

/** A text in a bounded length, never cut inside of a character. */
export function cut(text: string, max = MAX_CHARACTERS): string {
  if (text.length <= max) return text
  const end = /[\uD800-\uDBFF]/.test(text.charAt(max - 1)) ? max - 1 : max
  return `${text.slice(0, end)} ...`
}

/** A value as Extended JSON in a bounded length. */
export const shortJson = (value: Value): string => cut(relaxedJson(value))

/** "1 document", "312 documents", "100,000 documents". */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${grouped(count)} ${count === 1 ? one : many}`

/** A whole number with its thousands apart. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',')

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** "983 bytes", "98.3 MB": powers of a thousand. */
export function byteText(bytes: number): string {
  let [amount, unit] = [bytes, 0]
  while (amount >= 1000 && unit < UNITS.length - 1) [amount, unit] = [amount / 1000, unit + 1]
  if (unit === 0) return counted(bytes, 'byte')
  return `${amount < 100 ? amount.toFixed(1) : grouped(Math.round(amount))} ${UNITS[unit]}`
}
