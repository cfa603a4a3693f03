/** What Python escapes in the `repr` of a string: control and format characters, spaces other than the plain one, what is not assigned. */
const NOT_PRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}]/u

const PLAIN = /^[ !#-&(-[\]-~]*$/

/**
 * A text in quotes as Python's `repr` prints it: single quotes, or double ones where the text holds a single and no double
 * one. Which characters are printable is asked of the Unicode tables of the running Node.js.
 */
export function quotedText(text: string): string {
  if (PLAIN.test(text)) return `'${text}'`
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  let out = quote
  for (const character of text) out += printed(character, quote)
  return out + quote
}

function printed(character: string, quote: string): string {
  if (character === quote || character === '\\') return `\\${character}`
  if (character >= ' ' && character <= '~') return character
  if (character === '\n') return '\\n'
  if (character === '\r') return '\\r'
  if (character === '\t') return '\\t'
  return NOT_PRINTABLE.test(character) ? escapedByCode(character) : character
}

/** `\xe9`, `\u20ac` or `\U0001f600`: the shortest that holds the code point, in lower case. */
function escapedByCode(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16)
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}
