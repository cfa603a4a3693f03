import type { Snapshot } from '@stage0/workspace'

/**
 * Derives something from a snapshot once: kept as long as the snapshot is, and gone with it. The service answers many requests from one
 * snapshot, since a new one is made only when files changed.
 */
export function perSnapshot<T>(derive: (snapshot: Snapshot) => T): (snapshot: Snapshot) => T {
  const kept = new WeakMap<Snapshot, { readonly value: T }>()
  return (snapshot) => {
    const found = kept.get(snapshot)
    if (found !== undefined) return found.value
    const value = derive(snapshot)
    kept.set(snapshot, { value })
    return value
  }
}

/** What an entry takes besides its key and its value, in characters: many small ones are not for nothing. */
const ENTRY_WEIGHT = 100

/** What was made lately, by key, up to a total weight, keys counted: what was used longest ago goes first. */
export class Recent<T> {
  readonly #maxWeight: number
  readonly #weigh: (value: T) => number
  readonly #entries = new Map<string, { readonly value: T; readonly weight: number }>()
  #weight = 0

  /** @param weigh Of one value, in characters as `maxWeight`. */
  constructor(maxWeight: number, weigh: (value: T) => number) {
    this.#maxWeight = maxWeight
    this.#weigh = weigh
  }

  /** The value of `key`, made when it is not there. What is heavier than everything that may be kept is made each time. */
  get(key: string, make: () => T): T {
    const found = this.#entries.get(key)
    if (found !== undefined) {
      this.#entries.delete(key)
      this.#entries.set(key, found)
      return found.value
    }
    const value = make()
    const weight = this.#weigh(value) + key.length + ENTRY_WEIGHT
    if (weight <= this.#maxWeight) {
      this.#entries.set(key, { value, weight })
      this.#weight += weight
      this.#dropOldest()
    }
    return value
  }

  #dropOldest(): void {
    for (const [key, { weight }] of this.#entries) {
      if (this.#weight <= this.#maxWeight) return
      this.#entries.delete(key)
      this.#weight -= weight
    }
  }
}
