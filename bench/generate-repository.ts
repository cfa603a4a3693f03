import { createHash } from 'node:crypto'
import type { FolderKind, RawFile, RepositoryFiles } from '@stage0/core'

export interface RepositorySize {
  readonly collections: number
  readonly versions: number
  readonly properties: number
  readonly types: number
}

/** The repository that the acceptance names: 2,000 dictionaries, about 12 MB of YAML. */
export const ACCEPTANCE_SIZE: RepositorySize = { collections: 200, versions: 10, properties: 50, types: 200 }

const ENUMERATORS_FILES = 10
const ENUMERATORS = 40
const VALUES = 8

/**
 * A repository made by arithmetic alone: the same size gives the same bytes. Properties are of all ten kinds, with
 * descriptions of a usual length, so that a file of 50 has about 6 kB.
 */
export function generateRepository(size: RepositorySize): RepositoryFiles {
  const files: RawFile[] = []
  const add = (folder: FolderKind, name: string, text: string): void => {
    const hash = createHash('sha256').update(text).digest('hex')
    files.push({ folder, name, path: `${folder}/${name}`, text, hash })
  }
  for (let n = 0; n < ENUMERATORS_FILES; n++) add('enumerators', `enumerations.${n}.yaml`, enumeratorsFile(n))
  for (let t = 0; t < size.types; t++) add('types', `${typeName(t)}.yaml`, typeFile(t, size))
  for (let c = 0; c < size.collections; c++) {
    const name = `collection_${padded(c)}`
    add('configurations', `${name}.yaml`, configurationFile(name, size))
    for (let v = 0; v < size.versions; v++) add('dictionaries', `${name}.1.${v}.0.yaml`, dictionaryFile(c, v, size))
  }
  return { files, problems: [] }
}

const padded = (n: number): string => String(n).padStart(3, '0')
const typeName = (t: number): string => `type_${padded(t)}`

function enumeratorsFile(version: number): string {
  const enumerators = Array.from({ length: ENUMERATORS }, (_, e) => {
    const values = Array.from(
      { length: VALUES },
      (_, v) => `      - {value: value_${v}_${version}, description: Value ${v} of enumerator ${e}}\n`,
    )
    return `  - name: enumerator_${e}\n    values:\n${values.join('')}`
  })
  return `file_name: enumerations.${version}.yaml\n_locked: true\nversion: ${version}\nenumerators:\n${enumerators.join('')}`
}

/** Most types are fragments; every fourth is an object of types with smaller numbers, so there are no circles. */
function typeFile(t: number, size: RepositorySize): string {
  const head = `file_name: ${typeName(t)}.yaml\n_locked: false\nroot:\n  name: ${typeName(t)}\n  description: The custom type with number ${t}\n`
  if (t % 4 === 3 && t < size.types) {
    const properties = [1, 2, 3].map(
      (back) =>
        `    - name: part_${back}\n      description: Part ${back} of the type\n      type: ${typeName(t - back)}\n      required: ${back === 1}\n`,
    )
    return `${head}  type: object\n  properties:\n${properties.join('')}`
  }
  if (t % 4 === 2)
    return `${head}  type: complex\n  json_type:\n    type: string\n    format: date-time\n  bson_type:\n    bsonType: date\n`
  return `${head}  type: simple\n  schema:\n    type: string\n    pattern: "^[^\\\\s]{1,${40 + t}}$"\n`
}

function configurationFile(name: string, size: RepositorySize): string {
  const versions = Array.from({ length: size.versions }, (_, v) => {
    const drop = v === 0 ? '[]' : `[index_${v - 1}]`
    const index = `      - name: index_${v}\n        key: {property_${v}: 1, property_${v + 1}: -1}\n        options: {unique: false}\n`
    return `  - version: 1.${v}.0.${v % ENUMERATORS_FILES}\n    drop_indexes: ${drop}\n    migrations: []\n    add_indexes:\n${index}`
  })
  return `file_name: ${name}.yaml\n_locked: false\ntitle: ${name}\ndescription: A generated collection\nversions:\n${versions.join('')}`
}

function dictionaryFile(c: number, v: number, size: RepositorySize): string {
  const identity =
    '    - name: _id\n      description: The unique identifier of the document\n      type: type_000\n      required: true\n'
  const properties = Array.from({ length: size.properties - 1 }, (_, p) => property(p, c * 31 + v * 7 + p, size))
  return `file_name: collection_${padded(c)}.1.${v}.0.yaml\n_locked: false\nroot:\n  name: root\n  description: Generated dictionary ${c} in its version ${v}\n  type: object\n  required: false\n  additional_properties: false\n  properties:\n${identity}${properties.join('')}`
}

function property(p: number, seed: number, size: RepositorySize): string {
  const head = `    - name: property_${p}\n      description: Meaning of property ${p}\n      required: ${p % 3 === 0}\n`
  switch (p % 8) {
    case 0:
      return `${head}      type: enum\n      enums: enumerator_${seed % ENUMERATORS}\n`
    case 1:
      return `${head}      type: array\n      items:\n        name: item\n        description: One item\n        type: ${typeName(seed % size.types)}\n`
    case 2:
      return `${head}      type: simple\n      schema:\n        type: string\n        maxLength: ${100 + (seed % 100)}\n`
    case 3:
      return `${head}      type: enum_array\n      enums: enumerator_${seed % ENUMERATORS}\n`
    default:
      return `${head}      type: ${typeName(seed % size.types)}\n`
  }
}
