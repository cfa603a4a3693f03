import { Mapping, Tuple } from '../../value.ts'
import { isKey, kindOf, Stream, Undefined, type Held } from '../held.ts'
import { isBelow } from '../operations/compare.ts'
import { isTrue, membersOf } from '../operations/members.ts'
import { failed } from '../refused.ts'
import { filter, type Filter, type Tools } from './filter.ts'
import { pathOf, valueAt } from './member-path.ts'

type Slots = readonly (Held | undefined)[]

/** Filters that put members into an order, or look for the least, the greatest, the different ones. */
export const sortFilters: readonly (readonly [string, Filter])[] = [
  ['sort', filter(['reverse', 'case_sensitive', 'attribute'], 0, sorted)],
  ['dictsort', filter(['case_sensitive', 'by', 'reverse'], 0, sortedPairs)],
  ['unique', filter(['case_sensitive', 'attribute'], 0, different)],
  ['min', filter(['case_sensitive', 'attribute'], 0, (input, slots) => extreme(input, slots, isBelow))],
  [
    'max',
    filter(['case_sensitive', 'attribute'], 0, (input, slots) =>
      extreme(input, slots, (one, other) => isBelow(other, one)),
    ),
  ],
]

/** Where case does not matter, texts are compared in lower case. */
const folded = (held: Held, isCaseSensitive: boolean): Held =>
  typeof held === 'string' && !isCaseSensitive ? held.toLowerCase() : held

function sorted(
  input: Held,
  [isReverse = false, isCaseSensitive = false, attribute = null]: Slots,
  tools: Tools,
): Held {
  const keyOf = sortKey(attribute, isTrue(isCaseSensitive))
  return sortBy(Array.from(membersOf(input)), keyOf, isTrue(isReverse), tools)
}

/** `attribute` may name several, with `,` between them: the first difference counts. What is missing everywhere is no difference. */
function sortKey(attribute: Held, isCaseSensitive: boolean): (member: Held) => Held {
  const names = typeof attribute === 'string' ? attribute.split(',') : [attribute]
  const paths = names.map((name) => (name === null ? [] : pathOf(name)))
  return (member) => paths.map((path) => folded(valueAt(member, path), isCaseSensitive))
}

function sortBy(
  members: readonly Held[],
  keyOf: (member: Held) => Held,
  isReverse: boolean,
  tools: Tools,
): readonly Held[] {
  const keyed = members.map((member) => ({ member, key: keyOf(member) }))
  keyed.sort((one, other) => {
    tools.step()
    if (isBelow(one.key, other.key)) return isReverse ? 1 : -1
    return isBelow(other.key, one.key) ? (isReverse ? -1 : 1) : 0
  })
  return keyed.map(({ member }) => member)
}

function sortedPairs(input: Held, [isCaseSensitive = false, by = 'key', isReverse = false]: Slots, tools: Tools): Held {
  if (by !== 'key' && by !== 'value') throw failed("`by` is 'key' or 'value'")
  if (!(input instanceof Mapping))
    throw failed(`Only a mapping has pairs of keys and values, and there is ${kindOf(input)}`)
  const pairs = Array.from(input.entries(), (pair) => new Tuple<Held>(pair))
  const keyOf = (pair: Held): Held =>
    folded(pair instanceof Tuple ? (pair.items[by === 'key' ? 0 : 1] ?? null) : pair, isTrue(isCaseSensitive))
  return sortBy(pairs, keyOf, isTrue(isReverse), tools)
}

/** The first member of each kind, in the order in which they come. */
function different(input: Held, [isCaseSensitive = false, attribute = null]: Slots, tools: Tools): Held {
  const keyOf = memberKey(attribute, isTrue(isCaseSensitive))
  return new Stream(firsts())

  function* firsts(): Generator<Held> {
    const seen = new Mapping<true>()
    let hasUndefined = false
    for (const member of membersOf(input)) {
      tools.step()
      const key = keyOf(member)
      if (key instanceof Undefined) {
        if (!hasUndefined) yield member
        hasUndefined = true
        continue
      }
      if (!isKey(key)) throw failed(`${kindOf(key)} cannot be told apart by \`unique\``, 'Name an attribute of it.')
      if (seen.has(key)) continue
      seen.set(key, true)
      yield member
    }
  }
}

function memberKey(attribute: Held, isCaseSensitive: boolean): (member: Held) => Held {
  if (attribute === null) return (member) => folded(member, isCaseSensitive)
  const path = pathOf(attribute)
  return (member) => folded(valueAt(member, path), isCaseSensitive)
}

function extreme(
  input: Held,
  [isCaseSensitive = false, attribute = null]: Slots,
  isBetter: (one: Held, other: Held) => boolean,
): Held {
  const keyOf = memberKey(attribute, isTrue(isCaseSensitive))
  let best: { readonly member: Held; readonly key: Held } | undefined
  for (const member of membersOf(input)) {
    const key = keyOf(member)
    if (best === undefined || isBetter(key, best.key)) best = { member, key }
  }
  return best === undefined ? new Undefined('the least or greatest of nothing') : best.member
}
