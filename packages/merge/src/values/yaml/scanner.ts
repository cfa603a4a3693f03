import { Cursor, YamlFault } from './cursor.ts'
import { scanAnchor, scanDirective, scanTag } from './scan-properties.ts'
import { scanBlockScalar, scanPlain, scanQuoted } from './scan-scalar.ts'
import type { Token, TokenKind } from './tokens.ts'

const SPACES = / */y
const COMMENT = /#[^\r\n\u0085\u2028\u2029]*/y
/** What cannot begin a plain scalar; `-`, `?` and `:` can where no blank follows. */
const SIGNS = '-?:,[]{}#&*!|>\'"%@`'
/** A key on the line of its `:` is at most this long. */
const LONGEST_KEY = 1024

/** Where a key may have begun: it is one when a `:` follows on the same line. */
interface PossibleKey {
  readonly token: number
  readonly offset: number
  readonly lineStart: number
  readonly isRequired: boolean
}

/**
 * Cuts a text into tokens by the rules of PyYAML, which are not those of YAML 1.2: brackets and quotes need no indentation
 * (`a: [` with `]` at the margin is common in specifications), a tab separates nothing, `?` ends a word inside of brackets.
 * A `?` before a key that has none, and where blocks begin and end, are put in.
 */
export class Scanner {
  readonly #cursor: Cursor
  readonly #tokens: Token[] = []
  #next = 0
  #isDone = false
  #depth = 0
  #indent = -1
  readonly #indents: number[] = []
  #mayBeKey = true
  readonly #keys = new Map<number, PossibleKey>()

  constructor(text: string, offset: number) {
    this.#cursor = new Cursor(text, offset)
  }

