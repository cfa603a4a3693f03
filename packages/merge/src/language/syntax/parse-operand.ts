import { hintOfCall } from '../hints/method.ts'
import { notParsable, unsupported } from '../refused.ts'
import { node } from './node.ts'
import { parseAtom } from './parse-atom.ts'
import { parseFilter, parseTest } from './parse-filter.ts'
import type { Reader } from './reader.ts'
import { nameOfToken } from './token.ts'
import type { Expression } from './tree.ts'

/** What stands between two operators: signs, a value, its attributes and items, filters and tests. */
export function parseSigned(reader: Reader): Expression {
  return parseFiltered(reader, parseUnfiltered(reader))
}

/** A filter behind a signed value takes the value with its sign: `-1 | abs` is 1. */
function parseUnfiltered(reader: Reader): Expression {
  const { tokens } = reader
  const { at, text } = tokens.current
  if (!tokens.is('operator', '-', '+')) return parseParts(reader, parseAtom(reader))
  tokens.next()
  const operand = tokens.nested(() => parseUnfiltered(reader))
  return parseParts(reader, { kind: 'sign', sign: text === '-' ? '-' : '+', operand, ...node(at, operand) })
}

/** Attributes and items: `a.b`, `a.0`, `a['b']`. */
function parseParts(reader: Reader, of: Expression): Expression {
  const { tokens } = reader
  let found = of
  for (;;) {
    if (tokens.skip('operator', '.')) found = parseAttribute(reader, found)
    else if (tokens.is('operator', '[')) found = parseItem(reader, found)
    else if (tokens.is('operator', '(')) throw called(reader, found)
    else return found
  }
}

function parseAttribute({ tokens }: Reader, of: Expression): Expression {
  const { kind, text, at } = tokens.next()
  if (kind === 'name') return { kind: 'attribute', of, name: text, ...node(at, of) }
  if (kind !== 'whole') throw notParsable(at, `A name or a whole number is expected behind \`.\``)
  const key: Expression = { kind: 'literal', value: BigInt(text.replaceAll('_', '')), ...node(at) }
  return { kind: 'item', of, key, ...node(at, of, key) }
}

function parseItem(reader: Reader, of: Expression): Expression {
  const { tokens } = reader
  const { at } = tokens.next()
  if (tokens.is('operator', ':')) throw sliced(tokens.current.at)
  const key = reader.expression()
  if (tokens.is('operator', ':')) throw sliced(tokens.current.at)
  if (tokens.is('operator', ','))
    throw unsupported(
      at,
      'An item by several keys at once is not part of the language here',
      'Write one key behind the other: `rows[0][1]`.',
    )
  tokens.expect('operator', ']', 'A `]`')
  return { kind: 'item', of, key, ...node(at, of, key) }
}

const sliced = (at: number): Error =>
  unsupported(
    at,
    'Parts of a list by `from:to` are not part of the language here',
    'Write a `for` with a condition on `loop.index`.',
  )

function called(reader: Reader, callee: Expression): Error {
  const name = callee.kind === 'attribute' || callee.kind === 'name' ? callee.name : undefined
  const call = name === undefined ? 'A call' : `The call of \`${name}\``
  return unsupported(
    callee.at,
    `${call} is not part of the language here`,
    hintOfCall(name, (known) => reader.filter(known) !== undefined),
  )
}

function parseFiltered(reader: Reader, of: Expression): Expression {
  const { tokens } = reader
  let found = of
  for (;;) {
    if (tokens.skip('operator', '|')) found = parseFilter(reader, found)
    else if (tokens.skip('name', 'is')) found = parseTest(reader, found, () => parseTestOperand(reader))
    else if (tokens.is('operator', '(')) throw called(reader, found)
    else return found
  }
}

/** `is eq 5` is `is eq(5)`: a value without sign, filters or operators. */
function parseTestOperand(reader: Reader): Expression | undefined {
  const { tokens } = reader
  const { kind, text, at } = tokens.current
  const isOpening = kind === 'operator' && (text === '[' || text === '{')
  if (kind !== 'name' && kind !== 'text' && kind !== 'whole' && kind !== 'float' && !isOpening) return undefined
  if (kind === 'name' && ['and', 'or', 'else'].includes(text)) return undefined
  if (kind === 'name' && ['is', 'if', 'in', 'not'].includes(text)) {
    throw notParsable(at, `${nameOfToken(tokens.current)} cannot follow a test`, 'Put the test into round brackets.')
  }
  return parseParts(reader, parseAtom(reader))
}
