import { Argument } from 'commander'
import { EXIT, type ExitCode, type Problem } from '@stage0/types'
import { tellProblems } from '../failure.ts'
import { withRepository, type RepositoryOptions } from '../options.ts'
import type { Io } from '../terminal/io.ts'
import { exitForSettings, readSettings, repositoryFolder } from '../wiring/settings.ts'
import { renderVersion, type SchemaForm } from '../wiring/render-version.ts'
import { examples, type Verbs } from './verb.ts'

export function addRender({ program, io, finish }: Verbs): void {
  withRepository(program.command('render'))
    .description('Prints the schema of one collection version, keys in declared order.')
    .addArgument(
      new Argument('<form>', 'json: JSON Schema; bson: what $jsonSchema of the validator holds').choices([
        'json',
        'bson',
      ]),
    )
    .argument('<collection>', 'name of the collection')
    .argument('[version]', 'for example 1.0.0.1; the newest without it')
    .addHelpText('after', examples('render bson user', 'render json user 1.0.0.1 > user.schema.json'))
    .action(async (form: SchemaForm, collection: string, version: string | undefined, options: RepositoryOptions) =>
      finish(await render(io, options, form, collection, version)),
    )
}

async function render(
  io: Io,
  options: RepositoryOptions,
  form: SchemaForm,
  collection: string,
  version: string | undefined,
): Promise<ExitCode> {
  const settings = readSettings(io, options)
  if (!settings.ok) return tellProblems(io, settings.error, exitForSettings(settings.error), options.json)
  const folder = repositoryFolder(io, settings.value)
  const text = await renderVersion(folder, settings.value, form, collection, version)
  if (!text.ok) return tellProblems(io, text.error, exitFor(text.error), options.json)
  io.out(`${text.value}\n`)
  return EXIT.done
}

/** Asking for what is not there is wrong use; anything else is wrong with the files. */
const exitFor = (problems: readonly Problem[]): ExitCode =>
  problems.every(({ code }) => code === 'COLLECTION_UNKNOWN' || code === 'VERSION_UNKNOWN')
    ? EXIT.usage
    : EXIT.repositoryInvalid
