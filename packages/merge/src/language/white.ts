/**
 * White space as the language has it: that of Unicode with four separators of ASCII and without U+FEFF, so neither `\s` nor
 * `trim` of JavaScript.
 */
const WHITE = new Set([
  ...[
    0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f,
    0x3000,
  ],
  ...Array.from({ length: 11 }, (_, at) => 0x2000 + at),
])

export const isWhite = (unit: number): boolean => WHITE.has(unit)

/** The first offset from `at` on that is not white. */
export function skipWhite(text: string, at: number): number {
  let end = at
  while (end < text.length && isWhite(text.charCodeAt(end))) end++
  return end
}

/** The text without the white space at its end. */
export function trimEnd(text: string): string {
  let end = text.length
  while (end > 0 && isWhite(text.charCodeAt(end - 1))) end--
  return text.slice(0, end)
}

/** The text without the white space at both ends. */
export function trim(text: string): string {
  const shorter = trimEnd(text)
  return shorter.slice(skipWhite(shorter, 0))
}
