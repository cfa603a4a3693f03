/** Connections that follow runs, bounded per client and in all: one client must not take them from the others. */
export class StreamSlots {
  readonly #perClient: number
  readonly #inAll: number
  readonly #held = new Map<string, number>()
  #total = 0

  constructor(bounds: { readonly perClient: number; readonly inAll: number }) {
    this.#perClient = bounds.perClient
    this.#inAll = bounds.inAll
  }

  get total(): number {
    return this.#total
  }

  /** @returns What gives the place back, once; `undefined` where there is none left. */
  take(client: string): (() => void) | undefined {
    const held = this.#held.get(client) ?? 0
    if (held >= this.#perClient || this.#total >= this.#inAll) return undefined
    this.#held.set(client, held + 1)
    this.#total += 1
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      this.#total -= 1
      const left = (this.#held.get(client) ?? 1) - 1
      if (left === 0) this.#held.delete(client)
      else this.#held.set(client, left)
    }
  }
}
