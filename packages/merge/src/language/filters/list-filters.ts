import { Mapping, Tuple } from '../../value.ts'
import { kindOf, Stream, Undefined, type Held } from '../held.ts'
import { calculate } from '../operations/arithmetic.ts'
import { lengthOf, membersOf } from '../operations/members.ts'
import { charactersOf, joinTexts, printed } from '../operations/text.ts'
import { failed } from '../refused.ts'
import { filter, type Filter, type Tools } from './filter.ts'
import { pathOf, valueAt } from './member-path.ts'

const count = filter([], 0, (input) => {
  const length = lengthOf(input)
  if (length !== undefined) return BigInt(length)
  const hint = input instanceof Stream ? 'Make a list of it with `| list`.' : undefined
  throw failed(`${kindOf(input)} has no length`, hint)
})

/** Filters that take what has members and give a member, all of them, or one value of all. */
export const listFilters: readonly (readonly [string, Filter])[] = [
  ['length', count],
  ['count', count],
  ['first', filter([], 0, (input) => first(membersOf(input)))],
  ['last', filter([], 0, (input) => first(backwards(input)))],
  ['list', filter([], 0, (input, _, tools) => [...counted(membersOf(input), tools)])],
  ['reverse', filter([], 0, reversed)],
  ['join', filter(['d', 'attribute'], 0, joined)],
  ['sum', filter(['attribute', 'start'], 0, summed)],
  ['items', filter([], 0, pairs)],
]

/** The first member. A stream goes on behind it. */
function first(members: Iterable<Held>): Held {
  const found = members instanceof Stream ? members.take() : members[Symbol.iterator]().next().value
  return found === undefined ? new Undefined('the first member of something empty') : found
}

/** The members from the last to the first; a stream does not know its last. */
function backwards(input: Held): readonly Held[] {
  if (input instanceof Stream)
    throw failed('Members that a filter gives one by one have no last', 'Make a list of them with `| list`.')
  return Array.from(membersOf(input)).reverse()
}

function* counted(members: Iterable<Held>, tools: Tools): Iterable<Held> {
  for (const member of members) {
    tools.step()
    yield member
  }
}

function reversed(input: Held): Held {
  if (typeof input === 'string') return Array.from(charactersOf(input)).reverse().join('')
  return input instanceof Stream ? Array.from(input).reverse() : new Stream(backwards(input))
}

function joined(input: Held, [between = '', attribute = null]: readonly (Held | undefined)[], tools: Tools): Held {
  const path = attribute === null ? undefined : pathOf(attribute)
  const texts = function* (): Iterable<string> {
    for (const member of counted(membersOf(input), tools))
      yield printed(path === undefined ? member : valueAt(member, path))
  }
  return joinTexts(texts(), printed(between))
}

function summed(input: Held, [attribute = null, start = 0n]: readonly (Held | undefined)[], tools: Tools): Held {
  if (typeof start === 'string') throw failed('Texts have no sum', 'Join them with `| join`.')
  const path = attribute === null ? undefined : pathOf(attribute)
  let total: Held = start
  for (const member of counted(membersOf(input), tools)) {
    total = calculate('+', total, path === undefined ? member : valueAt(member, path))
  }
  return total
}

function pairs(input: Held, _: unknown, tools: Tools): Held {
  return new Stream(found())

  function* found(): Generator<Held> {
    if (input instanceof Undefined) return
    if (!(input instanceof Mapping)) {
      throw failed(`Only a mapping has pairs of keys and values, and there is ${kindOf(input)}`)
    }
    for (const pair of input.entries()) {
      tools.step()
      yield new Tuple<Held>(pair)
    }
  }
}
