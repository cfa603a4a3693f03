/** The parts that a text is cut into; the names of the blocks and keys are read off the indentation. */
export type TokenKind =
  | 'directive'
  | '---'
  | '...'
  | 'end'
  | 'block sequence'
  | 'block mapping'
  | 'block end'
  | '['
  | ']'
  | '{'
  | '}'
  | ','
  | '-'
  | '?'
  | ':'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar'

export interface Token {
  readonly kind: TokenKind
  readonly start: number
  readonly end: number
  /** The text of a scalar, the name of an anchor or alias, the words of a directive, the suffix of a tag. */
  readonly text: string
  /** Of a tag: `!`, `!!`, `!name!`; absent where the suffix is all of it. */
  readonly handle?: string
  /** Of a scalar: without quotes and without `|` and `>`. */
  readonly isPlain?: boolean
}
