import { Undefined, type Held } from './held.ts'
import { hintOfCall } from './hints/method.ts'
import { unsupported } from './refused.ts'

/** Names that the first implementation gives to functions, where nothing else has the name. */
const FUNCTIONS = new Set(['range', 'dict', 'lipsum', 'cycler', 'joiner', 'namespace'])

/** What names stand for at one place of a template. What is set here is not seen outside. */
export class Names {
  readonly #own = new Map<string, Held>()
  readonly #outer: Names | ReadonlyMap<string, Held>

  constructor(outer: Names | ReadonlyMap<string, Held>) {
    this.#outer = outer
  }

  set(name: string, held: Held): void {
    this.#own.set(name, held)
  }

  get(name: string): Held {
    const found = this.#find(name)
    if (found !== undefined) return found
    if (FUNCTIONS.has(name)) {
      throw unsupported(
        undefined,
        `\`${name}\` is a function of the wider language, which is not part of the language here`,
        hintOfCall(name, () => false),
      )
    }
    return new Undefined(`\`${name}\``)
  }

  #find(name: string): Held | undefined {
    const own = this.#own.get(name)
    if (own !== undefined) return own
    return this.#outer instanceof Names ? this.#outer.#find(name) : this.#outer.get(name)
  }
}
