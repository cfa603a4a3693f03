import { notParsable, unsupported } from '../refused.ts'
import type { Reader } from './reader.ts'
import type { Expression } from './tree.ts'

/** What stands in the brackets behind the name of a filter or a test. */
export interface Arguments {
  readonly positional: readonly Expression[]
  readonly named: ReadonlyMap<string, Expression>
}

export const NO_ARGUMENTS: Arguments = { positional: [], named: new Map() }

/** Reads `(a, b, name=c)`. */
export function parseArguments(reader: Reader): Arguments {
  const { tokens } = reader
  const positional: Expression[] = []
  const named = new Map<string, Expression>()
  tokens.expect('operator', '(', 'A `(`')
  while (!tokens.is('operator', ')')) {
    if (positional.length + named.size > 0) tokens.expect('operator', ',', 'A `,` or `)`')
    if (tokens.is('operator', ')')) break
    const { at, text } = tokens.current
    if (tokens.is('operator', '*', '**')) {
      throw unsupported(
        at,
        'A list or a mapping in place of single arguments is not part of the language here',
        'Write each argument, with `,` between them.',
      )
    }
    if (tokens.is('name') && tokens.following.kind === 'operator' && tokens.following.text === '=') {
      tokens.next()
      tokens.next()
      if (named.has(text)) throw notParsable(at, `The argument \`${text}\` is given twice`)
      named.set(text, reader.expression())
    } else if (named.size > 0) {
      throw notParsable(at, 'An argument without a name cannot follow one with a name')
    } else positional.push(reader.expression())
  }
  tokens.next()
  return { positional, named }
}
