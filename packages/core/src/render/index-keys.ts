import { isArray, isDoc, UNDEFINED, type Doc, type Value } from '@stage0/bson-schema'

/** A value on its way to a field: what is reached, and what of the path is left. */
interface Cursor {
  readonly value: Value | undefined
  readonly rest: readonly string[]
  /** The way to the value, so that fields below one array are expanded together. */
  readonly at: string
  /** An array that is an element itself counts whole. */
  readonly isWhole?: boolean
}

/** Greatest number of keys that are made for one document; more are not compared. */
const MAX_KEYS = 10_000

/**
 * The entries that a document has in an index, one list of values per entry; `undefined` where the server would refuse
 * to index the document (two arrays side by side) or the entries are too many.
 *
 * As MongoDB builds them: a missing field is null, an array gives one entry per element (none: the undefined value),
 * fields below the same array stay together. Source: manual, multikey indexes.
 */
export function indexEntries(document: Doc, paths: readonly string[]): readonly (readonly Value[])[] | undefined {
  const entries: Value[][] = []
  const ok = expand(
    paths.map((path) => follow({ value: document, rest: path.split('.'), at: '' })),
    entries,
  )
  return ok ? entries : undefined
}

/** Whether the field is there at all; sparse indexes leave documents out that have none of their fields. */
export const hasField = (document: Doc, path: string): boolean => reaches(document, path.split('.'))

function reaches(value: Value | undefined, rest: readonly string[]): boolean {
  if (value === undefined) return false
  const [name, ...below] = rest
  if (name === undefined) return true
  if (isArray(value))
    return (
      value.some((item) => isDoc(item) && reaches(item, rest)) ||
      (/^\d+$/.test(name) && reaches(value[Number(name)], below))
    )
  return isDoc(value) && reaches(value.get(name), below)
}

/** Goes down until the path ends or an array is met. */
function follow({ value, rest, at }: Cursor): Cursor {
  let current = value
  let i = 0
  let way = at
  while (i < rest.length && isDoc(current)) {
    const name = rest[i++] as string
    current = current.get(name)
    way += `.${name}`
  }
  // What is no object has no fields: the path ends as missing.
  if (i < rest.length && !isArray(current)) return { value: undefined, rest: [], at: way }
  return { value: current, rest: rest.slice(i), at: way }
}

const isOpen = (cursor: Cursor): boolean => cursor.isWhole !== true && isArray(cursor.value)

function expand(cursors: readonly Cursor[], entries: Value[][]): boolean {
  const open = cursors.filter(isOpen)
  const [first] = open
  if (first === undefined) {
    entries.push(cursors.map((cursor) => cursor.value ?? null))
    return entries.length <= MAX_KEYS
  }
  if (open.some((cursor) => cursor.at !== first.at)) return false
  const items = first.value as readonly Value[]
  if (items.length === 0) {
    const ends = cursors.map((cursor): Value =>
      !isOpen(cursor) ? (cursor.value ?? null) : cursor.rest.length === 0 ? UNDEFINED : null,
    )
    entries.push(ends)
    return true
  }
  return items.every((item, index) =>
    expand(
      cursors.map((cursor) => (isOpen(cursor) ? into(cursor, item, index) : cursor)),
      entries,
    ),
  )
}

/** Below one element of an array; an element that ends the path counts whole, even when it is an array itself. */
function into(cursor: Cursor, item: Value, index: number): Cursor {
  const at = `${cursor.at}[${index}]`
  if (cursor.rest.length === 0) return { value: item, rest: [], at, isWhole: true }
  if (!isDoc(item)) return { value: undefined, rest: [], at }
  return follow({ value: item, rest: cursor.rest, at })
}
