import { findFilter } from '../filters/all-filters.ts'
import { findTest } from '../tests/all-tests.ts'
import { node } from './node.ts'
import { parseSigned } from './parse-operand.ts'
import type { Reader } from './reader.ts'
import type { Tokens } from './tokens.ts'
import type { Arithmetic, Comparison, ComparisonStep, Expression } from './tree.ts'

/** Reads expressions from the tokens. */
export function readerOf(tokens: Tokens): Reader {
  const reader: Reader = { tokens, expression: () => parseExpression(reader), filter: findFilter, test: findTest }
  return reader
}

/**
 * An expression. What binds tighter stands lower in this file: choice, `or`, `and`, `not`, comparisons, `+ -`, `~`, `* / // %`,
 * `**`, signs; filters and tests bind tighter than all of them.
 */
export function parseExpression(reader: Reader): Expression {
  return reader.tokens.nested(() => parseChoice(reader))
}

/** `a if b else c`; without `else` it is undefined where `b` is false. */
function parseChoice(reader: Reader): Expression {
  const { tokens } = reader
  let found = parseOr(reader)
  while (tokens.is('name', 'if')) {
    const { at } = tokens.next()
    const yes = found
    const condition = parseOr(reader)
    const no = tokens.skip('name', 'else') ? parseExpression(reader) : undefined
    const children = no === undefined ? [yes, condition] : [yes, condition, no]
    found = { kind: 'choice', condition, yes, no, ...node(at, ...children) }
  }
  return found
}

/** An expression that is no choice: where an `if` behind it belongs to the statement. */
export function parseOr(reader: Reader): Expression {
  let left = parseAnd(reader)
  while (reader.tokens.is('name', 'or')) {
    const { at } = reader.tokens.next()
    const right = parseAnd(reader)
    left = { kind: 'or', left, right, ...node(at, left, right) }
  }
  return left
}

function parseAnd(reader: Reader): Expression {
  let left = parseNot(reader)
  while (reader.tokens.is('name', 'and')) {
    const { at } = reader.tokens.next()
    const right = parseNot(reader)
    left = { kind: 'and', left, right, ...node(at, left, right) }
  }
  return left
}

function parseNot(reader: Reader): Expression {
  const { tokens } = reader
  if (!tokens.is('name', 'not')) return parseComparison(reader)
  const { at } = tokens.next()
  const operand = tokens.nested(() => parseNot(reader))
  return { kind: 'not', operand, ...node(at, operand) }
}

function parseComparison(reader: Reader): Expression {
  const left = parseSum(reader)
  const steps: ComparisonStep[] = []
  for (let found = takeComparison(reader.tokens); found !== undefined; found = takeComparison(reader.tokens)) {
    steps.push({ ...found, right: parseSum(reader) })
  }
  const [first] = steps
  if (first === undefined) return left
  return { kind: 'comparison', left, steps, ...node(first.at, left, ...steps.map((step) => step.right)) }
}

const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='] as const satisfies readonly Comparison[]

function takeComparison(tokens: Tokens): { readonly operator: Comparison; readonly at: number } | undefined {
  const { at, text } = tokens.current
  const sign = tokens.is('operator') ? COMPARISONS.find((operator) => operator === text) : undefined
  if (sign !== undefined) {
    tokens.next()
    return { operator: sign, at }
  }
  if (tokens.skip('name', 'in')) return { operator: 'in', at }
  if (!tokens.is('name', 'not') || tokens.following.kind !== 'name' || tokens.following.text !== 'in') return undefined
  tokens.next()
  tokens.next()
  return { operator: 'not in', at }
}

const parseSum = (reader: Reader): Expression => parseChain(reader, ['+', '-'], parseJoined)
const parseProduct = (reader: Reader): Expression => parseChain(reader, ['*', '/', '//', '%'], parsePower)
/** From the left, as all others: `2 ** 3 ** 2` is 64. */
const parsePower = (reader: Reader): Expression => parseChain(reader, ['**'], parseSigned)

function parseJoined(reader: Reader): Expression {
  const first = parseProduct(reader)
  const { at } = reader.tokens.current
  const parts = [first]
  while (reader.tokens.skip('operator', '~')) parts.push(parseProduct(reader))
  return parts.length === 1 ? first : { kind: 'joined', parts, ...node(at, ...parts) }
}

function parseChain(
  reader: Reader,
  operators: readonly Arithmetic[],
  parseMember: (reader: Reader) => Expression,
): Expression {
  const { tokens } = reader
  let left = parseMember(reader)
  for (;;) {
    const { at, text } = tokens.current
    const operator = tokens.is('operator') ? operators.find((known) => known === text) : undefined
    if (operator === undefined) return left
    tokens.next()
    const right = parseMember(reader)
    left = { kind: 'arithmetic', operator, left, right, ...node(at, left, right) }
  }
}
