/** Code points as ranges, both ends included, in ascending order. */
export type CharSet = readonly (readonly [number, number])[]

/** A pattern as a tree, as far as repeating goes; `assert` takes no character. */
export type PatternPart =
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'assert'; readonly atStart: boolean }
  | { readonly kind: 'all'; readonly parts: readonly PatternPart[] }
  | { readonly kind: 'any'; readonly parts: readonly PatternPart[] }
  | { readonly kind: 'repeat'; readonly part: PatternPart; readonly min: number; readonly max: number }

const LAST = 0x10ffff
const DIGIT: CharSet = [[0x30, 0x39]]
const WORD: CharSet = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
]
const SPACE: CharSet = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
]
const CLASSES: ReadonlyMap<string, CharSet> = new Map([
  ['d', DIGIT],
  ['w', WORD],
  ['s', SPACE],
  ['D', inverted(DIGIT)],
  ['W', inverted(WORD)],
  ['S', inverted(SPACE)],
])
const CONTROLS: ReadonlyMap<string, number> = new Map([
  ['t', 9],
  ['n', 10],
  ['v', 11],
  ['f', 12],
  ['r', 13],
])
const LINE_ENDS: CharSet = [[10, 10]]

function inverted(set: CharSet): CharSet {
  const gaps: [number, number][] = []
  let next = 0
  for (const [from, to] of [...set].sort((a, b) => a[0] - b[0])) {
    if (from > next) gaps.push([next, from - 1])
    next = Math.max(next, to + 1)
  }
  if (next <= LAST) gaps.push([next, LAST])
  return gaps
}

export const overlaps = (a: CharSet, b: CharSet): boolean =>
  a.some(([from, to]) => b.some(([start, end]) => from <= end && start <= to))

/** Thrown where a pattern holds what is not understood here; never leaves this file. */
class NotUnderstood extends Error {}

/**
 * Reads the part of the pattern language that JSON Schema and PCRE have in common. `undefined` for everything beyond it:
 * back references, properties of characters, atomic groups, inline options.
 */
export function readPattern(pattern: string): PatternPart | undefined {
  try {
    return new PatternReader(pattern).whole()
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined
    throw error
  }
}

/** Groups nested deeper than this are nobody's pattern. */
const MAX_LEVELS = 100

class PatternReader {
  readonly #text: readonly string[]
  #at = 0
  #level = 0

  constructor(pattern: string) {
    this.#text = [...pattern]
  }

  whole(): PatternPart {
    const part = this.#alternatives()
    if (this.#at < this.#text.length) throw new NotUnderstood()
    return part
  }

  #alternatives(): PatternPart {
    if (++this.#level > MAX_LEVELS) throw new NotUnderstood()
    const parts = [this.#sequence()]
    while (this.#take('|')) parts.push(this.#sequence())
    this.#level--
    return parts.length === 1 ? (parts[0] as PatternPart) : { kind: 'any', parts }
  }

  #sequence(): PatternPart {
    const parts: PatternPart[] = []
    for (let next = this.#peek(); next !== undefined && next !== '|' && next !== ')'; next = this.#peek())
      parts.push(this.#repeated(this.#atom()))
    return { kind: 'all', parts }
  }

  #repeated(part: PatternPart): PatternPart {
    const [min, max] = this.#quantifier() ?? [1, 1]
    if (min === 1 && max === 1) return part
    this.#take('?')
    // Possessive repetition does not try again, which is another question.
    if (this.#peek() === '+') throw new NotUnderstood()
    return { kind: 'repeat', part, min, max }
  }

  #quantifier(): readonly [number, number] | undefined {
    if (this.#take('*')) return [0, Infinity]
    if (this.#take('+')) return [1, Infinity]
    if (this.#take('?')) return [0, 1]
    const braces = /^\{(\d+)(,(\d*))?\}/.exec(this.#text.slice(this.#at, this.#at + 20).join(''))
    if (braces === null) return undefined
    this.#at += braces[0].length
    const min = Number(braces[1])
    return [min, braces[2] === undefined ? min : braces[3] === '' ? Infinity : Number(braces[3])]
  }

  #atom(): PatternPart {
    const next = this.#next()
    switch (next) {
      case '^':
        return { kind: 'assert', atStart: true }
      case '$':
        return { kind: 'assert', atStart: false }
      case '.':
        return { kind: 'set', set: inverted(LINE_ENDS) }
      case '(':
        return this.#group()
      case '[':
        return { kind: 'set', set: this.#class() }
      case '\\':
        return this.#escape()
      default:
        return { kind: 'set', set: only(next) }
    }
  }

  #group(): PatternPart {
    let isLook = false
    if (this.#take('?')) {
      if (this.#take('=') || this.#take('!')) isLook = true
      else if (this.#take('<')) {
        if (this.#take('=') || this.#take('!')) isLook = true
        else while (this.#next() !== '>');
      } else if (!this.#take(':')) throw new NotUnderstood()
    }
    const part = this.#alternatives()
    if (!this.#take(')')) throw new NotUnderstood()
    return isLook ? { kind: 'assert', atStart: false } : part
  }

  #escape(): PatternPart {
    const next = this.#next()
    if (next === 'A') return { kind: 'assert', atStart: true }
    if ('bBzZ'.includes(next)) return { kind: 'assert', atStart: false }
    return { kind: 'set', set: CLASSES.get(next) ?? this.#escaped(next) }
  }

  #escaped(next: string): CharSet {
    const control = CONTROLS.get(next)
    if (control !== undefined) return [[control, control]]
    const digits = next === 'x' ? 2 : next === 'u' ? 4 : 0
    if (digits > 0) {
      const hex = this.#text.slice(this.#at, this.#at + digits).join('')
      if (!/^[0-9a-fA-F]+$/.test(hex) || hex.length < digits) throw new NotUnderstood()
      this.#at += digits
      const code = Number.parseInt(hex, 16)
      return [[code, code]]
    }
    // A letter or a digit behind the backslash means something of its own.
    if (/[0-9A-Za-z]/.test(next)) throw new NotUnderstood()
    return only(next)
  }

  #class(): CharSet {
    const isNegated = this.#take('^')
    const set: (readonly [number, number])[] = []
    let isFirst = true
    for (let next = this.#next(); next !== ']' || isFirst; next = this.#next()) {
      // At the front one dialect ends the class here and the other does not; classes in classes are the same case.
      if (next === ']' || (next === '[' && this.#peek() === ':')) throw new NotUnderstood()
      isFirst = false
      const from = this.#member(next)
      if (this.#peek() === '-' && this.#text[this.#at + 1] !== ']' && from.length === 1) {
        this.#at++
        const to = this.#member(this.#next())
        const [low, high] = [from[0]?.[0] ?? 0, to.at(-1)?.[1] ?? 0]
        set.push([low, high])
      } else set.push(...from)
    }
    return isNegated ? inverted(set) : set
  }

  #member(next: string): CharSet {
    if (next !== '\\') return only(next)
    const escaped = this.#next()
    if (escaped === 'b') return [[8, 8]]
    return CLASSES.get(escaped) ?? this.#escaped(escaped)
  }

  #peek(): string | undefined {
    return this.#text[this.#at]
  }

  #next(): string {
    const next = this.#text[this.#at++]
    if (next === undefined) throw new NotUnderstood()
    return next
  }

  #take(text: string): boolean {
    if (this.#peek() !== text) return false
    this.#at++
    return true
  }
}

const only = (character: string): CharSet => {
  const code = character.codePointAt(0) ?? 0
  return [[code, code]]
}
