const AS_IT_IS = /^[\p{Lt}\u10d0-\u10ff]$/u
/** Two letters in one character: in capitals, with one capital, in small letters. */
const DIGRAPHS = ['Ǆǅǆ', 'Ǉǈǉ', 'Ǌǋǌ', 'Ǳǲǳ']
/** Greek letters with a small iota below, whose form with a capital is a character of its own, so many code points further. */
const WITH_IOTA: readonly (readonly [pattern: RegExp, distance: number])[] = [
  [/^[\u1f80-\u1f87\u1f90-\u1f97\u1fa0-\u1fa7]$/, 8],
  [/^[\u1fb3\u1fc3\u1ff3]$/, 9],
]

/** The form of a character at the beginning of a capitalized text: Unicode's title case, which JavaScript does not have. */
export function titleCase(character: string): string {
  if (AS_IT_IS.test(character)) return character
  for (const [pattern, distance] of WITH_IOTA) {
    if (pattern.test(character)) return String.fromCharCode(character.charCodeAt(0) + distance)
  }
  const digraph = character === '' ? undefined : DIGRAPHS.find((forms) => forms.includes(character))
  if (digraph !== undefined) return digraph.charAt(1)
  const [first = '', ...rest] = character.toUpperCase()
  // In `ŉ` the second character is the letter.
  if (character === 'ŉ') return first + rest.join('')
  return first + rest.join('').replaceAll('Ι', '\u0345').toLowerCase()
}