  peek(): Token {
    while (this.#needsMore()) this.#scan()
    return this.#tokens[this.#next] as Token
  }

  take(): Token {
    const token = this.peek()
    if (token.kind !== 'end') this.#next++
    return token
  }

  /** A token is ready when it can no longer turn out to be a key, which would put a `?` before it. */
  #needsMore(): boolean {
    if (this.#isDone) return false
    if (this.#next >= this.#tokens.length) return true
    this.#dropStaleKeys()
    for (const key of this.#keys.values()) if (key.token === this.#next) return true
    return false
  }

  #scan(): void {
    const cursor = this.#cursor
    this.#skipToToken()
    this.#dropStaleKeys()
    this.#closeBlocks(cursor.column)
    if (cursor.isEnd()) return this.#end()
    const sign = cursor.at()
    if (sign === '%' && cursor.column === 0) return this.#atMargin(() => scanDirective(cursor))
    const mark = cursor.documentMark()
    if (mark !== undefined) return this.#atMargin(() => this.#sign(mark))
    if (sign === '[' || sign === '{') return this.#open(sign)
    if (sign === ']' || sign === '}') return this.#close(sign)
    if (sign === ',') return this.#entry(',')
    if (sign === '-' && cursor.isBlank(1)) return this.#dash()
    if (sign === '?' && (this.#depth > 0 || cursor.isBlank(1))) return this.#questionMark()
    if (sign === ':' && (this.#depth > 0 || cursor.isBlank(1))) return this.#colon()
    return this.#content(sign)
  }

  #content(sign: string): void {
    const cursor = this.#cursor
    if ((sign === '|' || sign === '>') && this.#depth === 0) {
      this.#mayBeKey = true
      this.#dropKey()
      this.#tokens.push(scanBlockScalar(cursor, this.#indent))
      return
    }
    if (sign === '*' || sign === '&') return this.#possibleKey(() => scanAnchor(cursor))
    if (sign === '!') return this.#possibleKey(() => scanTag(cursor))
    if (sign === "'" || sign === '"') return this.#possibleKey(() => scanQuoted(cursor))
    if (!this.#mayBeginPlain(sign)) throw new YamlFault(this.#refusal(sign), cursor.offset)
    this.#saveKey()
    this.#mayBeKey = false
    const { token, keyMayFollow } = scanPlain(cursor, this.#indent, this.#depth > 0)
    this.#mayBeKey = keyMayFollow
    this.#tokens.push(token)
  }

  #mayBeginPlain(sign: string): boolean {
    if (this.#cursor.isBlank()) return false
    if (!SIGNS.includes(sign)) return true
    return !this.#cursor.isBlank(1) && (sign === '-' || (this.#depth === 0 && (sign === '?' || sign === ':')))
  }

  #refusal(sign: string): string {
    if (sign === '\t') return 'A tab stands where only spaces may separate; write spaces'
    return `A text without quotes cannot begin with \`${sign}\`; put it in quotes`
  }

  #skipToToken(): void {
    for (;;) {
      this.#cursor.take(SPACES)
      this.#cursor.take(COMMENT)
      if (this.#cursor.takeBreak() === '') return
      if (this.#depth === 0) this.#mayBeKey = true
    }
  }

  // Keys that have no `?`.

  #dropStaleKeys(): void {
    for (const [depth, key] of this.#keys) {
      const isNear = key.lineStart === this.#cursor.lineStart && this.#cursor.offset - key.offset <= LONGEST_KEY
      if (!isNear) this.#dropKey(depth)
    }
  }

  #dropKey(depth = this.#depth): void {
    const key = this.#keys.get(depth)
    if (key?.isRequired === true) {
      const longest = `on the same line and within ${LONGEST_KEY} characters`
      throw new YamlFault(`A key must stand here, with a \`:\` behind it ${longest}`, key.offset)
    }
    this.#keys.delete(depth)
  }

  #saveKey(): void {
    const { offset, lineStart, column } = this.#cursor
    if (!this.#mayBeKey) return
    this.#dropKey()
    const isRequired = this.#depth === 0 && this.#indent === column
    this.#keys.set(this.#depth, { token: this.#tokens.length, offset, lineStart, isRequired })
  }

  #possibleKey(scan: () => Token): void {
    this.#saveKey()
    this.#mayBeKey = false
    this.#tokens.push(scan())
  }

  // Blocks.

  #closeBlocks(column: number): void {
    if (this.#depth > 0) return
    while (this.#indent > column) {
      this.#indent = this.#indents.pop() ?? -1
      this.#put('block end', this.#cursor.offset)
    }
  }

  /** Begins a block at the column unless one is open there; its token goes to `at`. */
  #openBlock(kind: 'block sequence' | 'block mapping', column: number, offset: number, at: number): void {
    if (this.#depth > 0 || this.#indent >= column) return
    this.#indents.push(this.#indent)
    this.#indent = column
    this.#put(kind, offset, at)
  }

  #put(kind: TokenKind, offset: number, at = this.#tokens.length): void {
    const token: Token = { kind, start: offset, end: offset, text: '' }
    if (at === this.#tokens.length) this.#tokens.push(token)
    else this.#tokens.splice(at, 0, token)
  }

  // Signs.

  #sign(kind: TokenKind): Token {
    const start = this.#cursor.offset
    this.#cursor.offset += kind.length
    return { kind, start, end: this.#cursor.offset, text: '' }
  }

  #end(): void {
    this.#atMargin(() => ({ kind: 'end', start: this.#cursor.offset, end: this.#cursor.offset, text: '' }))
    this.#keys.clear()
    this.#isDone = true
  }

  /** What belongs to no block. */
  #atMargin(scan: () => Token): void {
    this.#closeBlocks(-1)
    this.#dropKey()
    this.#mayBeKey = false
    this.#tokens.push(scan())
  }

  #open(sign: '[' | '{'): void {
    this.#saveKey()
    this.#depth++
    this.#mayBeKey = true
    this.#tokens.push(this.#sign(sign))
  }

  #close(sign: ']' | '}'): void {
    if (this.#depth === 0) throw new YamlFault(`\`${sign}\` closes nothing`, this.#cursor.offset)
    this.#dropKey()
    this.#depth--
    this.#mayBeKey = false
    this.#tokens.push(this.#sign(sign))
  }

  #entry(sign: ',' | '-' | '?' | ':', mayBeKey = true): void {
    this.#mayBeKey = mayBeKey
    this.#dropKey()
    this.#tokens.push(this.#sign(sign))
  }

  #dash(): void {
    this.#mustMayBegin('An item of a list cannot begin here')
    this.#openBlock('block sequence', this.#cursor.column, this.#cursor.offset, this.#tokens.length)
    this.#entry('-')
  }

  #questionMark(): void {
    this.#mustMayBegin('A key cannot begin here')
    this.#openBlock('block mapping', this.#cursor.column, this.#cursor.offset, this.#tokens.length)
    this.#entry('?', this.#depth === 0)
  }

  #colon(): void {
    const key = this.#keys.get(this.#depth)
    if (key === undefined) {
      this.#mustMayBegin('A value cannot begin here; a text with `: ` in it needs quotes')
      this.#openBlock('block mapping', this.#cursor.column, this.#cursor.offset, this.#tokens.length)
      return this.#entry(':', this.#depth === 0)
    }
    this.#keys.delete(this.#depth)
    this.#put('?', key.offset, key.token)
    this.#openBlock('block mapping', key.offset - key.lineStart, key.offset, key.token)
    this.#mayBeKey = false
    this.#tokens.push(this.#sign(':'))
  }

  #mustMayBegin(refusal: string): void {
    if (this.#depth === 0 && !this.#mayBeKey) throw new YamlFault(refusal, this.#cursor.offset)
  }
}
