import { Ajv } from 'ajv'
import type { FolderKind } from '../../model/files.ts'
import { checkTexts, thingWith } from '../../render/testing/files.ts'
import { FILE_SCHEMAS, STRUCTURAL_CODES } from '../file-schemas.ts'
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

/** What the schema must see. */
export const STRUCTURAL: ReadonlySet<string> = new Set(STRUCTURAL_CODES)

/** Whether schema and check agree about a content; what they differ in, in words. */
export function disagreement(folder: FolderKind, content: Json): string | undefined {
  const refused = refusals(folder, content)
  const codes = reported(folder, textOf(content))
  if (refused.length > 0 && codes.length === 0) return `only the schema refuses it: ${refused.join('; ')}`
  const seen = codes.filter((code) => STRUCTURAL.has(code))
  return refused.length === 0 && seen.length > 0 ? `only the check reports it: ${seen.join(', ')}` : undefined
}
