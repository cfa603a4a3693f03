import type { Place } from '../problem.ts'

/** The text of one template as it is read: all line ends are `\n`, and one at the end of the text is dropped. */
export class Source {
  readonly text: string
  readonly #file: string

  constructor(text: string, file: string) {
    const lines = text.replace(/\r\n?/g, '\n')
    this.text = lines.endsWith('\n') ? lines.slice(0, -1) : lines
    this.#file = file
  }

  /** The line of an offset, from 1. */
  lineOf(at: number): number {
    let line = 1
    for (let end = this.text.indexOf('\n'); end !== -1 && end < at; end = this.text.indexOf('\n', end + 1)) line++
    return line
  }

  placeOf(at: number): Place {
    const start = at === 0 ? 0 : this.text.lastIndexOf('\n', at - 1) + 1
    return { file: this.#file, line: this.lineOf(at), column: at - start + 1 }
  }
}
