import { notParsable } from '../refused.ts'
import { skipWhite, trimEnd } from '../white.ts'
import { lexTag } from './lex-expression.ts'
import type { Token } from './token.ts'

const OPENING = /\{[{%#]/g
const END_OF_COMMENT = /[-+]?#\}/g

/** Cuts the text of a template into text and the parts of its tags. Comments are gone, raw parts are text. */
export function lex(source: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < source.length) {
    const opened = find(OPENING, source, at)
    if (opened === undefined) break
    const sign = source[opened.index + 2] ?? ''
    const isSigned = sign === '-' || sign === '+'
    addData(tokens, source.slice(at, opened.index), at, sign === '-')
    at = lexOpened(source, opened.index, opened.index + (isSigned ? 3 : 2), tokens)
  }
  addData(tokens, source.slice(at), at, false)
  tokens.push({ kind: 'end', text: '', at: source.length })
  return tokens
}

function addData(tokens: Token[], text: string, at: number, isTrimmed: boolean): void {
  const kept = isTrimmed ? trimEnd(text) : text
  if (kept !== '') tokens.push({ kind: 'data', text: kept, at })
}

function lexOpened(source: string, opened: number, inside: number, tokens: Token[]): number {
  const mark = source[opened + 1]
  if (mark === '#') return lexComment(source, opened, inside)
  if (mark === '{') {
    tokens.push({ kind: 'output', text: '{{', at: opened })
    return lexTag(source, opened, inside, 'output', tokens)
  }
  const raw = endOfWord(source, inside, 'raw')
  if (raw !== undefined && raw.sign !== '+') return lexRaw(source, opened, raw.end, tokens)
  tokens.push({ kind: 'block', text: '{%', at: opened })
  return lexTag(source, opened, inside, 'block', tokens)
}

/** Comments do not nest: the first end ends it. */
function lexComment(source: string, opened: number, inside: number): number {
  const end = find(END_OF_COMMENT, source, inside)
  if (end === undefined) throw notParsable(opened, 'This comment is not closed', 'It ends with `#}`.')
  return behind(source, end.index + end.text.length, end.text)
}

function lexRaw(source: string, opened: number, from: number, tokens: Token[]): number {
  for (let tag = source.indexOf('{%', from); tag !== -1; tag = source.indexOf('{%', tag + 2)) {
    const sign = source[tag + 2] ?? ''
    const end = endOfWord(source, sign === '-' || sign === '+' ? tag + 3 : tag + 2, 'endraw')
    if (end === undefined) continue
    addData(tokens, source.slice(from, tag), from, sign === '-')
    return end.end
  }
  throw notParsable(opened, 'This `raw` is not closed', 'It ends with `{% endraw %}`.')
}

/** Where a tag that is nothing but one word ends; `undefined` where it is something else. */
function endOfWord(
  source: string,
  from: number,
  word: string,
): { readonly end: number; readonly sign: string } | undefined {
  const start = skipWhite(source, from)
  if (!source.startsWith(word, start)) return undefined
  const close = skipWhite(source, start + word.length)
  const sign = source[close] === '-' || source[close] === '+' ? (source[close] ?? '') : ''
  const end = close + sign.length
  return source.startsWith('%}', end) ? { end: behind(source, end + 2, sign), sign } : undefined
}

/** Behind a tag: a `-` at its end takes the white space away that follows. */
const behind = (source: string, end: number, closing: string): number =>
  closing.startsWith('-') ? skipWhite(source, end) : end

function find(
  pattern: RegExp,
  source: string,
  from: number,
): { readonly index: number; readonly text: string } | undefined {
  pattern.lastIndex = from
  const match = pattern.exec(source)
  return match === null ? undefined : { index: match.index, text: match[0] }
}
