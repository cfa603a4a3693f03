import { docOf, isInt32, type Doc, type Value } from '@stage0/bson-schema'
import type { Problem } from '@stage0/types'
import { scalarValue, yamlValue } from '../text/yaml-value.ts'
import type { YamlMap, YamlNode } from '../text/yaml-node.ts'
import { FileReader, kindOf } from './file-reader.ts'
import type { RawFile } from './files.ts'
import { wholeFile } from './locate.ts'
import type { Enumerator, Enumerators } from './model.ts'

export const KNOWN = new Set(['file_name', '_locked', 'version', 'enumerators'])
export const KNOWN_OF_ENUMERATOR = new Set(['name', 'values'])
export const KNOWN_OF_VALUE = new Set(['value', 'description', 'deprecated'])

/** An enumerators file, or `undefined` when it cannot be used as one. Findings are added to `problems`. */
export function readEnumerators(file: RawFile, problems: Problem[]): Enumerators | undefined {
  const reader = new FileReader(file, problems)
  const map = reader.root
  if (map === undefined) return undefined
  const version = readVersion(reader, map)
  const locked = reader.flag(map, '_locked')
  reader.text(map, 'file_name', 'display')
  reader.onlyKnown(map, KNOWN)
  const enumerators: Enumerator[] = []
  const names = new Set<string>()
  for (const node of reader.list(map, 'enumerators')) {
    const enumerator = readEnumerator(reader, node, names)
    if (enumerator !== undefined) enumerators.push(enumerator)
  }
  if (version === undefined) return undefined
  return { version, locked, enumerators, document: wholeDocument(file, map, version, locked), at: wholeFile(file) }
}

function readVersion(reader: FileReader, map: YamlMap): number | undefined {
  const hint = 'Write for example `version: 1`, without quotes.'
  const node = map.get('version')
  if (node === undefined) {
    reader.warn('ENUMERATORS_VERSION', map, 'The file has no `version`; it is taken as version 0.', hint)
    return 0
  }
  if (node.kind === 'scalar' && reader.ambiguous(node, 'meaning')) return undefined
  const value = node.kind === 'scalar' ? scalarValue(node) : undefined
  if (typeof value === 'number' && isInt32(value) && value >= 0) return value
  reader.error(
    'ENUMERATORS_VERSION',
    node,
    `\`version\` must be a whole number from 0 to 2147483647; it is ${kindOf(node)}.`,
    hint,
  )
  return undefined
}

function readEnumerator(reader: FileReader, node: YamlNode, names: Set<string>): Enumerator | undefined {
  if (node.kind !== 'map') {
    reader.error(
      'ATTRIBUTE_KIND',
      node,
      `An enumerator must be a mapping; it is ${kindOf(node)}.`,
      'Write `name:` and `values:`.',
    )
    return undefined
  }
  reader.onlyKnown(node, KNOWN_OF_ENUMERATOR)
  const name = reader.text(node, 'name', 'meaning')
  const values: Enumerator['values'][number][] = []
  const seen = new Set<string>()
  for (const item of reader.list(node, 'values')) {
    const value = readValue(reader, item)
    if (value === undefined) continue
    if (seen.has(value.value)) {
      const text = `The value \`${value.value}\` stands twice in this enumerator.`
      reader.warn('ENUMERATOR_DUPLICATE', item, text, 'Remove one of them.')
    }
    seen.add(value.value)
    values.push(value)
  }
  if (name === undefined || name === '') {
    reader.error('ATTRIBUTE_MISSING', node, 'This enumerator has no `name`.', 'Add `name`.')
    return undefined
  }
  if (names.has(name)) {
    const text = `The enumerator \`${name}\` stands twice in this file; the first is used.`
    reader.warn('ENUMERATOR_DUPLICATE', node, text, 'Remove or rename one of them.')
  }
  names.add(name)
  return { name, values, at: reader.at(node) }
}

function readValue(reader: FileReader, node: YamlNode): Enumerator['values'][number] | undefined {
  if (node.kind !== 'map') {
    const text = `A value must be a mapping; it is ${kindOf(node)}.`
    reader.error('ATTRIBUTE_KIND', node, text, 'Write `value:` and `description:`.')
    return undefined
  }
  reader.onlyKnown(node, KNOWN_OF_VALUE)
  const description = reader.text(node, 'description', 'display') ?? ''
  const deprecated = reader.flag(node, 'deprecated')
  const at = node.get('value')
  if (at === undefined) {
    reader.error('ATTRIBUTE_MISSING', node, 'This enumerator value has no `value`.', 'Add `value`.')
    return undefined
  }
  if (at.kind === 'scalar' && reader.ambiguous(at, 'meaning')) return undefined
  const value = at.kind === 'scalar' ? scalarValue(at) : undefined
  if (typeof value === 'string') return { value, description, deprecated }
  reader.error(
    'ENUM_VALUE_NOT_TEXT',
    at,
    `An enumerator value must be a text; it is ${kindOf(at)}.`,
    'Write it in quotes.',
  )
  return undefined
}

// What is ambiguous was reported where it was read.
const alreadyReported = (): void => undefined

/** The file as it is stored: in the order of the file, with the real file name, and with what has a default in it. */
function wholeDocument(file: RawFile, map: YamlMap, version: number, locked: boolean): Doc {
  const entries = new Map<string, Value>()
  for (const { key, value } of map.entries) entries.set(key.text, yamlValue(value, alreadyReported))
  entries.set('file_name', file.name)
  entries.set('_locked', locked)
  entries.set('version', version)
  if ((entries.get('enumerators') ?? null) === null) entries.set('enumerators', [])
  return docOf(entries)
}
