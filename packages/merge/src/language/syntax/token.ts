/** A part of a template. `data` is text between the tags; all others are parts of tags. */
export interface Token {
  readonly kind:
    'data' | 'output' | 'output-end' | 'block' | 'block-end' | 'name' | 'text' | 'whole' | 'float' | 'operator' | 'end'
  /** The text itself, the name, the operator; of a text literal what it means; of a number its digits. */
  readonly text: string
  /** Offset in the source. */
  readonly at: number
}

/** How a token is called in a message. */
export function nameOfToken(token: Token): string {
  switch (token.kind) {
    case 'end':
      return 'the end of the template'
    case 'output-end':
      return 'the end of the tag, `}}`'
    case 'block-end':
      return 'the end of the tag, `%}`'
    case 'data':
    case 'output':
    case 'block':
      return 'a tag'
    case 'text':
      return 'a text in quotes'
    default:
      return `\`${token.text}\``
  }
}
