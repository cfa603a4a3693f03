import { mkdir } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { editorSettings, schemaFiles } from '@stage0/core'
import { err, EXIT, ok, type ExitCode, type Result } from '@stage0/types'
import { workspaceOptions } from '@stage0/workspace'
import { tellFailure, tellProblems, type Failure } from '../failure.ts'
import { withRepository, type RepositoryOptions } from '../options.ts'
import { writeAtomically } from '../present/write-atomically.ts'
import type { Io } from '../terminal/io.ts'
import { exitForSettings, readSettings, repositoryFolder } from '../wiring/settings.ts'
import { examples, type Verbs } from './verb.ts'

interface SchemasOptions extends RepositoryOptions {
  readonly output?: string
}

/** Where the schemas are in a repository: beside its files, to be committed with them. */
const DEFAULT_OUTPUT = '.schemas'

export function addSchemas({ program, io, finish }: Verbs): void {
  withRepository(program.command('schemas'))
    .description(
      'Writes the JSON Schemas by which editors complete and check the files of a repository, and prints the settings for editors.',
    )
    .option('--output <folder>', `where to write them; ${DEFAULT_OUTPUT} in the repository without it`)
    .addHelpText('after', examples('schemas --repository ./my-repository', 'schemas --output ./editor/schemas'))
    .action(async (options: SchemasOptions) => finish(await schemas(io, options)))
}

async function schemas(io: Io, options: SchemasOptions): Promise<ExitCode> {
  const settings = readSettings(io, options)
  if (!settings.ok) return tellProblems(io, settings.error, exitForSettings(settings.error), options.json)
  const repository = repositoryFolder(io, settings.value)
  const folder = options.output === undefined ? join(repository, DEFAULT_OUTPUT) : resolve(io.folder, options.output)
  const written = await writeSchemas(folder, options.output !== undefined)
  if (!written.ok) return tellFailure(io, written.error, options.json)
  const settingsOfEditor = editorSettings(workspaceOptions(settings.value).folders, seenFrom(repository, folder))
  if (options.json === true) {
    const result = { ok: true, folder, files: written.value, editor_settings: settingsOfEditor }
    io.out(`${JSON.stringify(result, undefined, 2)}\n`)
    return EXIT.done
  }
  io.err(`Written to ${folder}: ${written.value.join(', ')}\n`)
  io.err('The settings for .vscode/settings.json of the repository:\n')
  io.out(`${JSON.stringify(settingsOfEditor, undefined, 2)}\n`)
  return EXIT.done
}

/** Writes all of them. Only a folder that is named is made with those above it: a repository must be there. */
async function writeSchemas(folder: string, isNamed: boolean): Promise<Result<readonly string[], Failure>> {
  const made = await mkdir(folder, { recursive: isNamed }).catch((error: NodeJS.ErrnoException) => error)
  if (made instanceof Error && made.code !== 'EEXIST') {
    const message = `Cannot make the folder ${folder}: ${made.code ?? made.message}.`
    return err({ code: 'OUTPUT_NOT_WRITABLE', message, hint: 'Name another folder with --output.', exit: EXIT.usage })
  }
  const files = schemaFiles()
  for (const { name, text } of files) {
    const written = await writeAtomically(join(folder, name), text)
    if (!written.ok) return written
  }
  return ok(files.map(({ name }) => name))
}

/** A folder as the settings of an editor name it: relative to the repository where it is on the same disk. */
function seenFrom(repository: string, folder: string): string {
  const path = relative(repository, folder)
  return isAbsolute(path) ? path : path.split(sep).join('/')
}
