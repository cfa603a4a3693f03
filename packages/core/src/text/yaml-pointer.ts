import { jsonPointer } from './json-pointer.ts'
import type { YamlEntry, YamlNode } from './yaml-node.ts'

/**
 * The JSON pointer of the outermost node, or of the entry whose key, stands exactly at `start` to `end`.
 *
 * Found by descending through ranges, so that no node needs to know its parent. What stands behind an alias is
 * found where it is written. Without an exact match the innermost node around the range answers.
 */
export function yamlPointer(root: YamlNode, start: number, end: number): string {
  const path: (string | number)[] = []
  let node: YamlNode | undefined = root
  while (node !== undefined && !(node.start === start && node.end === end)) node = step(node, start, end, path)
  return jsonPointer(path)
}

function step(node: YamlNode, start: number, end: number, path: (string | number)[]): YamlNode | undefined {
  const first = firstCandidate(node, start)
  if (node.kind === 'list') {
    for (let index = first; index < node.items.length; index++) {
      const item = node.items[index] as YamlNode
      if (!covers(item, start, end)) continue
      path.push(index)
      return item
    }
  } else if (node.kind === 'map') {
    for (let index = first; index < node.entries.length; index++) {
      const { key, value } = node.entries[index] as YamlEntry
      const atKey = key.start === start && key.end === end
      if (!atKey && !covers(value, start, end)) continue
      path.push(key.text)
      return atKey ? undefined : value
    }
  }
  return undefined
}

/** Below this many children a look at each is as quick as a search. */
const SEARCH_FROM_CHILDREN = 32

// Whether the children of a wide collection stand in the order of the text. Aliases, merged keys and duplicates may not.
const inTextOrder = new WeakMap<YamlNode, boolean>()

/** The first child that may stand at `start`: children before it end earlier. Many problems in one wide file need this. */
function firstCandidate(node: YamlNode, start: number): number {
  const children = node.kind === 'list' ? node.items : node.kind === 'map' ? node.entries : []
  if (children.length < SEARCH_FROM_CHILDREN) return 0
  let ordered = inTextOrder.get(node)
  if (ordered === undefined) {
    ordered = children.every((child, i) => i === 0 || startOf(children[i - 1] as YamlNode | YamlEntry) < startOf(child))
    inTextOrder.set(node, ordered)
  }
  if (!ordered) return 0
  let low = 0
  let high = children.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (startOf(children[middle] as YamlNode | YamlEntry) <= start) low = middle
    else high = middle - 1
  }
  return low
}

const startOf = (child: YamlNode | YamlEntry): number => ('key' in child ? child.key.start : child.start)

const covers = (node: YamlNode, start: number, end: number): boolean => node.start <= start && end <= node.end
