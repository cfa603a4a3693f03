import { translateClass } from './pcre-class.ts'
import { PatternText, PcreProblem, pointEscape, propertyEscape, refuse } from './pcre-escape.ts'
import { ESCAPE_SETS, showSet, withBothCases } from './pcre-set.ts'
import { err, ok, type Result } from './result.ts'

/** A regular expression of the server in JavaScript. */
export interface CompiledPattern {
  /** For `test` and `exec`; has no state between calls. */
  readonly regex: RegExp
  /** Group of `regex` for each capturing group of the pattern: atomic groups need groups of their own. */
  readonly groups: readonly number[]
}

const OPTIONS = /^[imsux]*$/

/**
 * Translates a PCRE pattern with the server's options (`i`, `m`, `s`, `x`, `u`), as it is matched there: by code point,
 * classes in ASCII, `$` before a final newline, a dot for everything but a newline. What cannot be translated
 * faithfully is refused with the reason, never matched differently.
 */
export function compilePcre(pattern: string, options = ''): Result<CompiledPattern, string> {
  if (!OPTIONS.test(options)) return err(`invalid flag in regex options: ${options}`)
  if (pattern.includes('\0')) return err('a pattern must not contain a zero byte')
  try {
    const translator = new Translator(pattern)
    const source = translator.whole({
      i: options.includes('i'),
      m: options.includes('m'),
      s: options.includes('s'),
      x: options.includes('x'),
    })
    return ok({ regex: new RegExp(source, 'u'), groups: translator.groups })
  } catch (error) {
    if (error instanceof PcreProblem) return err(error.message)
    // The engine's own limits, such as the size of a pattern.
    if (error instanceof SyntaxError) return err(error.message)
    throw error
  }
}

type Flag = 'i' | 'm' | 's' | 'x'
type Flags = Readonly<Record<Flag, boolean>>

/** A translated piece and how many code points it takes. */
interface Piece {
  readonly source: string
  readonly min: number
  readonly max: number
  /** Whether a quantifier may follow. */
  readonly repeatable: boolean
}

// JavaScript's own anchors: its flag `m` is never set.
const START = '^'
const END = '$'
const BEFORE_LAST_NEWLINE = '(?=\\n?$)'
/** `{,3}` and `{ 3 }` are literal text in older versions of the library and quantifiers in newer ones. */
const AMBIGUOUS_BRACE = /^\{(?=[^}]*\d)[ \t]*\d*[ \t]*(,[ \t]*\d*[ \t]*)?\}/
const MAX_LEVELS = 250
const MAX_REPEATS = 65_535

const assertion = (source: string): Piece => ({ source, min: 0, max: 0, repeatable: false })
const one = (source: string): Piece => ({ source, min: 1, max: 1, repeatable: true })

class Translator {
  readonly groups: number[] = []
  private readonly text: PatternText
  private readonly names = new Set<string>()
  private flags: Flags = { i: false, m: false, s: false, x: false }
  private jsGroups = 0

  constructor(pattern: string) {
    this.text = new PatternText(pattern)
  }

  whole(flags: Flags): string {
    if (this.text.peek(2) === '(*') refuse('verbs (*...) are not supported')
    this.flags = flags
    const { source } = this.alternatives(1)
    if (!this.text.done) refuse('unmatched )')
    return source
  }

  /** Branches up to the closing parenthesis or the end. Flags set inside hold up to there. */
  private alternatives(level: number): { source: string; branches: readonly Piece[] } {
    if (level > MAX_LEVELS) refuse(`parentheses of more than ${MAX_LEVELS} levels`)
    const outer = this.flags
    const branches = [this.branch(level)]
    while (this.text.eat('|')) branches.push(this.branch(level))
    this.flags = outer
    return { source: branches.map(({ source }) => source).join('|'), branches }
  }

  private branch(level: number): Piece {
    let source = ''
    let min = 0
    let max = 0
    for (;;) {
      this.skipSpace()
      if (this.text.done || this.text.peek() === '|' || this.text.peek() === ')') break
      const groupsBefore = this.jsGroups
      const piece = this.quantified(this.atom(level), groupsBefore)
      source += piece.source
      min += piece.min
      max += piece.max
    }
    return { source, min, max, repeatable: false }
  }

