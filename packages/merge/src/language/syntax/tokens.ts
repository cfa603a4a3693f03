import { LIMITS } from '../limits.ts'
import { notParsable } from '../refused.ts'
import { nameOfToken, type Token } from './token.ts'

/** The tokens of one template, read from the first to the last. */
export class Tokens {
  readonly #tokens: readonly Token[]
  #next = 0
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  get current(): Token {
    const token = this.#tokens[this.#next]
    if (token === undefined) throw new Error('Read beyond the last token')
    return token
  }

  get following(): Token {
    return this.#tokens[this.#next + 1] ?? this.current
  }

  next(): Token {
    const token = this.current
    if (token.kind !== 'end') this.#next++
    return token
  }

  is(kind: Token['kind'], ...texts: readonly string[]): boolean {
    const { current } = this
    return current.kind === kind && (texts.length === 0 || texts.includes(current.text))
  }

  /** Takes the token where it is that one, and tells whether it was. */
  skip(kind: Token['kind'], text: string): boolean {
    if (!this.is(kind, text)) return false
    this.#next++
    return true
  }

  expect(kind: Token['kind'], text: string | undefined, wanted: string): Token {
    if (this.is(kind, ...(text === undefined ? [] : [text]))) return this.next()
    throw notParsable(this.current.at, `${wanted} is expected here, and there is ${nameOfToken(this.current)}`)
  }

  /** Reads something that may hold itself; too many levels of that are a problem and not an overflow of the stack. */
  nested<T>(read: () => T): T {
    if (++this.#depth > LIMITS.expressionDepth) throw tooDeep(this.current.at)
    const found = read()
    this.#depth--
    return found
  }
}

export const tooDeep = (at: number): Error =>
  notParsable(at, `An expression of more than ${LIMITS.expressionDepth} levels`, 'Give parts of it a name with `set`.')
