import { Mapping, Tuple, type Value } from '../../value.ts'
import { isKey, isList, kindOf, type Held } from '../held.ts'
import { LIMITS } from '../limits.ts'
import { failed } from '../refused.ts'

interface Weight {
  readonly size: number
  readonly depth: number
}

/** Values do not change, so what was found is kept: a value that holds another many times is counted without being walked again. */
const KNOWN = new WeakMap<object, Weight>()

/**
 * The same as a value that can be printed, compared and written: all of it is there, and it is neither endless nor too deep.
 *
 * @param act What is to be done, for the message: "printed".
 * @throws Refused where something inside is undefined or exists only while rendering, or where it is too large.
 */
export function plain(held: Held, act: string): Value {
  const { size } = weightOf(held, act, 1)
  if (size > LIMITS.text) throw failed(`${kindOf(held)} that is too large to be ${act}`)
  return held as Value
}

function weightOf(held: Held, act: string, level: number): Weight {
  if (typeof held === 'string') return { size: held.length, depth: 1 }
  if (isKey(held)) return { size: 1, depth: 1 }
  const known = KNOWN.get(held)
  if (known !== undefined && known.depth + level <= LIMITS.valueDepth) return known
  if (known !== undefined || level > LIMITS.valueDepth) throw failed(`A value of more than ${LIMITS.valueDepth} levels`)
  const weight = weightOfMembers(membersOf(held, act), act, level)
  KNOWN.set(held, weight)
  return weight
}

function membersOf(held: Exclude<Held, string>, act: string): Iterable<Held> {
  if (held instanceof Tuple) return held.items
  if (held instanceof Mapping) return Array.from(held.entries()).flat()
  if (isList(held)) return held
  throw failed(
    `${kindOf(held)} cannot be ${act}`,
    'Make a list of it with `| list`, or give what is missing a value with `| default(...)`.',
  )
}

function weightOfMembers(members: Iterable<Held>, act: string, level: number): Weight {
  let size = 1
  let depth = 1
  for (const member of members) {
    const weight = weightOf(member, act, level + 1)
    size += weight.size + 1
    depth = Math.max(depth, weight.depth + 1)
  }
  return { size, depth }
}
