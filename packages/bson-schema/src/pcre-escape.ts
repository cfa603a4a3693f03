import { MAX_CODE_POINT } from './pcre-set.ts'

/** Why a pattern is refused; never leaves the translator. */
export class PcreProblem extends Error {}

export function refuse(message: string): never {
  throw new PcreProblem(message)
}

/** A position in a pattern. */
export class PatternText {
  readonly text: string
  at = 0
  constructor(text: string) {
    this.text = text
  }

  get done(): boolean {
    return this.at >= this.text.length
  }

  peek(length = 1): string {
    return this.text.slice(this.at, this.at + length)
  }

  /** Takes `token` if it comes next. */
  eat(token: string): boolean {
    if (!this.text.startsWith(token, this.at)) return false
    this.at += token.length
    return true
  }

  /** Takes what the sticky expression matches here. */
  match(sticky: RegExp): RegExpExecArray | undefined {
    sticky.lastIndex = this.at
    const found = sticky.exec(this.text)
    if (found === null) return undefined
    this.at += found[0].length
    return found
  }

  /** Takes one code point. */
  point(): number {
    const point = this.text.codePointAt(this.at)
    if (point === undefined) return refuse('the pattern ends too early')
    this.at += point > 0xffff ? 2 : 1
    return point
  }
}

const CONTROLS: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 }

/** A single code point after a backslash; `undefined` when the escape is none of these. */
export function pointEscape(text: PatternText): number | undefined {
  const next = text.peek()
  if (next === '') return refuse('\\ at the end of the pattern')
  const control = CONTROLS[next]
  if (control !== undefined) {
    text.at++
    return control
  }
  const long = text.match(/x\{([\da-fA-F]{1,6})\}/y)
  if (long) return checked(Number.parseInt(long[1] as string, 16))
  if (text.peek(2) === 'x{') return refuse('\\x{} without a code point')
  const short = text.match(/x([\da-fA-F]{0,2})/y)
  if (short) return Number.parseInt(`0${short[1]}`, 16)
  const octal = text.match(/o\{([0-7]{1,7})\}/y) ?? text.match(/(0[0-7]{0,2})/y)
  if (octal) return checked(Number.parseInt(octal[1] as string, 8))
  const key = text.match(/c([\x20-\x7e])/y)
  if (key) return (key[1] as string).toUpperCase().charCodeAt(0) ^ 0x40
  if (/[A-Za-z0-9]/.test(next)) return undefined
  return text.point()
}

const checked = (point: number): number =>
  point > MAX_CODE_POINT || (point >= 0xd800 && point <= 0xdfff) ? refuse('not a code point') : point

/** General categories; `\p{Any}` and scripts differ between versions of the library. `L&` stands for cased letters. */
const CATEGORY = /^(C[cnos]?|L[lmtu&]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?)$/
const CASED = /^L[ltu&]$/

/** `\p{..}` and `\P{..}` after the backslash, as JavaScript writes it. */
export function propertyEscape(text: PatternText, caseless: boolean): string | undefined {
  const found = text.match(/([pP])(?:\{(\^?)([^{}]*)\}|([A-Z]))/y)
  if (!found) return undefined
  const name = found[3] ?? found[4] ?? ''
  if (!CATEGORY.test(name)) return refuse(`the property ${name} is not supported`)
  if (caseless && CASED.test(name)) return refuse(`the property ${name} together with case-insensitivity`)
  const negated = (found[1] === 'P') !== (found[2] === '^')
  return `\\${negated ? 'P' : 'p'}{${name === 'L&' ? 'LC' : name}}`
}
