import { WHOLE_TEXT } from '../hints/instead.ts'
import { notParsable, unsupported } from '../refused.ts'
import { node } from './node.ts'
import type { Reader } from './reader.ts'
import { nameOfToken } from './token.ts'
import type { Expression } from './tree.ts'

/** What stands between operators, without its attributes, filters and tests. */
export function parseAtom(reader: Reader): Expression {
  const { tokens } = reader
  const { kind, text, at } = tokens.current
  switch (kind) {
    case 'name':
      tokens.next()
      return nameOrConstant(text, at)
    case 'text':
      return parseTexts(reader)
    case 'whole':
      tokens.next()
      return { kind: 'literal', value: BigInt(text.replaceAll('_', '')), ...node(at) }
    case 'float':
      tokens.next()
      return { kind: 'literal', value: Number(text.replaceAll('_', '')), ...node(at) }
    default:
      return parseBracket(reader)
  }
}

const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
])

function nameOrConstant(name: string, at: number): Expression {
  const constant = CONSTANTS.get(name)
  if (constant !== undefined) return { kind: 'literal', value: constant, ...node(at) }
  if (name === 'self') {
    throw unsupported(
      at,
      '`self` stands for the template and its blocks, which are not part of the language here',
      WHOLE_TEXT,
    )
  }
  return { kind: 'name', name, ...node(at) }
}

/** Texts that stand side by side are one. */
function parseTexts({ tokens }: Reader): Expression {
  const { at } = tokens.current
  let value = ''
  while (tokens.is('text')) value += tokens.next().text
  return { kind: 'literal', value, ...node(at) }
}

function parseBracket(reader: Reader): Expression {
  const { tokens } = reader
  const { at } = tokens.current
  if (tokens.skip('operator', '(')) {
    const inside = tokens.is('operator', ')') ? emptyTuple(at) : parseTuple(reader, () => reader.expression())
    tokens.expect('operator', ')', 'A `,` or `)`')
    return inside
  }
  if (tokens.skip('operator', '[')) {
    const items = parseItems(reader, ']', () => reader.expression())
    return { kind: 'list', items, ...node(at, ...items) }
  }
  if (tokens.skip('operator', '{')) {
    const entries = parseItems(reader, '}', () => parseEntry(reader))
    return { kind: 'mapping', entries, ...node(at, ...entries.flat()) }
  }
  throw notParsable(at, `An expression is expected here, and there is ${nameOfToken(tokens.current)}`)
}

const emptyTuple = (at: number): Expression => ({ kind: 'tuple', items: [], ...node(at) })

function parseEntry(reader: Reader): readonly [Expression, Expression] {
  const key = reader.expression()
  reader.tokens.expect('operator', ':', 'A `:` between key and value')
  return [key, reader.expression()]
}

/** Members with `,` between them, and behind the last where one likes. */
function parseItems<T>({ tokens }: Reader, closing: ']' | '}', parseItem: () => T): readonly T[] {
  const items: T[] = []
  while (!tokens.is('operator', closing)) {
    if (items.length > 0) tokens.expect('operator', ',', `A \`,\` or \`${closing}\``)
    if (tokens.is('operator', closing)) break
    items.push(parseItem())
  }
  tokens.next()
  return items
}

/** `a`, or `a, b` which is a tuple with or without brackets around it. */
export function parseTuple({ tokens }: Reader, parseItem: () => Expression): Expression {
  const { at } = tokens.current
  const first = parseItem()
  if (!tokens.is('operator', ',')) return first
  const items = [first]
  while (tokens.skip('operator', ',')) {
    if (tokens.is('output-end') || tokens.is('block-end') || tokens.is('operator', ')')) break
    items.push(parseItem())
  }
  return { kind: 'tuple', items, ...node(at, ...items) }
}
