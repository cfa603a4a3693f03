import { isDoc, type Doc } from '@stage0/bson-schema'
import type { YamlMap, YamlNode } from '../text/yaml-node.ts'
import { kindOf, type FileReader } from './file-reader.ts'
import type { ConfigurationVersion } from './model.ts'

type Index = ConfigurationVersion['addIndexes'][number]

export const KNOWN = new Set(['name', 'key', 'options'])

/** `add_indexes` of a version: names, ordered keys and all options; whether MongoDB takes them is asked when rendering. */
export function readIndexes(reader: FileReader, version: YamlMap): Index[] {
  const indexes = new Map<string, Index>()
  for (const node of reader.list(version, 'add_indexes')) {
    const index = readIndex(reader, node)
    if (index === undefined) continue
    if (indexes.has(index.name)) {
      const text = `This version adds two indexes named \`${index.name}\`.`
      reader.error('INDEX_DUPLICATE', node, text, 'Rename or remove one of them.')
    } else indexes.set(index.name, index)
  }
  return [...indexes.values()]
}

function readIndex(reader: FileReader, node: YamlNode): Index | undefined {
  if (node.kind !== 'map') {
    const text = `An index must be a mapping; it is ${kindOf(node)}.`
    reader.error('ATTRIBUTE_KIND', node, text, 'Write `name:`, `key:` and `options:`.')
    return undefined
  }
  reader.onlyKnown(node, KNOWN)
  const name = reader.text(node, 'name', 'meaning')
  const key = readKey(reader, node)
  const options = reader.fragment(node, 'options')
  if (name === undefined || name === '') {
    reader.error('ATTRIBUTE_MISSING', node, 'This index has no `name`.', 'Add `name`.')
    return undefined
  }
  return key && { name, key, options, at: reader.at(node) }
}

function readKey(reader: FileReader, index: YamlMap): Doc | undefined {
  const node = index.get('key')
  const value = node === undefined ? undefined : reader.value(node)
  if (value !== undefined && isDoc(value) && value.size > 0) return value
  const text =
    node === undefined
      ? 'This index has no `key`.'
      : `The key of an index must be a mapping with at least one field; it is ${kindOf(node)}.`
  const hint = 'Write for example `key: {status: 1}`.'
  reader.error(node === undefined ? 'ATTRIBUTE_MISSING' : 'ATTRIBUTE_KIND', node ?? index, text, hint)
  return undefined
}
