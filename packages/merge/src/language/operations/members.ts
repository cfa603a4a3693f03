import { Mapping, Tuple } from '../../value.ts'
import { isKey, isList, kindOf, Stream, Undefined, type Held } from '../held.ts'
import { failed } from '../refused.ts'
import { areEqual } from './compare.ts'
import { charactersOf, countCharacters } from './text.ts'

/** Python's `bool`. */
export function isTrue(held: Held): boolean {
  if (held === null || held instanceof Undefined) return false
  if (typeof held !== 'object') return typeof held === 'number' ? held !== 0 : Boolean(held)
  if (held instanceof Mapping) return held.size > 0
  if (held instanceof Tuple) return held.items.length > 0
  return isList(held) ? held.length > 0 : true
}

/**
 * What a `for` visits: members of a list, keys of a mapping, characters of a text, nothing where it is undefined.
 *
 * @throws Refused where it has no members.
 */
export function membersOf(held: Held): Iterable<Held> {
  if (typeof held === 'string') return charactersOf(held)
  if (held instanceof Undefined) return []
  if (held instanceof Mapping) return held.keys()
  if (held instanceof Tuple) return held.items
  if (isList(held) || held instanceof Stream) return held
  throw failed(`${kindOf(held)} has no members that could be visited one by one`)
}

export const hasMembers = (held: Held): boolean =>
  typeof held === 'string' || (typeof held === 'object' && held !== null && !isKey(held))

/** Python's `len`; `undefined` where it has none. */
export function lengthOf(held: Held): number | undefined {
  if (typeof held === 'string') return countCharacters(held)
  if (held instanceof Undefined) return 0
  if (held instanceof Mapping) return held.size
  if (held instanceof Tuple) return held.items.length
  return isList(held) ? held.length : undefined
}

/** What keeps something from ever being a key: a mapping or a list, itself or in a tuple. */
function neverKey(held: Held): Held | undefined {
  if (held instanceof Mapping || isList(held)) return held
  return held instanceof Tuple ? held.items.map(neverKey).find((found) => found !== undefined) : undefined
}

/** Python's `member in held`. */
export function contains(held: Held, member: Held): boolean {
  if (typeof held === 'string') {
    if (typeof member === 'string') return held.includes(member)
    throw failed(`Only a text can be part of a text, and there is ${kindOf(member)}`)
  }
  if (held instanceof Mapping) {
    if (isKey(member)) return held.has(member)
    const never = neverKey(member)
    if (never !== undefined) throw failed(`${kindOf(never)} can never be the key of a mapping`)
    return false
  }
  for (const known of membersOf(held)) if (Object.is(known, member) || areEqual(known, member)) return true
  return false
}
