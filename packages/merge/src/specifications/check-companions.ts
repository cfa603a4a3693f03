import { placeText, shown, type Finding } from './finding.ts'
import type { Named } from './model.ts'
import type { SpecificationFile } from './files.ts'
import { jsonFault } from './json-fault.ts'

const SCHEMA = /^schemas\/([^/]+)\.schema\.json$/

/** The JSON Schemas beside the documents: each is one, and where there are any, each name of the catalog has one. */
export function checkSchemas(
  files: readonly SpecificationFile[],
  catalog: readonly Named[] | undefined,
): readonly Finding[] {
  const schemas = files.filter(({ path }) => SCHEMA.test(path))
  const names = new Set(schemas.map(({ path }) => SCHEMA.exec(path)?.[1] ?? ''))
  const missing = schemas.length === 0 ? [] : (catalog ?? []).filter(({ name }) => !names.has(name))
  return [
    ...schemas.flatMap(checkSchema),
    ...missing.map(({ name, at }): Finding => ({
      code: 'SPECIFICATION_SCHEMA_MISSING',
      severity: 'warning',
      text: `There is no schemas/${name}.schema.json, while other collections have one.`,
      at,
    })),
    ...(catalog === undefined ? [] : schemas.flatMap((file) => checkIsInCatalog(file, catalog))),
  ]
}

function checkIsInCatalog({ path }: SpecificationFile, catalog: readonly Named[]): readonly Finding[] {
  const name = SCHEMA.exec(path)?.[1] ?? ''
  if (catalog.some((entry) => entry.name === name)) return []
  const other = catalog.find((entry) => entry.name.toLowerCase() === name.toLowerCase())
  return [
    {
      code: 'SPECIFICATION_SCHEMA_UNUSED',
      severity: 'warning',
      text: `The schema is that of ${shown(name)}, which is not in the catalog.`,
      ...(other === undefined
        ? {}
        : { hint: `The catalog has ${shown(other.name)} (${placeText(other.at)}): rename the file.`, other: other.at }),
      at: { file: path },
    },
  ]
}

function checkSchema({ path, text }: SpecificationFile): readonly Finding[] {
  const json = text.replace(/^\ufeff/, '')
  const fault = jsonFault(json)
  // An object is what begins like one.
  if (fault === undefined && /^[ \t\r\n]*\{/.test(json)) return []
  return [
    {
      code: 'SPECIFICATION_SCHEMA_INVALID',
      severity: 'error',
      text:
        fault === undefined ? 'The file holds JSON, but no JSON Schema: that is an object.' : 'The file is not JSON.',
      at: { file: path, ...(fault === undefined ? {} : placeAt(json, fault)) },
    },
  ]
}

function placeAt(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 }
}

/** Documents and folders of one name: templates could see only one of them, so a merge refuses both. */
export function checkHomonyms(files: readonly SpecificationFile[]): readonly Finding[] {
  const folders = new Set(
    files.flatMap(({ path }) => path.split('/').map((_, end, all) => all.slice(0, end).join('/'))),
  )
  return files
    .filter(({ path }) => path.endsWith('.yaml') && folders.has(withoutEnding(path)))
    .map(({ path }) => ({
      code: 'SPECIFICATIONS_UNUSABLE',
      severity: 'error',
      text: `There is a folder ${shown(withoutEnding(path))} beside the file: templates know both by one name.`,
      hint: 'Rename one of the two.',
      at: { file: path },
    }))
}

const withoutEnding = (path: string): string => path.slice(0, -'.yaml'.length)

/** Files that look like documents and are read by no template, because of how they are named. */
export const checkUnread = (files: readonly SpecificationFile[]): readonly Finding[] =>
  files
    .filter(({ path }) => /\.(?:yml|ya?ml)$/i.test(path) && !path.endsWith('.yaml'))
    .map(({ path }) => ({
      code: 'SPECIFICATION_FILE_UNREAD',
      severity: 'warning',
      text: 'No template reads the file: names of documents end in .yaml.',
      hint: `Rename it to ${shown(path.replace(/\.ya?ml$/i, '.yaml'))}.`,
      at: { file: path },
    }))
