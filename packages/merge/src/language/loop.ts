import { Undefined, type Held } from './held.ts'

/**
 * What `loop` tells inside of a `for`. Looks ahead only where it is asked for what comes, so that a stream that two loops share
 * is read in the order in which the language reads it.
 */
export class Loop {
  readonly #members: Iterator<Held>
  #ahead: Held[] = []
  #index0 = -1
  #isKnownWhole = false
  #former: Held | undefined
  #current: Held | undefined

  constructor(members: Iterator<Held>) {
    this.#members = members
  }

  /** Goes on to the next member; `undefined` where there is none. */
  advance(): Held | undefined {
    if (this.#ahead.length === 0) this.#look()
    const next = this.#ahead.shift()
    if (next === undefined) return undefined
    this.#index0++
    this.#former = this.#current
    this.#current = next
    return next
  }

  get length(): number {
    while (!this.#isKnownWhole) this.#look()
    return this.#index0 + 1 + this.#ahead.length
  }

  /** What `loop.name` gives; `undefined` where it has no such member. */
  member(name: string): Held | undefined {
    const index = this.#index0 + 1
    switch (name) {
      case 'index':
        return BigInt(index)
      case 'index0':
        return BigInt(this.#index0)
      case 'revindex':
        return BigInt(this.length - this.#index0)
      case 'revindex0':
        return BigInt(this.length - index)
      case 'length':
        return BigInt(this.length)
      case 'first':
        return this.#index0 === 0
      case 'last':
        return this.#next() === undefined
      case 'previtem':
        return orMissing(this.#former, 'the member before the first')
      case 'nextitem':
        return orMissing(this.#next(), 'the member behind the last')
      case 'depth':
        return 1n
      case 'depth0':
        return 0n
      default:
        return undefined
    }
  }

  #next(): Held | undefined {
    if (this.#ahead.length === 0) this.#look()
    return this.#ahead[0]
  }

  #look(): void {
    if (this.#isKnownWhole) return
    const next = this.#members.next()
    if (next.done === true) this.#isKnownWhole = true
    else this.#ahead.push(next.value)
  }
}

const orMissing = (held: Held | undefined, what: string): Held => (held === undefined ? new Undefined(what) : held)
