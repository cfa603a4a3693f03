/** Blanks and breaks of lines. YAML 1.1 also breaks lines at U+0085, U+2028 and U+2029. */
export const BLANK = ' \\t\\r\\n\\u0085\\u2028\\u2029'
const BREAKS = '\r\n\u0085\u2028\u2029'
const DOCUMENT_MARK = new RegExp(`(?:---|\\.\\.\\.)(?=[${BLANK}]|$)`, 'y')

/** What makes a text unreadable; caught where a document is read. */
export class YamlFault extends Error {
  readonly offset: number
  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

/** A place in a text that moves on. */
export class Cursor {
  readonly text: string
  offset: number
  /** Where the line of `offset` begins. */
  lineStart: number

  constructor(text: string, offset: number) {
    this.text = text
    this.offset = offset
    this.lineStart = offset
  }

  get column(): number {
    return this.offset - this.lineStart
  }

  /** One character, empty behind the end. */
  at(distance = 0): string {
    return this.text.charAt(this.offset + distance)
  }

  isEnd(): boolean {
    return this.offset >= this.text.length
  }

  /** Also true at the end of the text. */
  isBlank(distance = 0): boolean {
    return this.at(distance) === ' ' || this.at(distance) === '\t' || this.isLineEnd(distance)
  }

  /** Also true at the end of the text. */
  isLineEnd(distance = 0): boolean {
    return BREAKS.includes(this.at(distance))
  }

  /** Moves over what a sticky pattern finds here and gives it; the pattern finds no breaks. */
  take(pattern: RegExp): string {
    pattern.lastIndex = this.offset
    const found = pattern.exec(this.text)?.[0] ?? ''
    this.offset += found.length
    return found
  }

  /** Moves over one break and gives what it stands for in a text; empty where there is none. */
  takeBreak(): string {
    const character = this.at()
    if (character === '' || !BREAKS.includes(character)) return ''
    this.offset += character === '\r' && this.at(1) === '\n' ? 2 : 1
    this.lineStart = this.offset
    return character === '\u2028' || character === '\u2029' ? character : '\n'
  }

  /** `---` or `...` alone at the beginning of a line. */
  documentMark(): '---' | '...' | undefined {
    if (this.column !== 0) return undefined
    DOCUMENT_MARK.lastIndex = this.offset
    const found = DOCUMENT_MARK.exec(this.text)?.[0]
    return found === '---' || found === '...' ? found : undefined
  }
}
