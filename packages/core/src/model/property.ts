import type { YamlMap, YamlNode } from '../text/yaml-node.ts'
import { kindOf, type FileReader } from './file-reader.ts'
import type { Property } from './model.ts'
import { isPlainFileName } from './names.ts'

export const COMMON = ['name', 'description', 'type', 'required', 'nullable']
/** The attributes that each kind adds to the common ones. */
export const OWN: Readonly<Record<string, readonly string[]>> = {
  object: ['properties', 'additional_properties'],
  array: ['items', 'min_items', 'max_items', 'unique_items'],
  simple: ['schema'],
  complex: ['json_type', 'bson_type'],
  enum: ['enums'],
  enum_array: ['enums'],
  constant: ['constant'],
  one_of: ['properties'],
  ref: ['ref'],
}
const KNOWN = new Map(Object.entries(OWN).map(([kind, own]) => [kind, new Set([...COMMON, ...own])]))
const KNOWN_OF_CUSTOM: ReadonlySet<string> = new Set(COMMON)
const OF_OTHER_KINDS = new Map<string, string>()
for (const [kind, own] of Object.entries(OWN)) {
  for (const name of own) {
    const others = OF_OTHER_KINDS.get(name)
    OF_OTHER_KINDS.set(name, others === undefined ? `to kind \`${kind}\`` : `${others} or \`${kind}\``)
  }
}
const ENVELOPE = new Set(['file_name', '_locked'])

/** Every attribute that some kind of property knows, for the message about one that stands beside `root`. */
export const PROPERTY_ATTRIBUTES: ReadonlySet<string> = new Set([...COMMON, ...Object.values(OWN).flat()])

/** Where a property stands decides what a missing name means. */
type Position = 'property' | 'items' | 'dictionary root' | 'type root'

/**
 * Reads one property with all that is below it. `undefined` when it cannot be used, which is reported then; what is
 * wrong below is reported in any case.
 */
export function readProperty(
  reader: FileReader,
  node: YamlNode,
  position: Position,
  fallback: string,
): Property | undefined {
  if (node.kind !== 'map') {
    reader.error(
      'ATTRIBUTE_KIND',
      node,
      `A property must be a mapping; it is ${kindOf(node)}.`,
      'Write `name:` and `type:`.',
    )
    return undefined
  }
  const name = readName(reader, node, position, fallback)
  const description = reader.text(node, 'description', 'meaning') ?? ''
  const type = readType(reader, node)
  const required = reader.flag(node, 'required')
  const nullable = reader.flag(node, 'nullable')
  reader.onlyKnown(node, KNOWN.get(type) ?? KNOWN_OF_CUSTOM, (attribute) => placeOf(attribute, position))
  const property = readKind(reader, node, type, {
    name: name ?? '',
    description,
    required,
    nullable,
    at: reader.at(node),
  })
  return name === undefined ? undefined : property
}

function placeOf(attribute: string, position: Position): string | undefined {
  const atRoot = position === 'dictionary root' || position === 'type root'
  if (atRoot && ENVELOPE.has(attribute)) return 'to the top of the file, beside `root`'
  return OF_OTHER_KINDS.get(attribute)
}

function readName(reader: FileReader, map: YamlMap, position: Position, fallback: string): string | undefined {
  const name = reader.text(map, 'name', 'meaning')
  if (name === undefined || name === '') {
    const text = 'This property has no `name`.'
    if (position === 'type root')
      reader.warn('PROPERTY_NAME_MISSING', map, 'The root of this type has no `name`.', `Add \`name: ${fallback}\`.`)
    if (position === 'property')
      reader.error('PROPERTY_NAME_MISSING', map, text, 'Add `name`, or look for it misspelt.')
    return position === 'property' ? undefined : fallback
  }
  if (position === 'property' && (name.startsWith('$') || name.includes('.') || name.includes('\0'))) {
    const severity = name.includes('\0') ? 'error' : 'warn'
    const text = `MongoDB cannot address a field named \`${name.replaceAll('\0', '\\0')}\` well.`
    reader[severity](
      'PROPERTY_NAME_INVALID',
      map.get('name') ?? map,
      text,
      'Use no `$` at the start, no dot, no null character.',
    )
  }
  return name
}

function readType(reader: FileReader, map: YamlMap): string {
  const type = reader.text(map, 'type', 'meaning')
  if (type !== undefined && type !== '') return type
  reader.warn(
    'PROPERTY_WITHOUT_TYPE',
    map,
    'This property has no `type`; it is taken as the custom type `void`.',
    'Add `type`.',
  )
  return 'void'
}

