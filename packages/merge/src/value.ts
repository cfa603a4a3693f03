import { microsecondsOf, momentOf } from './values/moments.ts'

/**
 * What specifications hold and templates work with. As the language has it that the templates were written for: integers of any
 * length apart from floating numbers, dates, mappings that keep their order and whose keys may be of any scalar kind.
 */
export type Value =
  null | boolean | bigint | number | string | DateValue | TimeValue | readonly Value[] | Tuple | Mapping

/** A day without a time, `2026-01-02`. */
export class DateValue {
  /** `YYYY-MM-DD`. */
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** A moment as it was written. */
export class TimeValue {
  /** `YYYY-MM-DD HH:MM:SS`, with `.ffffff` where it is not zero, with `+HH:MM` where a zone was given. */
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** A list that is printed with round brackets: written in a template, or a pair of a mapping. */
export class Tuple<T = Value> {
  readonly items: readonly T[]
  constructor(items: readonly T[]) {
    this.items = items
  }
}

/** What may be the key of a mapping. */
export type Key = null | boolean | bigint | number | string | DateValue | TimeValue

/** Keys with values, in the order in which they came. `1`, `1.0` and `true` are one key. */
export class Mapping<T = Value> {
  readonly #entries = new Map<string, readonly [Key, T]>()

  static of<T = Value>(entries: Iterable<readonly [Key, T]>): Mapping<T> {
    const mapping = new Mapping<T>()
    for (const [key, value] of entries) mapping.set(key, value)
    return mapping
  }

  get size(): number {
    return this.#entries.size
  }

  has(key: Key): boolean {
    return this.#entries.has(identityOf(key))
  }

  /** `undefined` where there is no such key. */
  get(key: Key): T | undefined {
    return this.#entries.get(identityOf(key))?.[1]
  }

  /** A key that is there keeps its place and its first spelling. */
  set(key: Key, value: T): void {
    const identity = identityOf(key)
    const former = this.#entries.get(identity)
    this.#entries.set(identity, [former === undefined ? key : former[0], value])
  }

  entries(): Iterable<readonly [Key, T]> {
    return this.#entries.values()
  }

  keys(): readonly Key[] {
    return [...this.#entries.values()].map(([key]) => key)
  }
}

/** What the identity of a key that is no text begins with. A text that begins so itself gets it twice, any other text is its own. */
const NO_TEXT = '\0'

/** Equal for keys that are one key. */
export function identityOf(key: Key): string {
  if (typeof key === 'string') return key.startsWith(NO_TEXT) ? NO_TEXT + key : key
  return NO_TEXT + identityOfOther(key)
}

function identityOfOther(key: Exclude<Key, string>): string {
  if (key === null) return 'null'
  if (typeof key === 'boolean') return key ? 'n1' : 'n0'
  if (typeof key === 'bigint') return `n${key}`
  if (typeof key === 'number') return Number.isInteger(key) ? `n${BigInt(key)}` : `n${key}`
  if (key instanceof DateValue) return `d${key.text}`
  // Moments with a zone are one key when they are one moment; without a zone they are never one key with those.
  return `${momentOf(key).offset === undefined ? 't' : 'z'}${microsecondsOf(key)}`
}
