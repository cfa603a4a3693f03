import { BLANK, YamlFault, type Cursor } from './cursor.ts'
import { endOfLine } from './scan-scalar.ts'
import type { Token } from './tokens.ts'

const NAME = /[0-9A-Za-z_-]*/y
const NAME_END = '?:,]}%@`'
const HANDLE = /!(?:[0-9A-Za-z_-]*!)?/y
const URI = /[0-9A-Za-z\-;/?:@&=+$,_.!~*'()[\]%]*/y
const VERBATIM = /!<[0-9A-Za-z\-;/?:@&=+$,_.!~*'()[\]%]+>/y
const DIRECTIVE = new RegExp(`%[0-9A-Za-z_-]+(?=[${BLANK}]|$)`, 'y')
const WORDS = /[^\r\n\u0085\u2028\u2029#]*/y

/** `&name` or `*name`. */
export function scanAnchor(cursor: Cursor): Token {
  const start = cursor.offset
  const sign = cursor.at()
  cursor.offset++
  const text = cursor.take(NAME)
  if (text === '' || !(cursor.isBlank() || NAME_END.includes(cursor.at()))) {
    throw new YamlFault(`The name behind \`${sign}\` is of letters, digits, \`-\` and \`_\``, start)
  }
  return { kind: sign === '*' ? 'alias' : 'anchor', start, end: cursor.offset, text }
}

/** `!!int`, `!name`, `!handle!name`, `!<uri>` or `!` alone. */
export function scanTag(cursor: Cursor): Token {
  const start = cursor.offset
  const verbatim = cursor.take(VERBATIM)
  const handle = verbatim === '' ? cursor.take(HANDLE) : undefined
  const uri = handle === undefined ? verbatim.slice(2, -1) : cursor.take(URI)
  const isAlone = handle === '!' && uri === '' && cursor.isBlank()
  if ((uri === '' && !isAlone) || (cursor.at() !== ' ' && !cursor.isLineEnd() && !isAlone)) {
    throw new YamlFault('The tag is not complete, or no space follows it', start)
  }
  const token = { kind: 'tag', start, end: cursor.offset, text: isAlone ? '!' : decoded(uri, start) } as const
  return handle === undefined || isAlone ? token : { ...token, handle }
}

function decoded(uri: string, start: number): string {
  try {
    return decodeURIComponent(uri)
  } catch {
    throw new YamlFault('The tag has a `%` that is not an escape', start)
  }
}

/** `%YAML 1.1`, `%TAG ! tag:example.org,2000:`; others are read over. */
export function scanDirective(cursor: Cursor): Token {
  const start = cursor.offset
  const name = cursor.take(DIRECTIVE)
  if (name === '') throw new YamlFault('A line that begins with `%` is a directive, and this one has no name', start)
  const text = `${name}${cursor.take(WORDS)}`.trim()
  const end = cursor.offset
  endOfLine(cursor, 'behind a directive')
  return { kind: 'directive', start, end, text }
}
