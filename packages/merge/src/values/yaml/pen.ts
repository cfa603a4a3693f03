import type { ScalarStyle } from './scalar-style.ts'

/** A line is broken at the first place behind this column that allows it. */
const WIDTH = 80

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\0', '0'],
  ['\u0007', 'a'],
  ['\b', 'b'],
  ['\t', 't'],
  ['\n', 'n'],
  ['\v', 'v'],
  ['\f', 'f'],
  ['\r', 'r'],
  ['\u001b', 'e'],
  ['"', '"'],
  ['\\', '\\'],
  ['\u0085', 'N'],
  ['\u00a0', '_'],
  ['\u2028', 'L'],
  ['\u2029', 'P'],
])

/** Writes YAML and knows the column; where lines are folded depends on nothing else. */
export class YamlPen {
  #text = ''
  #column = 0
  /** The last thing written is white space, or nothing is written. */
  #afterSpace = true
  /** The line holds nothing but indentation and the marks `-`, `?`, `:`. */
  #onlyMarks = true

  get text(): string {
    return this.#text
  }

  get onlyMarks(): boolean {
    return this.#onlyMarks
  }

  /** `-`, `?` and the `:` behind a `?`: what follows may stand on the same line. */
  mark(sign: string): void {
    this.#write(this.#afterSpace ? sign : ` ${sign}`)
    this.#afterSpace = false
  }

  /** An anchor, an alias, an empty collection; apart from what is before. */
  word(text: string): void {
    this.mark(text)
    this.#onlyMarks = false
  }

  /** The `:` of a key on the same line. */
  colon(): void {
    this.#write(':')
    this.#afterSpace = false
    this.#onlyMarks = false
  }

  /** Goes to the column `indent`, on a new line unless this one holds nothing behind it. */
  toIndent(indent: number): void {
    if (!this.#onlyMarks || this.#column > indent || (this.#column === indent && !this.#afterSpace)) this.#break()
    if (this.#column >= indent) return
    this.#write(' '.repeat(indent - this.#column))
    this.#afterSpace = true
  }

  /** `indent` is where folded lines go on; a key is never folded. */
  scalar(text: string, style: ScalarStyle, indent: number, isKey: boolean): void {
    if (style === 'plain') this.#plain(text, indent, isKey)
    else if (style === 'single') this.#single(text, indent, isKey)
    else this.#double([...text], indent, isKey)
  }

  #plain(text: string, indent: number, isKey: boolean): void {
    if (!this.#afterSpace) this.#write(' ')
    this.#folded(text, indent, isKey)
    this.#inText()
  }

  #single(text: string, indent: number, isKey: boolean): void {
    this.word("'")
    for (const run of text.match(/\n+|[^\n]+/g) ?? []) {
      if (run.startsWith('\n')) {
        for (let count = 0; count <= run.length; count++) this.#break()
        this.toIndent(indent)
      } else this.#folded(run.replaceAll("'", "''"), indent, isKey)
    }
    this.#write("'")
    this.#inText()
  }

  /** Words; a lone space behind the width, neither the first nor the last of the run, becomes the end of a line. */
  #folded(line: string, indent: number, isKey: boolean): void {
    const runs = line.match(/ +|[^ ]+/g) ?? []
    for (const [at, run] of runs.entries()) {
      if (run === ' ' && this.#column > WIDTH && !isKey && at > 0 && at < runs.length - 1) {
        this.#inText()
        this.toIndent(indent)
      } else this.#write(run)
    }
  }

  /**
   * The line is broken, with `\` at its end, before a space and behind an escape; a space that begins a line is kept by a `\` of
   * its own. `run` is what stands ready to be written since the last of these places.
   */
  #double(characters: readonly string[], indent: number, isKey: boolean): void {
    this.word('"')
    let run = ''
    for (const [at, character] of characters.entries()) {
      const isEscaped = character < ' ' || character > '~' || character === '"' || character === '\\'
      let pending = run.length
      if (isEscaped) {
        this.#write(run + escaped(character))
        run = ''
        pending = -1
      }
      const mayBreak = at > 0 && at < characters.length - 1 && (character === ' ' || pending <= 0) && !isKey
      if (mayBreak && this.#column + pending > WIDTH) {
        this.#write(`${run}\\`)
        run = ''
        this.#inText()
        this.toIndent(indent)
        if (characters[isEscaped ? at + 1 : at] === ' ') this.#write('\\')
      }
      if (!isEscaped) run += character
    }
    this.#write(`${run}"`)
    this.#inText()
  }

  #inText(): void {
    this.#afterSpace = false
    this.#onlyMarks = false
  }

  #write(text: string): void {
    this.#text += text
    this.#column += text.length
  }

  #break(): void {
    this.#text += '\n'
    this.#column = 0
    this.#afterSpace = true
    this.#onlyMarks = true
  }
}

function escaped(character: string): string {
  const short = ESCAPES.get(character)
  if (short !== undefined) return `\\${short}`
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase()
  if (hex.length <= 2) return `\\x${hex.padStart(2, '0')}`
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}
