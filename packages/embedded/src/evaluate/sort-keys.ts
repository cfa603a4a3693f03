import { UNDEFINED, isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../server-error.ts'
import { arrayIndex } from './paths.ts'

/** One value per sorted field. */
export type Key = readonly Value[]

/**
 * All keys of a document for the given paths, as an index over them would hold: one key, or one per element where an
 * array is on a path. A missing field is null, an empty array at the end of a path is undefined (below null).
 * Two arrays that are not the same one are refused (code 2).
 */
export function keysOf(document: Doc, paths: readonly (readonly string[])[]): readonly Key[] {
  return expand(paths.map((parts) => ({ value: document, parts, at: 0, done: false })))
}

interface Walk {
  readonly value: Value | undefined
  readonly parts: readonly string[]
  readonly at: number
  /** The value is final, even if it is an array: only one level of arrays is expanded at the end of a path. */
  readonly done: boolean
}

function expand(walks: readonly Walk[]): readonly Key[] {
  const stopped = walks.map(towardsArray)
  const arrays = new Set(stopped.flatMap(({ value, done }) => (!done && isArray(value) ? [value] : [])))
  const [array, other] = arrays
  if (array === undefined) return [stopped.map(({ value }) => value ?? null)]
  if (other !== undefined) throw new ServerError(2, 'cannot sort with keys that are parallel arrays')
  const elements: readonly (Value | undefined)[] = array.length === 0 ? [undefined] : array
  return elements.flatMap((element) =>
    expand(stopped.map((walk) => (walk.value === array && !walk.done ? intoElement(walk, element) : walk))),
  )
}

/** Goes on until the end of the path or an array that must be expanded; a numeric part selects where it can. */
function towardsArray(walk: Walk): Walk {
  if (walk.done) return walk
  const { parts } = walk
  let { value, at } = walk
  for (; at < parts.length; at++) {
    const part = parts[at] as string
    if (isDoc(value)) value = value.get(part)
    else if (isArray(value)) {
      const index = arrayIndex(part)
      if (index < 0 || value.some((element) => isDoc(element) && element.has(part))) break
      value = value[index]
    } else return { value: null, parts, at, done: true }
  }
  return { value, parts, at, done: at === parts.length && !isArray(value) }
}

function intoElement({ parts, at }: Walk, element: Value | undefined): Walk {
  if (at === parts.length) return { value: element === undefined ? UNDEFINED : element, parts, at, done: true }
  return isDoc(element) ? { value: element, parts, at, done: false } : { value: null, parts, at, done: true }
}
