import { DateValue, Mapping, TimeValue, Tuple, type Key } from '../value.ts'
import type { Loop } from './loop.ts'

/** What a name, an attribute or an item gives that is not there. Prints as nothing, is false, has no members. */
export class Undefined {
  /** What is missing, as it stands in a sentence. */
  readonly what: string
  readonly hint: string | undefined
  constructor(what: string, hint?: string) {
    this.what = what
    this.hint = hint
  }
}

/**
 * Members that a filter gives one after the other, each once: what `selectattr`, `map` and the like answer. It has no length
 * and no text, and is true even where nothing comes; `list` makes a list of it.
 */
export class Stream implements Iterable<Held> {
  readonly #iterator: Iterator<Held>
  constructor(members: Iterable<Held>) {
    this.#iterator = members[Symbol.iterator]()
  }

  /** `undefined` where nothing is left. */
  take(): Held | undefined {
    const next = this.#iterator.next()
    return next.done === true ? undefined : next.value
  }

  *[Symbol.iterator](): Iterator<Held> {
    for (let next = this.take(); next !== undefined; next = this.take()) yield next
  }
}

/** What an expression may give: values, and what only exists while a template is rendered. Lists may hold these too. */
export type Held = Key | readonly Held[] | Tuple<Held> | Mapping<Held> | Undefined | Stream | Loop

export const isList = (held: Held): held is readonly Held[] => Array.isArray(held)
export const isMoment = (held: Held): held is DateValue | TimeValue =>
  held instanceof DateValue || held instanceof TimeValue

/** What a mapping may have as its key. */
export const isKey = (held: Held): held is Key => held === null || typeof held !== 'object' || isMoment(held)

/** What kind of thing it is, in words of a message. */
export function kindOf(held: Held): string {
  if (held === null) return 'none'
  if (typeof held === 'boolean') return 'a boolean'
  if (typeof held === 'bigint') return 'a whole number'
  if (typeof held === 'number') return 'a number'
  if (typeof held === 'string') return 'a text'
  if (held instanceof Undefined) return held.what
  if (held instanceof DateValue) return 'a day'
  if (held instanceof TimeValue) return 'a moment'
  if (held instanceof Mapping) return 'a mapping'
  if (held instanceof Tuple) return 'a tuple'
  if (held instanceof Stream) return 'the result of a filter that gives its members one by one'
  return isList(held) ? 'a list' : '`loop`'
}
