import { repositoryOf } from '../../render/testing/files.ts'
import { inspectVersion, type InspectVersionOptions, type VersionInspection } from '../inspect-version.ts'

/** The collection `thing` of a repository made of texts, inspected; the newest version where none is named. Development only. */
export function inspected(
  texts: Readonly<Record<string, string>>,
  version?: string,
  options?: InspectVersionOptions,
): VersionInspection {
  const result = inspectVersion(repositoryOf(texts), 'thing', version, options)
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

/** The node of an inspection at a path. */
export function nodeAt({ nodes }: Pick<VersionInspection, 'nodes'>, path: string): VersionInspection['nodes'][number] {
  const node = nodes.find((one) => one.path === path)
  if (node === undefined) throw new Error(`no node ${path} among ${nodes.map((one) => one.path).join(' ')}`)
  return node
}

/** A dictionary file of an object with these properties (YAML flow). */
export const dictionary = (...properties: readonly string[]): string =>
  `root:\n  name: root\n  type: object\n  properties:\n${properties.map((each) => `    - ${each}\n`).join('')}`

/** An enumerators file; values by enumerator, in the order given. */
export const enumeratorsFile = (version: number, enums: Readonly<Record<string, readonly string[]>>): string =>
  `version: ${version}\nenumerators:\n${Object.entries(enums)
    .map(
      ([name, values]) =>
        `  - {name: ${name}, values: [${values.map((value) => `{value: ${value}, description: About ${value}}`).join(', ')}]}\n`,
    )
    .join('')}`
