import { Ajv } from 'ajv'
import type { FolderKind } from '../../model/files.ts'
import { checkTexts, thingWith } from '../../render/testing/files.ts'
import { FILE_SCHEMAS } from '../file-schemas.ts'
import type { Json } from '../json-schema.ts'

/** Editors know `enumDescriptions`, the specification does not; they all read the schema as draft 7. */
export const newAjv = (): Ajv => new Ajv({ allErrors: true, strict: false, validateFormats: false })

const ajv = newAjv()
const VALIDATORS = Object.fromEntries(
  Object.entries(FILE_SCHEMAS).map(([folder, { schema }]) => [folder, ajv.compile(schema)]),
) as Record<FolderKind, ReturnType<Ajv['compile']>>

/** What the schema says against the content of a file; nothing where it takes it. */
export function refusals(folder: FolderKind, content: unknown): readonly string[] {
  const validate = VALIDATORS[folder]
  return validate(content)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

/** Where the file under test stands, so that a version, a property or a migration uses it. */
const PATHS: Readonly<Record<FolderKind, string>> = {
  configurations: 'configurations/thing.yaml',
  dictionaries: 'dictionaries/thing.1.0.0.yaml',
  types: 'types/mine.yaml',
  enumerators: 'enumerators/e.yaml',
  test_data: 'test_data/t.json',
  migrations: 'migrations/m.json',
}

const AROUND = thingWith(['{name: mine, type: mine}'], {
  'configurations/thing.yaml': 'versions:\n  - {version: 1.0.0, migrations: [m.json], test_data: t.json}\n',
  'types/mine.yaml': 'root: {name: mine, type: word}\n',
  'migrations/m.json': '[{"$out": "thing"}]',
  'test_data/t.json': '[]',
})

/** The codes that the check reports about a file with this text, errors and warnings. */
export function reported(folder: FolderKind, text: string): readonly string[] {
  const path = PATHS[folder]
  const { problems } = checkTexts({ ...AROUND, [path]: text })
  return problems.filter(({ file, severity }) => file === path && severity !== 'notice').map(({ code }) => code)
}

/** A value as the text of a file: JSON is YAML. */
export const textOf = (content: Json): string => `${JSON.stringify(content, null, 1)}\n`

/** What is wrong with the form of one file: the schema must see all of it. */
export const STRUCTURAL: ReadonlySet<string> = new Set([
  ...['FILE_NOT_MAPPING', 'YAML_EMPTY', 'DATA_NOT_ARRAY', 'DATA_ITEM_INVALID'],
  ...['ATTRIBUTE_KIND', 'ATTRIBUTE_MISSING', 'ATTRIBUTE_MISPLACED', 'ATTRIBUTE_UNKNOWN', 'NAME_NOT_PLAIN'],
  ...['PROPERTY_NAME_INVALID', 'PROPERTY_NAME_MISSING', 'PROPERTY_WITHOUT_TYPE', 'CONSTANT_NOT_STRING', 'ONE_OF_EMPTY'],
  ...['FRAGMENT_UNKNOWN_KEYWORD', 'FRAGMENT_WITHOUT_TYPE', 'RISK_CODE_UNKNOWN', 'VERSION_INVALID', 'VERSION_ZERO'],
  ...['ENUMERATORS_VERSION', 'ENUM_VALUE_NOT_TEXT'],
])

/** Whether schema and check agree about a content; what they differ in, in words. */
export function disagreement(folder: FolderKind, content: Json): string | undefined {
  const refused = refusals(folder, content)
  const codes = reported(folder, textOf(content))
  if (refused.length > 0 && codes.length === 0) return `only the schema refuses it: ${refused.join('; ')}`
  const seen = codes.filter((code) => STRUCTURAL.has(code))
  return refused.length === 0 && seen.length > 0 ? `only the check reports it: ${seen.join(', ')}` : undefined
}
