import { editorSettings, FILE_SCHEMAS, STRUCTURAL_CODES, type FolderKind } from '@stage0/core'
import { specificationSchemaFiles } from '@stage0/merge'
import { GENERATED } from './generated.ts'
import { block, code, page, table } from './markdown.ts'

/** docs/schemas/README.md: the published schemas of repositories and specifications, how an editor uses them, and what they see. */
export function schemasPage(prose: string): string {
  const kinds = Object.keys(FILE_SCHEMAS) as readonly FolderKind[]
  const folders = Object.fromEntries(kinds.map((kind) => [kind, kind])) as Readonly<Record<FolderKind, string>>
  const rows = kinds.map((kind) => {
    const { fileName, schema } = FILE_SCHEMAS[kind]
    return [code(`${kind}/`), `[${fileName}](${fileName})`, String(schema['description'])]
  })
  const documents = specificationSchemaFiles().map(({ name, text }) => {
    const { description } = JSON.parse(text) as { readonly description: string }
    return [code(name.replace('.schema.json', '.yaml')), `[${name}](${name})`, description]
  })
  const filled = prose
    .trim()
    .replace('{{schemas}}', () => table(['files in', 'schema', 'each is'], rows))
    .replace('{{specifications}}', () => table(['document', 'schema', 'it says'], documents))
    .replace('{{settings}}', () => block('json', JSON.stringify(editorSettings(folders, '.schemas'), null, 2)))
    .replace('{{structural}}', () =>
      STRUCTURAL_CODES.map((name) => `[${code(name)}](../errors/README.md#${name.toLowerCase()})`).join(', '),
    )
  return page('# JSON Schemas of the files', GENERATED, filled)
}
