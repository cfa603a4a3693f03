const BYTE_ORDER_MARK = 0xfeff
const LINE_FEED = 10
const CARRIAGE_RETURN = 13

/** A line and a column, both 1-based; the column counts UTF-16 code units, as editors and language servers do. */
export interface LinePlace {
  readonly line: number
  readonly column: number
}

/**
 * Where the lines of a text begin. A line ends with LF, CRLF or a lone CR, as in YAML 1.2.
 *
 * Built only when somebody asks for a line: a repository without problems never needs one.
 */
export class LineIndex {
  readonly #starts: readonly number[]
  readonly #end: number
  readonly #hasMark: boolean

  constructor(text: string) {
    const starts = [0]
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i)
      if (c === LINE_FEED || (c === CARRIAGE_RETURN && text.charCodeAt(i + 1) !== LINE_FEED)) starts.push(i + 1)
    }
    this.#starts = starts
    this.#end = text.length
    this.#hasMark = text.charCodeAt(0) === BYTE_ORDER_MARK
  }

  /** The place of an offset; offsets outside the text are taken as its nearest end. A byte order mark has no width. */
  place(offset: number): LinePlace {
    const at = Math.max(0, Math.min(offset, this.#end))
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#starts[middle] as number) <= at) low = middle
      else high = middle - 1
    }
    const column = at - (this.#starts[low] as number) + 1
    return { line: low + 1, column: low === 0 && this.#hasMark && column > 1 ? column - 1 : column }
  }
}
