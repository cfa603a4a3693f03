/** Where a value of a JSON text is: 1-based lines, both included. A member's range begins with its key. */
export interface LineRange {
  readonly from: number
  readonly to: number
}

/** Lines by JSON pointer; "" is the whole value. */
export type JsonRanges = ReadonlyMap<string, LineRange>

const pointerStep = (step: string | number): string => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`

/** A JSON pointer of field names and array indexes. */
export const jsonPointer = (path: readonly (string | number)[]): string => path.map(pointerStep).join('')

/** What numbers, `true`, `false` and `null` consist of. */
const SCALAR = /[-+.0-9A-Za-z]/

/**
 * The lines of every value of a JSON text, found in one pass without recursion. The text should be valid JSON: from the
 * first thing that is not, nothing more is found. Of equal keys the last counts, as in reading.
 *
 * @param wanted Only these pointers are kept: a large text has far more values than anybody asks about.
 */
export function jsonRanges(text: string, wanted?: ReadonlySet<string>): JsonRanges {
  return new RangeScanner(text, wanted).scan()
}

interface Frame {
  readonly pointer: string
  readonly from: number
  readonly isArray: boolean
  /** Elements seen, in an array. */
  count: number
}

class RangeScanner {
  private readonly text: string
  private readonly wanted: ReadonlySet<string> | undefined
  private readonly ranges = new Map<string, LineRange>()
  private readonly frames: Frame[] = []
  private at = 0
  private line = 1

  constructor(text: string, wanted: ReadonlySet<string> | undefined) {
    this.text = text
    this.wanted = wanted
  }

  scan(): JsonRanges {
    if (this.text.startsWith('\ufeff')) this.at = 1
    this.skipSpace()
    if (this.value('', this.line)) while (this.frames.length > 0 && this.member());
    return this.ranges
  }

  /** One member or the end of the innermost object or array; false when the text cannot be followed. */
  private member(): boolean {
    const frame = this.frames.at(-1) as Frame
    this.skipSpace()
    if (this.text[this.at] === ',') {
      this.at++
      this.skipSpace()
    }
    const end = frame.isArray ? ']' : '}'
    if (this.text[this.at] === end) {
      this.at++
      this.frames.pop()
      this.keep(frame.pointer, frame.from)
      return true
    }
    const from = this.line
    if (frame.isArray) return this.value(frame.pointer + pointerStep(frame.count++), from)
    const key = this.string()
    if (key === undefined) return false
    this.skipSpace()
    if (this.text[this.at] !== ':') return false
    this.at++
    this.skipSpace()
    return this.value(frame.pointer + pointerStep(key), from)
  }

  /** A scalar, or the beginning of an object or array, whose members come next. */
  private value(pointer: string, from: number): boolean {
    const first = this.text[this.at]
    if (first === '{' || first === '[') {
      this.at++
      this.frames.push({ pointer, from, isArray: first === '[', count: 0 })
      return true
    }
    const start = this.at
    if (first === '"') {
      if (this.string() === undefined) return false
    } else while (SCALAR.test(this.text[this.at] ?? '')) this.at++
    if (this.at === start) return false
    this.keep(pointer, from)
    return true
  }

  private keep(pointer: string, from: number): void {
    if (this.wanted === undefined || this.wanted.has(pointer)) this.ranges.set(pointer, { from, to: this.line })
  }

  private string(): string | undefined {
    if (this.text[this.at] !== '"') return undefined
    const start = this.at++
    for (; this.at < this.text.length; this.at++) {
      const char = this.text[this.at]
      if (char === '\\') this.at++
      else if (char === '"') return unquoted(this.text.slice(start, ++this.at))
    }
    return undefined
  }

  private skipSpace(): void {
    for (; this.at < this.text.length; this.at++) {
      const code = this.text.charCodeAt(this.at)
      if (code === 10) this.line++
      else if (code !== 32 && code !== 9 && code !== 13) return
    }
  }
}

/** The text of a string literal; as it is written where it is no valid JSON. */
function unquoted(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1)
  try {
    return String(JSON.parse(literal))
  } catch {
    // An unknown escape: the literal still names the member, if not in its final form.
    return literal.slice(1, -1)
  }
}
