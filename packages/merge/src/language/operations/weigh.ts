import { Mapping, Tuple, type Value } from '../../value.ts'
import { isKey, isList, kindOf, Undefined, type Held } from '../held.ts'
import { LIMITS } from '../limits.ts'
import { failed } from '../refused.ts'

interface Weight {
  readonly size: number
  readonly depth: number
  /** What inside of it is no value: undefined, or only there while rendering. */
  readonly strange: Held | undefined
}

/** Values do not change, so what was found is kept: a value that holds another many times is counted without being walked again. */
const KNOWN = new WeakMap<object, Weight>()

/**
 * Makes sure that something may be walked: that it is neither endless nor too deep.
 *
 * @param act What is to be done, for the message: "printed".
 */
export function checkWeight(held: Held, act: string): void {
  const { size } = weightOf(held, 1)
  if (size > LIMITS.text) throw failed(`${kindOf(held)} that is too large to be ${act}`)
}

/**
 * The same as a value, which can be written.
 *
 * @throws Refused where something inside is undefined or exists only while rendering, and where it is too large.
 */
export function plain(held: Held, act: string): Value {
  checkWeight(held, act)
  const { strange } = weightOf(held, 1)
  if (strange === undefined) return held as Value
  if (strange instanceof Undefined) {
    throw failed(
      `${strange.what} is undefined and cannot be ${act}`,
      strange.hint ?? 'Give it a value with `| default(...)`.',
    )
  }
  throw failed(`${kindOf(strange)} cannot be ${act}`, 'Make a list of it with `| list`.')
}

function weightOf(held: Held, level: number): Weight {
  if (typeof held === 'string') return { size: held.length, depth: 1, strange: undefined }
  if (isKey(held)) return LIGHT
  const known = KNOWN.get(held)
  const isTooDeep = level + (known?.depth ?? 0) > LIMITS.valueDepth
  if (isTooDeep) throw failed(`A value of more than ${LIMITS.valueDepth} levels`)
  if (known !== undefined) return known
  const members = membersOf(held)
  const weight = members === undefined ? { ...LIGHT, strange: held } : weightOfAll(members, level + 1)
  KNOWN.set(held, weight)
  return weight
}

const LIGHT: Weight = { size: 1, depth: 1, strange: undefined }

function membersOf(held: Exclude<Held, string>): Iterable<Held> | undefined {
  if (held instanceof Tuple) return held.items
  if (held instanceof Mapping) return Array.from(held.entries()).flat()
  return isList(held) ? held : undefined
}

function weightOfAll(members: Iterable<Held>, level: number): Weight {
  let size = 1
  let depth = 1
  let strange: Held | undefined
  for (const member of members) {
    const weight = weightOf(member, level)
    size += weight.size + 1
    depth = Math.max(depth, weight.depth + 1)
    strange = strange === undefined ? weight.strange : strange
  }
  return { size, depth, strange }
}
