import { notParsable } from '../refused.ts'

const SIMPLE: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}
const CODE_LENGTH: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

/**
 * What a text in quotes means: `\n`, `\t`, `\x41`, `\u00e9`, `\101` and the like are characters, a backslash before a line end
 * joins the lines, and one before anything else stands for itself.
 *
 * @param body Between the quotes.
 * @param at Offset of the body in the source.
 */
export function readTextLiteral(body: string, at: number): string {
  if (!body.includes('\\')) return body
  let text = ''
  let from = 0
  for (let slash = body.indexOf('\\'); slash !== -1; slash = body.indexOf('\\', from)) {
    text += body.slice(from, slash)
    const [meaning, length] = readEscape(body, slash, at + slash)
    text += meaning
    from = slash + length
  }
  return text + body.slice(from)
}

function readEscape(body: string, slash: number, at: number): readonly [meaning: string, length: number] {
  const letter = body[slash + 1] ?? ''
  const simple = Object.hasOwn(SIMPLE, letter) ? SIMPLE[letter] : undefined
  if (simple !== undefined) return [simple, 2]
  const octal = /^[0-7]{1,3}/.exec(body.slice(slash + 1, slash + 4))?.[0]
  if (octal !== undefined) return [String.fromCharCode(Number.parseInt(octal, 8)), 1 + octal.length]
  if (letter === 'N')
    throw notParsable(at, 'Characters are not written by their names here', 'Write `\\u` and four digits.')
  const length = Object.hasOwn(CODE_LENGTH, letter) ? CODE_LENGTH[letter] : undefined
  if (length === undefined) return ['\\', 1]
  return [readCode(body.slice(slash + 2, slash + 2 + length), length, at), 2 + length]
}

function readCode(digits: string, length: number, at: number): string {
  const code = /^[0-9a-f]+$/i.test(digits) && digits.length === length ? Number.parseInt(digits, 16) : Number.NaN
  if (Number.isNaN(code) || code > 0x10ffff)
    throw notParsable(at, 'An escape in this text is not complete or no character')
  if (code >= 0xd800 && code <= 0xdfff) {
    throw notParsable(at, 'Half of a character in this text', 'Write the whole character, or `\\U` and eight digits.')
  }
  return String.fromCodePoint(code)
}
