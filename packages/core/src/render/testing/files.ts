import type { FolderKind, RepositoryFiles } from '../../model/files.ts'
import type { Repository } from '../../model/model.ts'
import { readRepository } from '../../model/repository.ts'
import { sha256Hex } from '../../plan/canonical.ts'
import { checkRepository, type CheckResult } from '../check-repository.ts'

/** Files of a repository from texts by path: `{'types/word.yaml': '...'}`. */
export function filesOf(texts: Readonly<Record<string, string>>): RepositoryFiles {
  const files = Object.entries(texts).map(([path, text]) => {
    const [folder, name] = path.split('/') as [FolderKind, string]
    return { folder, name, path, text, hash: sha256Hex(text) }
  })
  return { files, problems: [] }
}

export const repositoryOf = (texts: Readonly<Record<string, string>>): Repository => readRepository(filesOf(texts))

/** Types that most samples need. */
export const STOCK: Readonly<Record<string, string>> = {
  'enumerators/enumerations.0.yaml': 'version: 0\nenumerators: []\n',
  'types/identifier.yaml': `root:
  name: identifier
  description: An identifier
  type: complex
  json_type: {type: string, pattern: "^[0-9a-f]{24}$"}
  bson_type: {bsonType: objectId}
`,
  'types/word.yaml': `root: {name: word, description: A word, type: simple, schema: {type: string, pattern: "^\\\\S+$"}}\n`,
}

/** A repository of one collection `thing` with one version 1.0.0, whose root has `_id` and these properties (YAML flow or block). */
export function thingWith(
  properties: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const list = ['{name: _id, description: Identity, type: identifier, required: true}', ...properties]
  return {
    ...STOCK,
    'configurations/thing.yaml': 'title: Things\nversions:\n  - version: 1.0.0\n',
    'dictionaries/thing.1.0.0.yaml': `root:\n  name: root\n  description: A thing\n  type: object\n  properties:\n${list.map((each) => `    - ${each}\n`).join('')}`,
    ...more,
  }
}

export const checkTexts = (texts: Readonly<Record<string, string>>, loadTestData = true): CheckResult =>
  checkRepository(repositoryOf(texts), { loadTestData })
