import type { Problem } from '@stage0/types'
import type { YamlMap } from '../text/yaml-node.ts'
import { FileReader } from './file-reader.ts'
import type { RawFile } from './files.ts'
import { wholeFile } from './locate.ts'
import type { Dictionary, Property, TypeDefinition } from './model.ts'
import { withoutExtension } from './names.ts'
import { PROPERTY_ATTRIBUTES, readProperty } from './property.ts'

export const KNOWN = new Set(['file_name', '_locked', 'root'])

/** A dictionary, or `undefined` when the file cannot be used as one. Findings are added to `problems`. */
export function readDictionary(file: RawFile, problems: Problem[]): Dictionary | undefined {
  const content = readRooted(file, problems, (reader, map) => {
    const root = map.get('root')
    return root && readProperty(reader, root, 'dictionary root', 'root')
  })
  return content && { fileName: file.name, ...content }
}

/** A type, or `undefined` when the file cannot be used as one. Findings are added to `problems`. */
export function readType(file: RawFile, problems: Problem[]): TypeDefinition | undefined {
  const name = withoutExtension(file.name)
  const content = readRooted(file, problems, (reader, map) => {
    const root = map.get('root')
    return root && readProperty(reader, root, 'type root', name)
  })
  return content && { name, ...content }
}

function readRooted(
  file: RawFile,
  problems: Problem[],
  readRoot: (reader: FileReader, map: YamlMap) => Property | undefined,
) {
  const reader = new FileReader(file, problems)
  const map = reader.root
  if (map === undefined) return undefined
  const locked = reader.flag(map, '_locked')
  reader.text(map, 'file_name', 'display')
  reader.onlyKnown(map, KNOWN, (name) => (PROPERTY_ATTRIBUTES.has(name) ? 'inside `root`' : undefined))
  if (!map.entry('root')) {
    reader.error(
      'ATTRIBUTE_MISSING',
      map,
      'The file has no `root`.',
      'Describe its content as a property under `root:`.',
    )
    return undefined
  }
  const root = readRoot(reader, map)
  return root && { locked, root, at: wholeFile(file) }
}
