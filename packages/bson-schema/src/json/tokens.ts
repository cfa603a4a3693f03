/**
 * Kinds and problems of the tokens of jsonc-parser's scanner. Its own names are ambient const enums, which cannot be
 * used where each file is compiled by itself.
 */
export const TOKEN = {
  openBrace: 1,
  closeBrace: 2,
  openBracket: 3,
  closeBracket: 4,
  comma: 5,
  colon: 6,
  null: 7,
  true: 8,
  false: 9,
  string: 10,
  number: 11,
  lineComment: 12,
  blockComment: 13,
  lineBreak: 14,
  trivia: 15,
  end: 17,
} as const

export const SCAN_PROBLEMS: Readonly<Record<number, string>> = {
  1: 'comments are not allowed in JSON',
  2: 'the text in quotes does not end',
  3: 'the number is incomplete',
  4: 'invalid \\u escape',
  5: 'invalid escape',
  6: 'control characters must be written as escapes',
}
