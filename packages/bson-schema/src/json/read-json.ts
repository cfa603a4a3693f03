import { createScanner, type JSONScanner } from 'jsonc-parser'
import { MAX_NESTING_LEVELS } from '../bson-error.ts'
import { INT64_MAX, INT64_MIN } from '../numeric.ts'
import { err, ok, type Result } from '../result.ts'
import { shareKeys, trimmed } from '../share-keys.ts'
import { Doc, double, integer, type Value } from '../value.ts'
import { SCAN_PROBLEMS, TOKEN } from './tokens.ts'
import { unwrap, WrapperProblem } from './wrappers.ts'

/** Something at a place of a text; `offset` counts UTF-16 units from the start of the text. */
export interface JsonProblem {
  readonly message: string
  readonly offset: number
}

export interface ReadJsonOptions {
  /** Called for a key that an object has twice: the last one wins, in the place of the first. */
  readonly onDuplicateKey?: (duplicate: { readonly key: string; readonly offset: number }) => void
}

/**
 * Reads strict JSON (no comments, no trailing commas; a byte order mark is allowed) as canonical or relaxed Extended
 * JSON v2. Order and number literals count: `5` is an int or, if it does not fit, a long, `5.0` and `5e0` are doubles,
 * an integer beyond 64 bits is an error. At most 200 levels.
 */
export function readExtendedJson(text: string, options: ReadJsonOptions = {}): Result<Value, JsonProblem> {
  try {
    const reader = new JsonReader(text, options)
    return ok(reader.whole())
  } catch (error) {
    if (error instanceof Stop) return err(error.problem)
    throw error
  }
}

/** Ends the reading from any depth; never leaves this file. */
class Stop extends Error {
  readonly problem: JsonProblem
  constructor(message: string, offset: number) {
    super(message)
    this.problem = { message, offset }
  }
}

/** Above this many keys an object gets an index. */
const INDEX_FROM_KEYS = 24

/** Finds keys that an object has already. */
class Places {
  private readonly keys: readonly string[]
  private index: Map<string, number> | undefined
  constructor(keys: readonly string[]) {
    this.keys = keys
  }

  of(key: string): number {
    const { keys } = this
    if (keys.length < INDEX_FROM_KEYS) return keys.indexOf(key)
    const index = (this.index ??= new Map())
    for (let i = index.size; i < keys.length; i++) index.set(keys[i] as string, i)
    return index.get(key) ?? -1
  }
}

const MAX_SHOWN_CHARACTERS = 20

class JsonReader {
  private readonly text: string
  private readonly scanner: JSONScanner
  private readonly start: number
  private readonly options: ReadJsonOptions
  /** One string per field name, however many documents have it. */
  private readonly names = new Map<string, string>()
  private token: number = TOKEN.end

  constructor(text: string, options: ReadJsonOptions) {
    this.start = text.startsWith('\ufeff') ? 1 : 0
    this.text = this.start === 0 ? text : text.slice(1)
    this.scanner = createScanner(this.text, false)
    this.options = options
  }

  whole(): Value {
    this.next()
    const value = this.value(1)
    if (this.token !== TOKEN.end) this.stop('unexpected text after the end of the JSON value')
    return value
  }

  private get offset(): number {
    return this.scanner.getTokenOffset() + this.start
  }

  private stop(message: string, offset = this.offset): never {
    throw new Stop(message, offset)
  }

  private next(): void {
    let token: number
    do token = this.scanner.scan()
    while (token === TOKEN.trivia || token === TOKEN.lineBreak)
    if (token === TOKEN.lineComment || token === TOKEN.blockComment) {
      this.stop('comments are not allowed in JSON')
    }
    const problem: number = this.scanner.getTokenError()
    if (problem !== 0) this.stop(SCAN_PROBLEMS[problem] ?? 'invalid JSON')
    this.token = token
  }

  private value(depth: number): Value {
    switch (this.token) {
      case TOKEN.openBrace:
        return this.object(depth)
      case TOKEN.openBracket:
        return this.array(depth)
      case TOKEN.string:
        return this.take(this.string())
      case TOKEN.number:
        return this.take(this.number())
      case TOKEN.true:
        return this.take(true)
      case TOKEN.false:
        return this.take(false)
      case TOKEN.null:
        return this.take(null)
      case TOKEN.end:
        return this.stop('the JSON text ends too early')
      default:
        return this.stop(`expected a value, found ${this.found()}`)
    }
  }

  private at(token: number): boolean {
    return this.token === token
  }

  private take<T>(value: T): T {
    this.next()
    return value
  }

  private found(): string {
    if (this.token === TOKEN.end) return 'the end'
    // As it is written: the scanner has no value for punctuation.
    const start = this.scanner.getTokenOffset()
    const length = Math.min(this.scanner.getTokenLength(), MAX_SHOWN_CHARACTERS)
    return JSON.stringify(this.text.slice(start, start + length))
  }

  private string(): string {
    const text = this.scanner.getTokenValue()
    if (/\p{Surrogate}/u.test(text)) this.stop('half of a surrogate pair cannot be stored as UTF-8')
    return text
  }

  private number(): Value {
    const literal = this.scanner.getTokenValue()
    if (!/^-?\d+$/.test(literal)) return double(Number(literal))
    if (literal.length <= 9) return Number(literal) + 0
    const value = BigInt(literal)
    if (value < INT64_MIN || value > INT64_MAX) {
      this.stop(`the integer ${literal} does not fit 64 bits; write it as $numberDecimal or with a decimal point`)
    }
    return integer(value)
  }

  private array(depth: number): Value[] {
    this.enter(depth)
    const values: Value[] = []
    if (this.token === TOKEN.closeBracket) return this.take(values)
    for (;;) {
      values.push(this.value(depth + 1))
      if (this.token === TOKEN.closeBracket) return this.take(trimmed(values))
      if (this.token !== TOKEN.comma) this.stop(`expected "," or "]", found ${this.found()}`)
      this.next()
    }
  }

  private enter(depth: number): void {
    if (depth > MAX_NESTING_LEVELS) this.stop(`more than ${MAX_NESTING_LEVELS} levels`)
    this.next()
  }

  private object(depth: number): Value {
    const start = this.offset
    this.enter(depth)
    const keys: string[] = []
    const values: Value[] = []
    const places = new Places(keys)
    if (this.token !== TOKEN.closeBrace) {
      for (;;) {
        this.member(depth, keys, values, places)
        if (this.token === TOKEN.closeBrace) break
        if (this.token !== TOKEN.comma) this.stop(`expected "," or "}", found ${this.found()}`)
        this.next()
      }
    }
    this.next()
    const value = unwrap(new Doc(shareKeys(keys), trimmed(values)))
    return value instanceof WrapperProblem ? this.stop(value.message, start) : value
  }

  private member(depth: number, keys: string[], values: Value[], places: Places): void {
    if (!this.at(TOKEN.string)) this.stop(`expected a key in quotes, found ${this.found()}`)
    const offset = this.offset
    const key = this.name(this.string())
    this.next()
    if (!this.at(TOKEN.colon)) this.stop(`expected ":", found ${this.found()}`)
    this.next()
    const value = this.value(depth + 1)
    const place = places.of(key)
    if (place < 0) {
      keys.push(key)
      values.push(value)
    } else {
      this.options.onDuplicateKey?.({ key, offset })
      values[place] = value
    }
  }

  private name(text: string): string {
    const known = this.names.get(text)
    if (known !== undefined) return known
    if (text.includes('\0')) this.stop('a key must not contain a zero byte')
    this.names.set(text, text)
    return text
  }
}
