import { notParsable, unsupported } from '../refused.ts'
import { nameOfToken } from './token.ts'
import type { Reader } from './reader.ts'
import type { Target } from './tree.ts'

const CONSTANTS = new Set(['true', 'True', 'false', 'False', 'none', 'None'])

/**
 * What a `for` or a `set` gives its value to: `a`, or `a, b`, or `(a, b), c`.
 *
 * @param isInLoop In a `for`, where `loop` tells about the loop and cannot be given another value.
 */
export function parseTarget(reader: Reader, isInLoop: boolean): Target {
  const { tokens } = reader
  const { at } = tokens.current
  const first = parseOne(reader, isInLoop)
  if (!tokens.is('operator', ',')) return first
  const targets = [first]
  while (tokens.skip('operator', ',')) {
    if (tokens.is('operator', '=', ')') || tokens.is('block-end')) break
    targets.push(parseOne(reader, isInLoop))
  }
  return { kind: 'targets', targets, at }
}

function parseOne(reader: Reader, isInLoop: boolean): Target {
  const { tokens } = reader
  const { at } = tokens.current
  if (tokens.skip('operator', '(')) {
    if (tokens.is('operator', ')')) throw notParsable(at, 'There is no name in these brackets')
    const inside = tokens.nested(() => parseTarget(reader, isInLoop))
    tokens.expect('operator', ')', 'A `,` or `)`')
    return inside
  }
  if (!tokens.is('name') || tokens.is('name', 'in')) {
    throw notParsable(at, `A name is expected here, and there is ${nameOfToken(tokens.current)}`)
  }
  const name = tokens.next().text
  if (CONSTANTS.has(name)) throw notParsable(at, `\`${name}\` is a value and cannot be given another one`)
  if (isInLoop && name === 'loop')
    throw notParsable(at, 'In a `for`, `loop` tells about the loop and cannot be given a value')
  if (tokens.is('operator', '.', '[')) {
    throw unsupported(at, 'A part of a value cannot be given another value', 'Give the whole a new name with `set`.')
  }
  return { kind: 'name', name, at }
}
