import { BLANK, YamlFault, type Cursor } from './cursor.ts'
import { readEscape } from './escapes.ts'
import type { Token } from './tokens.ts'

const SPACES = / */y
const WHITE = /[ \t]*/y
const LINE = /[^\r\n\u0085\u2028\u2029]*/y
const BLOCK_RUN = new RegExp(`[^:${BLANK}]*`, 'y')
const FLOW_RUN = new RegExp(`[^:,?\\[\\]{}${BLANK}]*`, 'y')
const QUOTED_RUN = new RegExp(`[^'"\\\\${BLANK}]*`, 'y')
/** A lone surrogate; only escapes can bring one in. */
const HALF = /[\ud800-\udfff]/u
const FLOW_SIGNS = ',[]{}'

/** A scalar without quotes. `keyMayFollow`: it ended with a line, so that a key may begin behind it. */
export function scanPlain(
  cursor: Cursor,
  indent: number,
  isFlow: boolean,
): { readonly token: Token; readonly keyMayFollow: boolean } {
  const start = cursor.offset
  let [text, gap, end] = ['', '', start]
  let keyMayFollow = false
  for (;;) {
    const run = cursor.at() === '#' ? '' : plainRun(cursor, isFlow)
    if (run === '') break
    keyMayFollow = false
    text += gap + run
    end = cursor.offset
    const folded = plainGap(cursor)
    keyMayFollow = folded.hasBreak
    gap = folded.text
    if (gap === '' || cursor.at() === '#' || (!isFlow && cursor.column < indent + 1)) break
  }
  return { token: { kind: 'scalar', start, end, text, isPlain: true }, keyMayFollow }
}

function plainRun(cursor: Cursor, isFlow: boolean): string {
  let run = ''
  for (;;) {
    run += cursor.take(isFlow ? FLOW_RUN : BLOCK_RUN)
    if (cursor.at() !== ':' || cursor.isBlank(1) || (isFlow && FLOW_SIGNS.includes(cursor.at(1)))) return run
    run += ':'
    cursor.offset++
  }
}

/** White space inside of a plain scalar; empty where the scalar must end. A tab is not taken, so it ends the scalar. */
function plainGap(cursor: Cursor): { readonly text: string; readonly hasBreak: boolean } {
  const spaces = cursor.take(SPACES)
  const first = cursor.takeBreak()
  if (first === '') return { text: spaces, hasBreak: false }
  let breaks = ''
  while (cursor.documentMark() === undefined) {
    cursor.take(SPACES)
    const next = cursor.takeBreak()
    if (next === '') return { text: foldedBreaks(first, breaks), hasBreak: true }
    breaks += next
  }
  return { text: '', hasBreak: true }
}

/** One break is a space; of more than one the first is dropped. */
function foldedBreaks(first: string, more: string): string {
  if (first !== '\n') return first + more
  return more === '' ? ' ' : more
}

export function scanQuoted(cursor: Cursor): Token {
  const start = cursor.offset
  const quote = cursor.at()
  cursor.offset++
  let text = ''
  for (;;) {
    text += quotedWord(cursor, quote)
    if (cursor.at() === quote) break
    const white = cursor.take(WHITE)
    if (cursor.isEnd()) throw new YamlFault(`The text in ${quote} is not closed`, start)
    const first = cursor.takeBreak()
    text += first === '' ? white : foldedBreaks(first, quotedBreaks(cursor, start))
  }
  cursor.offset++
  if (HALF.test(text)) throw new YamlFault('The text has an escape that is half of a character', start)
  return { kind: 'scalar', start, end: cursor.offset, text, isPlain: false }
}

/** Up to white space or the quote that closes. */
function quotedWord(cursor: Cursor, quote: string): string {
  let word = ''
  for (;;) {
    word += cursor.take(QUOTED_RUN)
    const sign = cursor.at()
    if (quote === "'" && sign === "'" && cursor.at(1) === "'") {
      word += "'"
      cursor.offset += 2
    } else if (quote === '"' && sign === '\\') word += escape(cursor)
    else if (sign !== quote && (sign === '"' || sign === "'" || sign === '\\')) {
      word += sign
      cursor.offset++
    } else return word
  }
}

