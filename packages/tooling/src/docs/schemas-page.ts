import { editorSettings, FILE_SCHEMAS, STRUCTURAL_CODES, type FolderKind } from '@stage0/core'
import { GENERATED } from './generated.ts'
import { block, code, page, table } from './markdown.ts'

/** docs/schemas/README.md: the published schemas, how an editor uses them, and what they see. */
export function schemasPage(prose: string): string {
  const kinds = Object.keys(FILE_SCHEMAS) as readonly FolderKind[]
  const folders = Object.fromEntries(kinds.map((kind) => [kind, kind])) as Readonly<Record<FolderKind, string>>
  const rows = kinds.map((kind) => {
    const { fileName, schema } = FILE_SCHEMAS[kind]
    return [code(`${kind}/`), `[${fileName}](${fileName})`, String(schema['description'])]
  })
  const filled = prose
    .trim()
    .replace('{{schemas}}', () => table(['files in', 'schema', 'each is'], rows))
    .replace('{{settings}}', () => block('json', JSON.stringify(editorSettings(folders, '.schemas'), null, 2)))
    .replace('{{structural}}', () =>
      STRUCTURAL_CODES.map((name) => `[${code(name)}](../errors/README.md#${name.toLowerCase()})`).join(', '),
    )
  return page('# JSON Schemas of the files', GENERATED, filled)
}
