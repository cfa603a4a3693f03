import type { Signature } from '../filters/signature.ts'
import { bind, type Bound } from '../filters/signature.ts'
import { unknownName } from '../hints/unknown-name.ts'
import { notParsable } from '../refused.ts'
import { node } from './node.ts'
import { NO_ARGUMENTS, parseArguments, type Arguments } from './parse-arguments.ts'
import type { Reader } from './reader.ts'
import type { Expression } from './tree.ts'

/** Reads what stands behind a `|`. */
export function parseFilter(reader: Reader, input: Expression): Expression {
  const { at, name } = parseDottedName(reader, 'The name of a filter')
  const filter = reader.filter(name)
  if (filter === undefined) throw unknownName('filter', name, at)
  const given = reader.tokens.is('operator', '(') ? parseArguments(reader) : NO_ARGUMENTS
  const bound = boundTo(at, `The filter \`${name}\``, filter.signature, given)
  checkNamed(reader, filter.names, bound)
  return { kind: 'filter', input, filter, bound, ...node(at, input, ...given.positional, ...given.named.values()) }
}

/**
 * Reads what stands behind an `is`.
 *
 * @param parseOperand Reads the argument that a test may have without brackets.
 */
export function parseTest(reader: Reader, input: Expression, parseOperand: () => Expression | undefined): Expression {
  const { tokens } = reader
  const isNegated = tokens.skip('name', 'not')
  const { at, name } = parseDottedName(reader, 'The name of a test')
  const test = reader.test(name)
  if (test === undefined) throw unknownName('test', name, at)
  const given = tokens.is('operator', '(') ? parseArguments(reader) : operandOnly(parseOperand())
  const bound = boundTo(at, `The test \`${name}\``, test.signature, given)
  const found: Expression = {
    ...{ kind: 'test', input, test, bound },
    ...node(at, input, ...given.positional, ...given.named.values()),
  }
  return isNegated ? { kind: 'not', operand: found, ...node(at, found) } : found
}

const operandOnly = (operand: Expression | undefined): Arguments =>
  operand === undefined ? NO_ARGUMENTS : { positional: [operand], named: new Map() }

function parseDottedName({ tokens }: Reader, wanted: string): { readonly at: number; readonly name: string } {
  const first = tokens.expect('name', undefined, wanted)
  let name = first.text
  while (tokens.skip('operator', '.')) name += `.${tokens.expect('name', undefined, wanted).text}`
  return { at: first.at, name }
}

function boundTo(at: number, what: string, signature: Signature, given: Arguments): Bound<Expression> {
  const bound = bind(what, signature, given.positional, given.named)
  if (typeof bound === 'string') throw notParsable(at, bound)
  return bound
}

/** A filter that takes the name of another, or of a test: where it is a plain text, an unknown one is found before anything runs. */
function checkNamed(
  reader: Reader,
  names: { readonly what: 'filter' | 'test'; readonly position: number } | undefined,
  bound: Bound<Expression>,
): void {
  const given = names === undefined ? undefined : bound.rest[names.position]
  if (names === undefined || given?.kind !== 'literal' || typeof given.value !== 'string') return
  const found = names.what === 'filter' ? reader.filter(given.value) : reader.test(given.value)
  if (found === undefined) throw unknownName(names.what, given.value, given.at)
}
