import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Argument } from 'commander'
import { EXIT, type ExitCode } from '@stage0/types'
import { tellFailure } from '../failure.ts'
import { countProblems, hasErrors, renderProblems } from '../present/problems.ts'
import { renderSarif } from '../present/sarif.ts'
import { checkFolder } from '../specs/check-folder.ts'
import { writeSpecificationSchemas } from '../specs/write-schemas.ts'
import type { Io } from '../terminal/io.ts'
import { examples, type Verbs } from './verb.ts'

interface SpecsOptions {
  readonly json?: true
  readonly sarif?: true
  readonly all?: true
}

const ACTS = ['check', 'schemas'] as const
type Act = (typeof ACTS)[number]

export function addSpecs({ program, io, version, finish }: Verbs): void {
  program
    .command('specs')
    .description(
      'Checks the specifications that templates are merged with: their form, and which domain owns which collection.',
    )
    .addArgument(
      new Argument(
        '<act>',
        'check: show every problem at once; schemas: write the JSON Schemas of the documents for editors, into .schemas',
      ).choices(ACTS),
    )
    .argument('<folder>', 'where product.yaml, catalog.yaml and architecture.yaml are')
    .option('--json', 'print the result as JSON')
    .option('--sarif', 'with check: print the problems as SARIF 2.1.0, for code hosts and editors')
    .option('--all', 'with check: list every warning instead of the first few of each kind')
    .addHelpText('after', examples('specs check ./specifications', 'specs schemas ./specifications'))
    .action(async (act: Act, folder: string, options: SpecsOptions) =>
      finish(await (act === 'check' ? check(io, version, folder, options) : schemas(io, folder, options))),
    )
}

async function check(io: Io, version: string, given: string, options: SpecsOptions): Promise<ExitCode> {
  const folder = resolve(io.folder, given)
  if (!(await isFolder(folder)))
    return tellFailure(
      io,
      {
        code: 'SPECIFICATIONS_UNUSABLE',
        message: `There is no folder ${given}.`,
        hint: 'Name the folder that holds product.yaml, catalog.yaml and architecture.yaml.',
        exit: EXIT.repositoryInvalid,
      },
      options.json,
    )
  const problems = await checkFolder(folder)
  if (options.sarif === true) io.out(renderSarif(problems, version, folder))
  else if (options.json === true) io.out(`${JSON.stringify({ ok: !hasErrors(problems), problems }, undefined, 2)}\n`)
  else io.out(`${renderProblems(problems, io.outColors, options.all)}${countProblems(problems)}\n`)
  return hasErrors(problems) ? EXIT.repositoryInvalid : EXIT.done
}

async function schemas(io: Io, given: string, options: SpecsOptions): Promise<ExitCode> {
  const written = await writeSpecificationSchemas(resolve(io.folder, given))
  if (!written.ok) return tellFailure(io, written.error, options.json)
  const { files, editorSettings } = written.value
  if (options.json === true) {
    io.out(`${JSON.stringify({ ok: true, files, editor_settings: editorSettings }, undefined, 2)}\n`)
    return EXIT.done
  }
  io.err(`Written: ${files.join(', ')}\n`)
  io.err('The settings for .vscode/settings.json of the folder:\n')
  io.out(`${JSON.stringify(editorSettings, undefined, 2)}\n`)
  return EXIT.done
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
