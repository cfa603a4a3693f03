import { LIMITS } from '../limits.ts'
import { notParsable } from '../refused.ts'
import { skipWhite } from '../white.ts'
import { readTextLiteral } from './text-literal.ts'
import type { Token } from './token.ts'

const NAME = /[\p{XIDS}_]\p{XIDC}*/uy
const FLOAT = /\d+(?:_\d+)*(?:(?:\.\d+(?:_\d+)*)?e[+-]?\d+(?:_\d+)*|\.\d+(?:_\d+)*)/iy
const WHOLE = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy
const OPERATOR = /\/\/|\*\*|[=!<>]=|[-+*/%~()[\]{}<>=.:|,;]/y
const OPENING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }
const CLOSING = new Set(Object.values(OPENING))

/** What may end a tag: `-` before the end takes the white space behind it away, `+` says that it stays as it is. */
const ENDS = {
  output: { kind: 'output-end', spellings: ['-}}', '}}'] },
  block: { kind: 'block-end', spellings: ['+%}', '-%}', '%}'] },
} as const

/**
 * Reads the inside of one tag up to and with its end, and puts what it finds behind `tokens`. A bracket that is open hides the
 * end of a tag, as does a text in quotes.
 *
 * @param opened Offset of the tag.
 * @returns The offset behind the tag.
 */
export function lexTag(source: string, opened: number, from: number, tag: keyof typeof ENDS, tokens: Token[]): number {
  const { kind, spellings } = ENDS[tag]
  const brackets: Token[] = []
  let at = skipWhite(source, from)
  while (at < source.length) {
    const end = brackets.length === 0 ? spellings.find((spelling) => source.startsWith(spelling, at)) : undefined
    if (end !== undefined) {
      tokens.push({ kind, text: end, at })
      return end.startsWith('-') ? skipWhite(source, at + end.length) : at + end.length
    }
    const [token, next] = readToken(source, at)
    if (token.kind === 'operator') balance(brackets, token)
    tokens.push(token)
    at = skipWhite(source, next)
  }
  const open = brackets.at(-1)
  if (open !== undefined) throw notParsable(open.at, `This \`${open.text}\` is not closed`)
  throw notParsable(opened, 'This tag is not closed', `It ends with \`${tag === 'output' ? '}}' : '%}'}\`.`)
}

function balance(brackets: Token[], { text, at }: Token): void {
  if (Object.hasOwn(OPENING, text)) brackets.push({ kind: 'operator', text, at })
  else if (CLOSING.has(text)) {
    const open = brackets.pop()
    if (open === undefined) throw notParsable(at, `This \`${text}\` closes nothing`)
    const expected = OPENING[open.text] ?? ''
    if (expected !== text)
      throw notParsable(at, `\`${text}\` where the \`${open.text}\` before it asks for \`${expected}\``)
  }
}

function readToken(source: string, at: number): readonly [token: Token, next: number] {
  const text = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    return pattern.exec(source)?.[0]
  }
  const float = source[at - 1] === '.' ? undefined : text(FLOAT)
  if (float !== undefined) return [{ kind: 'float', text: float, at }, at + float.length]
  const whole = text(WHOLE)
  if (whole !== undefined) {
    if (whole.length > LIMITS.digits) throw notParsable(at, `A number of more than ${LIMITS.digits} digits`)
    return [{ kind: 'whole', text: whole, at }, at + whole.length]
  }
  const name = text(NAME)
  if (name !== undefined) return [{ kind: 'name', text: name, at }, at + name.length]
  const quote = source[at]
  if (quote === "'" || quote === '"') return readQuoted(source, at, quote)
  const operator = text(OPERATOR)
  if (operator !== undefined) return [{ kind: 'operator', text: operator, at }, at + operator.length]
  const character = String.fromCodePoint(source.codePointAt(at) ?? 0)
  throw notParsable(at, `\`${character}\` has no meaning inside of a tag`)
}

function readQuoted(source: string, at: number, quote: string): readonly [token: Token, next: number] {
  let end = at + 1
  while (end < source.length && source[end] !== quote) end += source[end] === '\\' ? 2 : 1
  if (end >= source.length) throw notParsable(at, `This text is not closed: the second \`${quote}\` is missing`)
  return [{ kind: 'text', text: readTextLiteral(source.slice(at + 1, end), at + 1), at }, end + 1]
}
