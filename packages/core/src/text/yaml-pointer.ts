import { jsonPointer } from './json-pointer.ts'
import type { YamlNode } from './yaml-node.ts'

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
  if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) {
      if (!covers(item, start, end)) continue
      path.push(index)
      return item
    }
  } else if (node.kind === 'map') {
    for (const { key, value } of node.entries) {
      const atKey = key.start === start && key.end === end
      if (!atKey && !covers(value, start, end)) continue
      path.push(key.text)
      return atKey ? undefined : value
    }
  }
  return undefined
}

const covers = (node: YamlNode, start: number, end: number): boolean => node.start <= start && end <= node.end
