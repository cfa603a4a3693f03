import { YamlFault, type Cursor } from './cursor.ts'

const SHORT: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\u0007'],
  ['b', '\b'],
  ['t', '\t'],
  ['\t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\u001b'],
  [' ', ' '],
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['N', '\u0085'],
  ['_', '\u00a0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
])
const LENGTHS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
])
const LAST_CODE_POINT = 0x10ffff

/** The character of an escape in double quotes; the cursor stands behind the backslash. */
export function readEscape(cursor: Cursor): string {
  const start = cursor.offset - 1
  const letter = cursor.at()
  cursor.offset++
  const short = SHORT.get(letter)
  if (short !== undefined) return short
  const length = LENGTHS.get(letter)
  if (length === undefined) {
    throw new YamlFault(`There is no escape \`\\${letter}\` in a text in double quotes; a backslash is \`\\\\\``, start)
  }
  const digits = cursor.text.slice(cursor.offset, cursor.offset + length)
  const code = /^[0-9a-fA-F]+$/.test(digits) && digits.length === length ? Number.parseInt(digits, 16) : Infinity
  if (code > LAST_CODE_POINT) {
    throw new YamlFault(`The escape \`\\${letter}\` needs the ${length} hexadecimal digits of a character`, start)
  }
  cursor.offset += length
  // Two escapes may be the halves of one character; whether they are is seen when the text is whole.
  return code > 0xffff ? String.fromCodePoint(code) : String.fromCharCode(code)
}
