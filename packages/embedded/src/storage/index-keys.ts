import { isArray, isDoc, UNDEFINED, type Value, type Doc } from '@stage0/bson-schema'
import { ServerError } from '../server-error.ts'

/** The values of one index entry, one for each field; a missing field is null. */
export type KeyValues = readonly Value[]

export interface IndexKeys {
  readonly keys: readonly KeyValues[]
  /** An array was entered: one document may have several keys. */
  readonly multikey: boolean
  /** No indexed field exists in the document: a sparse index leaves it out. */
  readonly allMissing: boolean
}

interface Cursor {
  readonly node: Value | undefined
  readonly rest: readonly string[]
}

const isPosition = (segment: string): boolean => /^(0|[1-9][0-9]*)$/.test(segment)

/** Follows a path until it ends or meets an array that must be expanded. A position after an array enters that element. */
function follow({ node, rest }: Cursor): Cursor {
  let at = 0
  while (at < rest.length) {
    const segment = rest[at] as string
    if (isDoc(node)) node = node.get(segment)
    else if (isArray(node)) {
      if (!isPosition(segment) || Number(segment) >= node.length) return { node, rest: rest.slice(at) }
      node = node[Number(segment)]
    } else return { node: undefined, rest: [] }
    at++
  }
  return { node, rest: [] }
}

/**
 * The keys under which an index finds a document. Arrays give a key for each element; fields below one array go through
 * it together; two different arrays are error 171.
 */
export function indexKeys(document: Doc, paths: readonly (readonly string[])[]): IndexKeys {
  const keys: KeyValues[] = []
  let multikey = false
  let allMissing = true

  const expand = (cursors: readonly Cursor[], expandLeaves: readonly boolean[]): void => {
    const reached = cursors.map(follow)
    let array: readonly Value[] | undefined
    reached.forEach((cursor, i) => {
      if (cursor.node !== undefined) allMissing = false
      if (!isArray(cursor.node) || (cursor.rest.length === 0 && !expandLeaves[i])) return
      if (array !== undefined && array !== cursor.node) {
        throw new ServerError(171, `cannot index parallel arrays [${lastName(paths, i)}] [${lastName(paths, 0)}]`)
      }
      array = cursor.node
    })
    if (array === undefined) {
      keys.push(reached.map((cursor) => cursor.node ?? null))
      return
    }
    multikey = true
    const inArray = reached.map(
      (cursor, i) => cursor.node === array && (cursor.rest.length > 0 || expandLeaves[i] === true),
    )
    if (array.length === 0) {
      keys.push(
        reached.map((cursor, i) => (!inArray[i] ? (cursor.node ?? null) : cursor.rest.length === 0 ? UNDEFINED : null)),
      )
      return
    }
    for (const element of array) {
      const next = reached.map((cursor, i) => {
        if (!inArray[i]) return { node: cursor.node, rest: [] }
        // An array directly inside the array is a value of its own; a path does not enter it.
        if (cursor.rest.length > 0 && !isDoc(element)) return { node: undefined, rest: [] }
        return { node: element, rest: cursor.rest }
      })
      expand(
        next,
        next.map((cursor, i) => inArray[i] === true && cursor.rest.length > 0),
      )
    }
  }

  expand(
    paths.map((rest) => ({ node: document, rest })),
    paths.map(() => true),
  )
  return { keys, multikey, allMissing }
}

const lastName = (paths: readonly (readonly string[])[], i: number): string => paths[i]?.at(-1) ?? ''