  /** Comments, what the option `x` makes insignificant, and ends of quotations that were not begun. */
  private skipSpace(): void {
    for (;;) {
      if (this.text.match(/\(\?#[^)]*\)/y)) continue
      if (this.text.peek(3) === '(?#') refuse('missing ) after a comment')
      if (this.text.eat('\\E')) continue
      if (this.flags.x && this.text.match(/[\t-\r ]+|#[^\n]*\n?/y)) continue
      return
    }
  }

  private literal(point: number): Piece {
    const set = [[point, point]] as const
    return one(showSet(this.flags.i ? withBothCases(set) : set))
  }

  private atom(level: number): Piece {
    const { text, flags } = this
    if (text.eat('\\Q')) return this.quotation()
    switch (text.peek()) {
      case '(':
        text.at++
        return this.group(level)
      case '[':
        text.at++
        return one(translateClass(text, flags.i))
      case '.':
        text.at++
        return one(flags.s ? '[^]' : '[^\\n]')
      case '^':
        text.at++
        return assertion(flags.m ? `(?:${START}|(?<=\\n)(?!$))` : START)
      case '$':
        text.at++
        return assertion(flags.m ? `(?=\\n|${END})` : BEFORE_LAST_NEWLINE)
      case '\\':
        text.at++
        return this.escape()
      case '*':
      case '+':
      case '?':
        return refuse('quantifier does not follow a repeatable item')
      default:
        if (text.match(/\{\d+(?:,\d*)?\}/y)) return refuse('quantifier does not follow a repeatable item')
        if (AMBIGUOUS_BRACE.test(text.peek(30))) return refuse('braces that only some versions take for a quantifier')
        return this.literal(text.point())
    }
  }

  /** `\Q...\E`: a quantifier behind it holds for its last character. */
  private quotation(): Piece {
    const end = this.text.text.indexOf('\\E', this.text.at)
    const stop = end < 0 ? this.text.text.length : end
    if (stop === this.text.at) {
      this.text.eat('\\E')
      return assertion('')
    }
    const points = [...this.text.text.slice(this.text.at, stop)].map((c) => c.codePointAt(0) as number)
    this.text.at = end < 0 ? stop : stop + 2
    const last = this.quantified(this.literal(points.pop() as number), this.jsGroups)
    return {
      source: points.map((point) => this.literal(point).source).join('') + last.source,
      min: points.length + last.min,
      max: points.length + last.max,
      repeatable: false,
    }
  }

  private escape(): Piece {
    const { text } = this
    if (text.eat('A')) return assertion(START)
    if (text.eat('z')) return assertion(END)
    if (text.eat('Z')) return assertion(BEFORE_LAST_NEWLINE)
    if (text.eat('b')) return assertion('\\b')
    if (text.eat('B')) return assertion('\\B')
    if (text.eat('N')) return text.peek() === '{' ? refuse('\\N{...} is not supported') : one('[^\\n]')
    // Atomic: a carriage return before a line feed is never given up.
    if (text.eat('R')) return { ...one('(?:\\r\\n|(?!\\r\\n)[\\n-\\r\\u{85}\\u{2028}\\u{2029}])'), max: 2 }
    const set = Object.hasOwn(ESCAPE_SETS, text.peek()) ? ESCAPE_SETS[text.peek()] : undefined
    if (set) {
      text.at++
      return one(showSet(set))
    }
    const property = propertyEscape(text, this.flags.i)
    if (property !== undefined) return one(property)
    if (/[1-9gk]/.test(text.peek())) return refuse('back references are not supported')
    const point = pointEscape(text)
    return point === undefined ? refuse(`the escape \\${text.peek()} is not supported`) : this.literal(point)
  }

  private quantified(piece: Piece, groupsBefore: number): Piece {
    this.skipSpace()
    const { text } = this
    const found = text.match(/[*+?]|\{(\d+)(?:(,)(\d*))?\}/y)
    if (!found) return piece
    if (!piece.repeatable) return refuse('a quantifier behind an assertion is not supported')
    const low = found[0] === '*' || found[0] === '?' ? 0 : found[0] === '+' ? 1 : Number(found[1])
    const high =
      found[0] === '?' ? 1 : found[1] === undefined || (found[2] && !found[3]) ? Infinity : Number(found[3] ?? found[1])
    if (low > MAX_REPEATS || (Number.isFinite(high) && high > MAX_REPEATS))
      return refuse('number too big in a quantifier')
    if (low > high) return refuse('numbers out of order in a quantifier')
    const lazy = text.eat('?')
    const possessive = !lazy && text.eat('+')
    if (this.flags.x && /^[\t-\r #]*[+?]/.test(text.peek(20)) && !lazy && !possessive) {
      return refuse('space inside of a quantifier')
    }
    const source = `${piece.source}${found[0]}${lazy ? '?' : ''}`
    return {
      source: possessive ? this.atomic(source, groupsBefore) : source,
      min: piece.min * low,
      max: piece.max === 0 || high === 0 ? 0 : piece.max * high,
      repeatable: false,
    }
  }

  /**
   * A look-ahead is not tried again once it has matched, so that a reference to what it took is atomic. Its group opens
   * before those inside of `source`, which are all that were counted since `groupsBefore`.
   */
  private atomic(source: string, groupsBefore: number): string {
    this.jsGroups++
    this.groups.forEach((group, i) => {
      if (group > groupsBefore) this.groups[i] = group + 1
    })
    const name = `atomic${this.text.at}`
    return `(?:(?=(?<${name}>${source}))\\k<${name}>)`
  }

  private group(level: number): Piece {
    const { text } = this
    if (text.peek() === '*') return refuse('verbs (*...) are not supported')
    if (!text.eat('?')) return this.capture(level)
    if (text.eat(':')) return this.plain(level)
    if (text.eat('=')) return this.look('(?=', level)
    if (text.eat('!')) return this.look('(?!', level)
    if (text.eat('<=')) return this.look('(?<=', level)
    if (text.eat('<!')) return this.look('(?<!', level)
    if (text.eat('>')) return this.atomicGroup(level)
    const name = text.match(/P?<([A-Za-z_]\w{0,31})>|'([A-Za-z_]\w{0,31})'/y)
    if (name) {
      const groupName = (name[1] ?? name[2]) as string
      if (this.names.has(groupName)) return refuse('two groups of one name')
      this.names.add(groupName)
      return this.capture(level)
    }
    return this.inlineFlags(level)
  }

  private close(): void {
    if (!this.text.eat(')')) refuse('missing )')
  }

  private body(level: number): { source: string; min: number; max: number; branches: readonly Piece[] } {
    const { source, branches } = this.alternatives(level + 1)
    this.close()
    const min = Math.min(...branches.map((branch) => branch.min))
    const max = Math.max(...branches.map((branch) => branch.max))
    return { source, min, max, branches }
  }

  private capture(level: number): Piece {
    this.jsGroups++
    this.groups.push(this.jsGroups)
    const { source, min, max } = this.body(level)
    return { source: `(${source})`, min, max, repeatable: true }
  }

  private plain(level: number): Piece {
    const { source, min, max } = this.body(level)
    return { source: `(?:${source})`, min, max, repeatable: true }
  }

  private atomicGroup(level: number): Piece {
    const groupsBefore = this.jsGroups
    const { source, min, max } = this.body(level)
    return { source: this.atomic(source, groupsBefore), min, max, repeatable: true }
  }

  private look(open: string, level: number): Piece {
    const groupsBefore = this.jsGroups
    const { source, branches } = this.body(level)
    if (open.startsWith('(?<')) {
      if (branches.some(({ min, max }) => min !== max)) return refuse('lookbehind assertion is not fixed length')
      if (this.jsGroups !== groupsBefore) return refuse('groups inside of a lookbehind assertion are not supported')
    }
    return assertion(`${open}${source})`)
  }

  /** `(?i)`, `(?i-s:...)`: the flags hold to the end of the enclosing group, or for the group itself. */
  private inlineFlags(level: number): Piece {
    const found = this.text.match(/([imsx]*)(?:-([imsx]*))?([:)])/y)
    if (!found) return refuse(`the group (?${this.text.peek(2)} is not supported`)
    const flags: Record<Flag, boolean> = { ...this.flags }
    for (const flag of found[1] ?? '') flags[flag as Flag] = true
    for (const flag of found[2] ?? '') flags[flag as Flag] = false
    if (found[3] === ')') {
      this.flags = flags
      return assertion('')
    }
    const outer = this.flags
    this.flags = flags
    const piece = this.plain(level)
    this.flags = outer
    return piece
  }
}
