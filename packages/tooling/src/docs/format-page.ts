import { FILE_SCHEMAS, type FolderKind, type Json } from '@stage0/core'
import { SETTINGS } from '@stage0/workspace'
import { GENERATED } from './generated.ts'
import { block, code, page, table } from './markdown.ts'
import { isSchema, listOf, rowsOf, type Link, type Schema } from './schema-rows.ts'

/** Each folder with the setting that renames it. */
const FOLDERS: Readonly<Record<FolderKind, keyof typeof SETTINGS>> = {
  configurations: 'CONFIGURATION_FOLDER',
  dictionaries: 'DICTIONARY_FOLDER',
  types: 'TYPE_FOLDER',
  enumerators: 'ENUMERATOR_FOLDER',
  test_data: 'TEST_DATA_FOLDER',
  migrations: 'MIGRATIONS_FOLDER',
}

/** Where a link in a table leads: a definition of a schema has its part of the page. */
const PARTS: Readonly<Record<string, string>> = {
  property: '[property](#properties)',
  items: '[property](#properties)',
  dictionaryRoot: '[property](#properties)',
  typeRoot: '[property](#properties)',
  fragment: '[fragment](#fragments)',
  simpleFragment: '[fragment](#fragments)',
  jsonFragment: '[fragment](#fragments)',
  jsonFragmentObject: '[fragment](#fragments)',
  bsonFragment: '[fragment](#fragments)',
}
const link: Link = (reference) => {
  const name = reference.split('/').at(-1) ?? ''
  const part = PARTS[name]
  if (part === undefined) throw new Error(`docs/format.md has no part for ${reference}`)
  return part
}

const MARKER = /^\{\{(\w+)(?: ([^}]*))?\}\}$/gm

/**
 * docs/format.md: the prose, with tables from the published schemas and files of the sample repository in the place of its
 * markers: `{{table types /definitions/property}}`, `{{words ...}}`, `{{kind enum}}`, `{{kinds}}`, `{{folders}}`, `{{sample path}}`.
 *
 * @param sample Reads a file of the sample repository.
 */
export function formatPage(prose: string, sample: (path: string) => string): string {
  const parts: Readonly<Record<string, (argument: string) => string>> = {
    folders: () => foldersTable(),
    table: (argument) => schemaTable(schemaAt(argument)),
    words: (argument) => wordsList(schemaAt(argument)),
    kinds: () => wordsList(kindsSchema()),
    kind: kindPart,
    sample: (path) => block(path.endsWith('.json') ? 'json' : 'yaml', commented(path, sample(path))),
  }
  const filled = prose.trim().replaceAll(MARKER, (marker, name: string, argument = '') => {
    const part = parts[name]
    if (part === undefined) throw new Error(`docs/format.md: nothing stands for ${marker}`)
    return part(argument)
  })
  return page('# The files of a repository', GENERATED, filled)
}

/** JSON takes no comments; the name of the file then stands in the text above. */
const commented = (path: string, text: string): string => (path.endsWith('.json') ? text : `# ${path}\n${text}`)

function foldersTable(): string {
  const rows = Object.entries(FILE_SCHEMAS).map(([folder, { fileName, schema }]) => {
    const name = FOLDERS[folder as FolderKind]
    const { default: standard } = SETTINGS[name]
    return [
      code(`${String(standard)}/`),
      String(schema['description']),
      code(name),
      `[${fileName}](schemas/${fileName})`,
    ]
  })
  return table(['folder', 'each file is', 'renamed by', 'schema'], rows)
}

/** "types /definitions/property": the place in the schema of a kind of file; without a pointer the schema itself. */
function schemaAt(argument: string): Schema {
  const [folder = '', pointer = ''] = argument.split(' ')
  if (!Object.hasOwn(FILE_SCHEMAS, folder)) throw new Error(`docs/format.md: no kind of file is called "${folder}"`)
  let place: Json = FILE_SCHEMAS[folder as FolderKind].schema
  for (const step of pointer.split('/').slice(1)) {
    const below: Json | undefined = isSchema(place) ? place[step] : undefined
    if (below === undefined) throw new Error(`docs/format.md: no ${pointer} in the schema of ${folder}`)
    place = below
  }
  if (!isSchema(place)) throw new Error(`docs/format.md: ${argument} is no schema`)
  return place
}

/** The attributes of one place; what is below them has tables of its own. */
function schemaTable(schema: Schema): string {
  const rows = rowsOf(schema, link).filter(({ path }) => !/[.[]/.test(path))
  return table(
    ['attribute', 'value', 'default', 'meaning'],
    rows.map(({ path, type, isRequired, description, schema: own }) => {
      const { default: fallback, examples } = own
      const example = type === 'text' || type.startsWith('text') ? listOf(examples)[0] : undefined
      return [
        `${code(path)}${isRequired ? ' (required)' : ''}`,
        type,
        fallback === undefined ? '' : code(JSON.stringify(fallback)),
        `${description}${example === undefined ? '' : ` For example ${code(String(example))}.`}`,
      ]
    }),
  )
}

function wordsList(schema: Schema): string {
  const meanings = listOf(schema['enumDescriptions'])
  return listOf(schema['enum'])
    .map((word, i) => `- ${code(String(word))}: ${String(meanings[i] ?? '')}`)
    .join('\n')
}

function kindsSchema(): Schema {
  const [kinds] = listOf(schemaAt('dictionaries /definitions/anyProperty/properties/type')['anyOf'])
  return isSchema(kinds) ? kinds : {}
}

/** A kind of property: its own attributes, and a property of that kind made of their examples. */
function kindPart(kind: string): string {
  const definition = kind.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase())
  const schema = schemaAt(`dictionaries /definitions/${definition}Property`)
  const own = Object.entries(isSchema(schema['properties']) ? schema['properties'] : {})
  const described = own.filter((entry): entry is [string, Schema] => isSchema(entry[1]))
  const example = Object.fromEntries(
    described.flatMap(([name, { examples }]) =>
      listOf(examples)[0] === undefined ? [] : [[name, listOf(examples)[0]]],
    ),
  )
  const property = { name: EXAMPLE_NAMES[kind] ?? kind, type: kind, ...example }
  const lines = Object.entries(property).map(([name, value]) => `${name}: ${flow(value ?? null)}`)
  return [`#### ${kind}`, schemaTable(schema), block('yaml', lines.join('\n'))].join('\n\n')
}

const EXAMPLE_NAMES: Readonly<Record<string, string>> = {
  object: 'address',
  array: 'keywords',
  simple: 'nickname',
  complex: 'born_at',
  enum: 'status',
  enum_array: 'statuses',
  constant: 'shape',
  one_of: 'figure',
  ref: 'address',
}

/** A value in the flow style of YAML, plain where that is unambiguous. */
function flow(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(flow).join(', ')}]`
  if (isSchema(value))
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${key}: ${flow(item)}`)
      .join(', ')} }`
  if (typeof value !== 'string') return JSON.stringify(value)
  return /^[A-Za-z][\w -]*$/.test(value) ? value : `'${value.replaceAll("'", "''")}'`
}