function escape(cursor: Cursor): string {
  const start = cursor.offset
  cursor.offset++
  if (cursor.takeBreak() !== '') return quotedBreaks(cursor, start)
  return readEscape(cursor)
}

/** Empty lines; indentation does not matter inside of quotes, only the marks of documents do. */
function quotedBreaks(cursor: Cursor, start: number): string {
  let breaks = ''
  for (;;) {
    const mark = cursor.documentMark()
    if (mark !== undefined) throw new YamlFault(`The text in quotes is not closed before \`${mark}\``, start)
    cursor.take(WHITE)
    const next = cursor.takeBreak()
    if (next === '') return breaks
    breaks += next
  }
}

const HEADER = /[|>](?:([+-])([0-9])?|([0-9])([+-])?)?/y

/** The text behind `|` or `>`; `indent` is that of the block that it stands in. */
export function scanBlockScalar(cursor: Cursor, indent: number): Token {
  const start = cursor.offset
  const isFolded = cursor.at() === '>'
  const header = cursor.take(HEADER)
  const depth = /[0-9]/.exec(header)?.[0]
  if (depth === '0') throw new YamlFault('The indentation behind `|` or `>` is from 1 to 9', start)
  if (cursor.at() === '#') throw new YamlFault('A comment behind `|` or `>` needs a space before it', cursor.offset)
  endOfLine(cursor, 'behind `|` or `>`')
  const least = Math.max(indent + 1, 1)
  const block = depth === undefined ? measured(cursor, least) : indented(cursor, least + Number(depth) - 1)
  const { text, lastBreak, breaks, end } = blockLines(cursor, block, isFolded)
  const tail = header.includes('-') ? '' : lastBreak + (header.includes('+') ? breaks : '')
  return { kind: 'scalar', start, end, text: text + tail, isPlain: false }
}

interface BlockStart {
  readonly width: number
  readonly breaks: string
  readonly end: number
}

function blockLines(
  cursor: Cursor,
  { width, ...first }: BlockStart,
  isFolded: boolean,
): { readonly text: string; readonly lastBreak: string; readonly breaks: string; readonly end: number } {
  let { breaks, end } = first
  let [text, lastBreak, wasWord] = ['', '', false]
  while (cursor.column === width && !cursor.isEnd()) {
    const isWord = cursor.at() !== ' ' && cursor.at() !== '\t'
    const isJoined = isFolded && lastBreak === '\n' && wasWord && isWord
    text += isJoined ? (breaks === '' ? ' ' : '') : lastBreak
    text += breaks + cursor.take(LINE)
    lastBreak = cursor.takeBreak()
    wasWord = isWord
    ;({ breaks, end } = indented(cursor, width))
  }
  return { text, lastBreak, breaks, end }
}

/** Empty lines before a line of the block, up to its indentation. */
function indented(cursor: Cursor, width: number): BlockStart {
  let [breaks, end] = ['', cursor.offset]
  for (;;) {
    while (cursor.column < width && cursor.at() === ' ') cursor.offset++
    const next = cursor.takeBreak()
    if (next === '') return { width, breaks, end }
    breaks += next
    end = cursor.offset
  }
}

/** The indentation is that of the first line with text, or of a longer line of spaces before it. */
function measured(cursor: Cursor, least: number): BlockStart {
  let [breaks, end, width] = ['', cursor.offset, least]
  for (;;) {
    cursor.take(SPACES)
    width = Math.max(width, cursor.column)
    const next = cursor.takeBreak()
    if (next === '') return { width, breaks, end }
    breaks += next
    end = cursor.offset
  }
}

const COMMENT = /#[^\r\n\u0085\u2028\u2029]*/y

/** Spaces, a comment, and the break. */
export function endOfLine(cursor: Cursor, where: string): void {
  cursor.take(SPACES)
  cursor.take(COMMENT)
  if (!cursor.isLineEnd()) throw new YamlFault(`Nothing but a comment may stand ${where}`, cursor.offset)
  cursor.takeBreak()
}