type Common = Pick<Property, 'name' | 'description' | 'required' | 'nullable' | 'at'>

function readKind(reader: FileReader, map: YamlMap, type: string, common: Common): Property | undefined {
  switch (type) {
    case 'object': {
      const additionalProperties = readAdditional(reader, map)
      return { ...common, kind: 'object', properties: readProperties(reader, map), additionalProperties }
    }
    case 'array':
      return readArray(reader, map, common)
    case 'simple': {
      const schemaAt = reader.at(map.get('schema') ?? map)
      return { ...common, kind: 'simple', schema: reader.fragment(map, 'schema'), schemaAt }
    }
    case 'complex': {
      const jsonTypeAt = reader.at(map.get('json_type') ?? map)
      const bsonTypeAt = reader.at(map.get('bson_type') ?? map)
      const jsonType = reader.fragment(map, 'json_type')
      return {
        ...common,
        kind: 'complex',
        jsonType,
        bsonType: reader.fragment(map, 'bson_type'),
        jsonTypeAt,
        bsonTypeAt,
      }
    }
    case 'enum':
    case 'enum_array': {
      const enums = needText(reader, map, 'enums', 'Name an enumerator of the enumerators files.')
      return enums === undefined ? undefined : { ...common, kind: type, enums }
    }
    case 'constant': {
      const node = map.get('constant')
      if (node === undefined) missing(reader, map, 'constant', 'Give the value that the field must have.', 'warn')
      return { ...common, kind: 'constant', constant: node === undefined ? '' : reader.value(node) }
    }
    case 'one_of':
      return { ...common, kind: 'one_of', properties: readProperties(reader, map) }
    case 'ref': {
      const ref = needText(reader, map, 'ref', 'Name a file of the dictionaries folder.')
      return ref === undefined || !isPlain(reader, map, 'ref', ref) ? undefined : { ...common, kind: 'ref', ref }
    }
    default:
      return isPlain(reader, map, 'type', type) ? { ...common, kind: 'custom', type } : undefined
  }
}

function readArray(reader: FileReader, map: YamlMap, common: Common): Property | undefined {
  const minItems = reader.count(map, 'min_items')
  const maxItems = reader.count(map, 'max_items')
  const uniqueItems = reader.flag(map, 'unique_items')
  const node = map.get('items')
  if (node === undefined) {
    missing(reader, map, 'items', 'Describe the items: `items: {type: word}`.')
    return undefined
  }
  const items = readProperty(reader, node, 'items', 'items')
  return items && { ...common, kind: 'array', items, minItems, maxItems, uniqueItems }
}

function readProperties(reader: FileReader, map: YamlMap): Property[] {
  const properties: Property[] = []
  for (const node of reader.list(map, 'properties')) {
    const property = readProperty(reader, node, 'property', '')
    if (property !== undefined) properties.push(property)
  }
  return properties
}

/** `additional_properties`: true, false, or a schema that is passed through. */
function readAdditional(reader: FileReader, map: YamlMap) {
  const node = map.get('additional_properties')
  return node?.kind === 'map' ? reader.value(node) : reader.flag(map, 'additional_properties')
}

function needText(reader: FileReader, map: YamlMap, name: string, hint: string): string | undefined {
  const text = reader.text(map, name, 'meaning')
  if (text !== undefined && text !== '') return text
  const node = map.get(name)
  // Something of another kind is reported already.
  if (node === undefined || node.kind === 'scalar') missing(reader, map, name, hint)
  return undefined
}

function missing(
  reader: FileReader,
  map: YamlMap,
  name: string,
  hint: string,
  severity: 'error' | 'warn' = 'error',
): void {
  const type = map.get('type')
  const kind = type?.kind === 'scalar' ? `of kind \`${type.text}\` ` : ''
  reader[severity]('ATTRIBUTE_MISSING', map, `This property ${kind}needs \`${name}\`.`, hint)
}

function isPlain(reader: FileReader, map: YamlMap, attribute: string, name: string): boolean {
  if (isPlainFileName(name)) return true
  const text = `\`${attribute}\` is not a plain file name: ${JSON.stringify(name)}.`
  reader.error('NAME_NOT_PLAIN', map.get(attribute) ?? map, text, 'Name a file in its folder, without a path.')
  return false
}
