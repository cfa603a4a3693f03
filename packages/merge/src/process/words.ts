import { DateValue, Mapping, TimeValue, Tuple, type Key, type Value } from '../value.ts'

const NAMES_SHOWN = 20

/** What a value is, for sentences: "is a list". */
export function kindOf(value: Value): string {
  if (value === null) return 'empty'
  if (value instanceof Mapping) return 'a mapping'
  if (value instanceof Tuple || Array.isArray(value)) return 'a list'
  if (value instanceof DateValue) return 'a date'
  if (value instanceof TimeValue) return 'a moment'
  if (typeof value === 'string') return 'a text'
  return typeof value === 'boolean' ? 'true or false' : 'a number'
}

/** "a, b and 3 more"; `none` where there is none. */
export function listed(names: readonly string[], none = 'none', most = NAMES_SHOWN): string {
  if (names.length === 0) return none
  const shown = names.slice(0, most).join(', ')
  return names.length > most ? `${shown} and ${names.length - most} more` : shown
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

/** A key of a mapping as it is written. */
export const spelled = (key: Key): string => (typeof key === 'object' && key !== null ? key.text : String(key))
