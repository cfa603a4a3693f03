import { setImmediate } from 'node:timers/promises'
import { resolve } from 'node:path'
import { EXIT, type ExitCode } from '@stage0/types'
import { tellFailure } from '../failure.ts'
import { shown } from '../init/report.ts'
import { prepareMerge, writeMerge, type MergeRequest } from '../merge/merge-folders.ts'
import { tellMergeProblems } from '../merge/problems.ts'
import { tellFinished, tellMerge } from '../merge/tell-merge.ts'
import { writeProgress } from '../merge/write-progress.ts'
import type { Io } from '../terminal/io.ts'
import { visible } from '../terminal/visible.ts'
import { namedTemplate } from '../wiring/templates.ts'
import { examples, type Verbs } from './verb.ts'

interface MergeOptions {
  readonly template: string
  readonly specifications: string
  readonly output?: string
  readonly dryRun?: true
  readonly yes?: true
  readonly json?: true
}

export function addMerge({ program, io, version, finish }: Verbs): void {
  program
    .command('merge')
    .description('Makes a product out of a template and specifications. Writes all files or none.')
    .requiredOption(
      '--template <folder>',
      'the folder that holds .stage0_template, or the name of a template that came with the command: mongodb-api',
    )
    .requiredOption('--specifications <folder>', 'the specifications: YAML files, in folders or not')
    .option(
      '--output <folder>',
      'the product: a folder that is made, or has nothing but .git; without it the template folder itself becomes the product',
    )
    .option('--dry-run', 'list the files and write nothing')
    .option('--yes', 'do not ask before the template folder itself becomes the product')
    .option('--json', 'print the result as JSON, and ask nothing')
    .addHelpText(
      'after',
      examples(
        'merge --template mongodb-api --specifications ./specifications --output ./shop_mongodb_api',
        'merge --template ./my-template --specifications ./specifications --output ./shop --dry-run',
        'merge --template . --specifications ../specifications',
      ),
    )
    .addHelpText(
      'after',
      [
        '',
        'The names that the template declares are taken from the environment: SERVICE_NAME=shop stage0 merge ...',
        'The product tells in .stage0_merge.json what it was made of; values of the environment are not in it.',
      ].join('\n'),
    )
    .action(async (options: MergeOptions) => finish(await merge(io, version, options)))
}

async function merge(io: Io, version: string, options: MergeOptions): Promise<ExitCode> {
  const template = namedTemplate(options.template, io.folder)
  if (template.isBuiltIn && options.output === undefined) {
    const message = `The template ${options.template} came with the command, and cannot become the product itself.`
    const hint = 'Name the folder of the product with --output.'
    return tellFailure(io, { code: 'MERGE_OUTPUT_INVALID', message, hint, exit: EXIT.usage }, options.json)
  }
  const request: MergeRequest = {
    template: template.folder,
    specifications: resolve(io.folder, options.specifications),
    output: options.output === undefined ? undefined : resolve(io.folder, options.output),
    environment: io.environment,
    engine: version,
    isDryRun: options.dryRun === true,
  }
  const folder = request.output ?? request.template
  const folders = { template: request.template, specifications: request.specifications, output: folder }
  const prepared = prepareMerge(request)
  if (!prepared.ok) return tellMergeProblems(io, prepared.problems, folders, options.json)
  if (prepared.value.kind === 'finished') {
    tellFinished(io, folder, options.json)
    return EXIT.done
  }
  const { plan } = prepared.value.merge
  const report = { ...folders, folder, isInPlace: request.output === undefined, isDryRun: request.isDryRun, plan }
  if (!request.isDryRun) {
    const refused = await refusal(io, options, report.isInPlace, folder)
    if (refused !== undefined) return refused
    const written = writeMerge(prepared.value, io.folder, writeProgress(io))
    if (!written.ok) return tellMergeProblems(io, written.problems, folders, options.json)
  }
  tellMerge(io, report, options.json)
  return EXIT.done
}

/** A template that becomes the product is gone; on a terminal that is asked. A signal that came while planning counts as well. */
async function refusal(
  io: Io,
  { yes, json }: MergeOptions,
  isInPlace: boolean,
  folder: string,
): Promise<ExitCode | undefined> {
  const asks = isInPlace && io.interactive && yes !== true && json !== true
  const question = `Make the product out of the template ${visible(shown(io, folder))} itself? It is no template any more then. [y/N] `
  const answer = asks ? await io.ask(question) : 'y'
  await setImmediate()
  if (io.signal.aborted)
    return tellFailure(
      io,
      { code: 'CANCELLED', message: 'Cancelled: nothing was written.', exit: EXIT.cancelled },
      json,
    )
  if (/^\s*y(es)?\s*$/i.test(answer ?? '')) return undefined
  const message = 'Not confirmed: nothing was written.'
  return tellFailure(io, { code: 'NOT_CONFIRMED', message, exit: EXIT.refusedAsUnsafe }, json)
}
