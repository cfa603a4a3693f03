import type { ErrorCode } from '@stage0/types'
import type { FolderKind } from '../model/files.ts'
import { CONFIGURATION } from './configuration-schema.ts'
import { ENUMERATORS, MIGRATION, TEST_DATA } from './data-schemas.ts'
import { closed, ENVELOPE, property, ref, type JsonSchema } from './json-schema.ts'
import { PROPERTY_DEFINITIONS } from './properties.ts'

export interface FileSchema {
  /** For example "dictionary.schema.json". */
  readonly fileName: string
  readonly schema: JsonSchema
}

const rooted = (root: string, description: string): JsonSchema => {
  const example = { name: 'email', type: 'simple', schema: { type: 'string' } }
  const others = Object.entries(PROPERTY_DEFINITIONS).filter(([name]) => !/Root$/.test(name) || name === root)
  return {
    ...closed({ ...ENVELOPE, root: property(description, { allOf: [ref(root)] }, [example]) }, ['root']),
    definitions: Object.fromEntries(others),
  }
}

const published = (kind: string, title: string, description: string, schema: JsonSchema): FileSchema => ({
  fileName: `${kind}.schema.json`,
  schema: {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `urn:stage0:schema:${kind}`,
    title,
    description,
    ...schema,
  },
})

/**
 * A JSON Schema for each kind of file of a repository, for editors: they complete and explain, and show while typing what
 * `stage0 check` would report.
 *
 * What a schema refuses, the check reports. What takes more than one place to see (numbers that repeat, files that are
 * missing, values that YAML 1.1 reads differently) is seen by the check alone.
 */
export const FILE_SCHEMAS: Readonly<Record<FolderKind, FileSchema>> = {
  configurations: published(
    'configuration',
    'Configuration',
    'A collection: its versions, with the indexes, migrations and test data of each.',
    CONFIGURATION,
  ),
  dictionaries: published(
    'dictionary',
    'Dictionary',
    'The schema of one version of a collection, or a part that several share.',
    rooted('dictionaryRoot', 'The document as a property, usually of kind `object`.'),
  ),
  types: published(
    'type',
    'Custom type',
    'A kind of property of your own, used by the name of its file.',
    rooted('typeRoot', 'What the type is, as a property.'),
  ),
  enumerators: published(
    'enumerators',
    'Enumerators',
    'One version of the lists of values that fields may have.',
    ENUMERATORS,
  ),
  test_data: published('test_data', 'Test data', 'Documents that are loaded where test data are wanted.', TEST_DATA),
  migrations: published('migration', 'Migration', 'One aggregation pipeline that changes stored documents.', MIGRATION),
}

/** The codes of what is wrong with the form of one file: what the check reports by one of them, the schema refuses too. */
export const STRUCTURAL_CODES: readonly ErrorCode[] = [
  'ATTRIBUTE_KIND',
  'ATTRIBUTE_MISPLACED',
  'ATTRIBUTE_MISSING',
  'ATTRIBUTE_UNKNOWN',
  'CONSTANT_NOT_STRING',
  'DATA_ITEM_INVALID',
  'DATA_NOT_ARRAY',
  'ENUMERATORS_VERSION',
  'ENUM_VALUE_NOT_TEXT',
  'FILE_NOT_MAPPING',
  'FRAGMENT_UNKNOWN_KEYWORD',
  'FRAGMENT_WITHOUT_TYPE',
  'NAME_NOT_PLAIN',
  'ONE_OF_EMPTY',
  'PROPERTY_NAME_INVALID',
  'PROPERTY_NAME_MISSING',
  'PROPERTY_WITHOUT_TYPE',
  'RISK_CODE_UNKNOWN',
  'VERSION_INVALID',
  'VERSION_ZERO',
  'YAML_EMPTY',
]

/** The schemas as files: six, ready to be written. */
export const schemaFiles = (): readonly { readonly name: string; readonly text: string }[] =>
  Object.values(FILE_SCHEMAS).map(({ fileName, schema }) => ({
    name: fileName,
    text: `${JSON.stringify(schema, null, 2)}\n`,
  }))

const IS_JSON: ReadonlySet<FolderKind> = new Set(['test_data', 'migrations'])

/**
 * The settings by which VS Code and its relatives use the schemas: YAML with the extension "YAML" of Red Hat, JSON by itself.
 *
 * @param folders The names of the folders of the repository, as the settings give them.
 * @param at      Where the schemas are, relative to the repository, with `/`; an absolute path as it is.
 */
export function editorSettings(folders: Readonly<Record<FolderKind, string>>, at: string) {
  const kinds = Object.keys(FILE_SCHEMAS) as readonly FolderKind[]
  const isBelow = !/^(?:\.\.\/|\/|[A-Za-z]:)/.test(at)
  const pathOf = (kind: FolderKind): string => `${isBelow ? './' : ''}${at}/${FILE_SCHEMAS[kind].fileName}`
  const yaml = kinds.filter((kind) => !IS_JSON.has(kind))
  return {
    'yaml.schemas': Object.fromEntries(
      yaml.map((kind) => [pathOf(kind), [`${folders[kind]}/*.yaml`, `${folders[kind]}/*.yml`]]),
    ),
    // A repository may have the other kinds in JSON as well.
    'json.schemas': kinds.map((kind) => ({ fileMatch: [`/${folders[kind]}/*.json`], url: pathOf(kind) })),
  }
}
