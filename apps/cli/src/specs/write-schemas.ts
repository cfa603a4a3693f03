import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { specificationSchemaFiles } from '@stage0/merge'
import { err, EXIT, ok, type Result } from '@stage0/types'
import type { Failure } from '../failure.ts'
import { writeAtomically } from '../present/write-atomically.ts'

/** Where the schemas are in a folder of specifications, as in a configuration repository. */
const SCHEMAS = '.schemas'

/**
 * Writes the JSON Schemas of the three documents beside them.
 *
 * @returns The names of the files, and the settings by which VS Code and its relatives use them.
 */
export async function writeSpecificationSchemas(
  folder: string,
): Promise<Result<{ readonly files: readonly string[]; readonly editorSettings: object }, Failure>> {
  const target = join(folder, SCHEMAS)
  const made = await mkdir(target).catch((error: NodeJS.ErrnoException) => error)
  if (made instanceof Error && made.code !== 'EEXIST') {
    const message = `Cannot make the folder ${target}: ${made.code ?? made.message}.`
    return err({ code: 'OUTPUT_NOT_WRITABLE', message, hint: 'Name a folder that is there.', exit: EXIT.usage })
  }
  const files = specificationSchemaFiles()
  for (const { name, text } of files) {
    const written = await writeAtomically(join(target, name), text)
    if (!written.ok) return written
  }
  const matches = files.map(({ name }) => [`./${SCHEMAS}/${name}`, name.replace('.schema.json', '.yaml')])
  return ok({
    files: files.map(({ name }) => `${SCHEMAS}/${name}`),
    editorSettings: { 'yaml.schemas': Object.fromEntries(matches) as Record<string, string> },
  })
}
