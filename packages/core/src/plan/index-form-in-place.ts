import { Double, type Value } from '@stage0/bson-schema'
import { sameKey, sameOption, type IndexForm } from './index-form.ts'
import { isBefore } from './server-version.ts'

/** What `collMod` changes of an index while it stays in use. */
export interface IndexChange {
  /** Only this way round: no server makes a unique index plain again. */
  readonly unique?: true
  readonly prepareUnique?: boolean
  readonly hidden?: boolean
  /** Seconds after the time in the field of the key. */
  readonly expireAfterSeconds?: number
}

/** Releases since which `collMod` takes the option. Source: manual, collMod, `index`. */
const UNIQUE_SINCE = [6, 0] as const
const NEW_TTL_SINCE = [5, 1] as const

const CHANGEABLE = ['unique', 'prepareUnique', 'hidden', 'expireAfterSeconds'] as const

/**
 * The change that makes `wanted` of `actual` without an instant in which the index is absent; `undefined` where there is none,
 * so that the index must be dropped and built anew, and where nothing differs.
 */
export function changeInPlace(wanted: IndexForm, actual: IndexForm, serverVersion: string): IndexChange | undefined {
  if (!sameKey(wanted.key, actual.key)) return undefined
  const names = new Set([...wanted.options.keys, ...actual.options.keys])
  const different = new Set([...names].filter((name) => !sameOption(wanted, actual, name)))
  if (different.size === 0 || [...different].some((name) => !CHANGEABLE.some((one) => one === name))) return undefined
  if (different.has('unique') && !becomesUnique(wanted, serverVersion)) return undefined
  const seconds = different.has('expireAfterSeconds') ? newTtl(wanted, actual, serverVersion) : undefined
  if (different.has('expireAfterSeconds') && seconds === undefined) return undefined
  const isPrepared = different.has('prepareUnique') && !different.has('unique')
  return {
    ...(different.has('unique') && { unique: true }),
    // Making an index unique ends its preparation.
    ...(isPrepared && { prepareUnique: wanted.options.get('prepareUnique') === true }),
    ...(different.has('hidden') && { hidden: wanted.options.get('hidden') === true }),
    ...(seconds !== undefined && { expireAfterSeconds: seconds }),
  }
}

const becomesUnique = (wanted: IndexForm, serverVersion: string): boolean =>
  wanted.options.get('unique') === true && !isBefore(serverVersion, UNIQUE_SINCE)

/** A time can be changed and given to a plain index of one field; it cannot be taken away. */
function newTtl(wanted: IndexForm, actual: IndexForm, serverVersion: string): number | undefined {
  const seconds = secondsOf(wanted.options.get('expireAfterSeconds'))
  if (actual.options.has('expireAfterSeconds') || seconds === undefined) return seconds
  const isPlain = wanted.key.size === 1 && typeof wanted.key.values[0] !== 'string'
  return isPlain && !isBefore(serverVersion, NEW_TTL_SINCE) ? seconds : undefined
}

/** As a number, whatever its type in the file. */
export function secondsOf(value: Value | undefined): number | undefined {
  const seconds = value instanceof Double ? value.value : typeof value === 'bigint' ? Number(value) : value
  return typeof seconds === 'number' && Number.isFinite(seconds) ? seconds : undefined
}

/** In words, for the name of a step: "unique, hidden". */
export function changeInWords({ unique, prepareUnique, hidden, expireAfterSeconds }: IndexChange): string {
  const words: string[] = []
  if (unique === true) words.push('unique')
  if (prepareUnique !== undefined) words.push(prepareUnique ? 'ready to become unique' : 'no longer to become unique')
  if (hidden !== undefined) words.push(hidden ? 'hidden' : 'no longer hidden')
  if (expireAfterSeconds !== undefined) words.push(`documents expire after ${expireAfterSeconds} s`)
  return words.join(', ')
}
