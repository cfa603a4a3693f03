import { setImmediate } from 'node:timers/promises'
import { resolve } from 'node:path'
import { Option } from 'commander'
import { err, EXIT, ok, type ExitCode, type Result } from '@stage0/types'
import { tellFailure, type Failure } from '../failure.ts'
import { shown } from '../init/report.ts'
import { errorsOfSpecifications } from '../merge/check-specifications.ts'
import { prepareMerge, writeMerge, type MergeRequest } from '../merge/merge-folders.ts'
import { tellMergeProblems, warningsOf } from '../merge/problems.ts'
import { tellFinished, tellFormer, tellMerge } from '../merge/tell-merge.ts'
import { writeProgress } from '../merge/write-progress.ts'
import type { Io } from '../terminal/io.ts'
import { visible } from '../terminal/visible.ts'
import { namedTemplate } from '../wiring/templates.ts'
import { examples, type Verbs } from './verb.ts'

interface MergeOptions {
  readonly template: string
  readonly specifications: string
  readonly output?: string
  readonly update?: true
  readonly keepMine?: true
  readonly takeTheirs?: true
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
    .option(
      '--update',
      'the product is there, made by a merge: what people changed in it stays, unless the template changed the same file',
    )
    .addOption(
      new Option('--keep-mine', 'with --update: of files that both changed keep those of people').conflicts(
        'takeTheirs',
      ),
    )
    .option('--take-theirs', 'with --update: of files that both changed take those of the template')
    .option('--dry-run', 'list the files and write nothing')
    .option('--yes', 'do not ask before the template folder itself becomes the product')
    .option('--json', 'print the result as JSON, and ask nothing')
    .addHelpText(
      'after',
      examples(
        'merge --template mongodb-api --specifications ./specifications --output ./shop_mongodb_api',
        'merge --template ./my-template --specifications ./specifications --output ./shop --dry-run',
        'merge --template mongodb-api --specifications ./specifications --output ./shop_mongodb_api --update',
        'merge --template . --specifications ../specifications',
      ),
    )
    .addHelpText(
      'after',
      [
        '',
        'The names that the template declares are taken from the environment: SERVICE_NAME=shop stage0 merge ...',
        'The product tells in .stage0_merge.json what it was made of. Values of the environment are in it, and in messages, only',
        'where a file is named by one.',
      ].join('\n'),
    )
    .action(async (options: MergeOptions) => finish(await merge(io, version, options)))
}

async function merge(io: Io, version: string, options: MergeOptions): Promise<ExitCode> {
  const asked = requestOf(io, version, options)
  if (!asked.ok) return tellFailure(io, asked.error, options.json)
  const { request, isBuiltIn } = asked.value
  const folder = request.output ?? request.template
  const folders = { template: request.template, specifications: request.specifications, output: folder }
  const { isFormerFinished, ready } = prepareMerge(request)
  const isAll = ready.ok && ready.value.kind === 'finished'
  if (isFormerFinished && !isAll) tellFormer(io, folder)
  const before = isFormerFinished ? { finished: true } : {}
  const isRead = ready.ok || !ready.problems.some(({ code }) => code === 'SPECIFICATIONS_UNUSABLE')
  const unparsed = ready.ok ? [] : ready.problems.filter(({ code }) => code === 'SPECIFICATION_NOT_PARSABLE')
  const told = new Set(unparsed.flatMap(({ at }) => (at === undefined ? [] : [at.file])))
  const doubts = isBuiltIn && isRead ? await errorsOfSpecifications(io, request.specifications, told) : []
  if (!ready.ok) return tellMergeProblems(io, ready.problems, folders, options.json, before, doubts)
  if (ready.value.kind === 'finished') {
    tellFinished(io, folder, options.json)
    return EXIT.done
  }
  const isInPlace = request.output === undefined
  if (!request.isDryRun) {
    const refused = await refusal(io, options, isInPlace, folder, before)
    if (refused !== undefined) return refused
    const written = writeMerge(ready.value, io.folder, writeProgress(io))
    if (!written.ok) return tellMergeProblems(io, written.problems, folders, options.json, before)
  }
  const { plan } = ready.value.merge
  const update = ready.value.kind === 'update' ? ready.value.update : undefined
  const { isDryRun } = request
  const warnings = [...warningsOf(io, plan.warnings, folders), ...doubts]
  tellMerge(io, { ...folders, folder, isInPlace, isDryRun, isFormerFinished, plan, update, warnings }, options.json)
  return EXIT.done
}

interface Asked {
  readonly request: MergeRequest
  /** Whether the template came with the command. */
  readonly isBuiltIn: boolean
}

function requestOf(io: Io, version: string, options: MergeOptions): Result<Asked, Failure> {
  const { output, update, keepMine, takeTheirs } = options
  const template = namedTemplate(options.template, io.folder)
  const usage = (message: string, hint: string): Result<never, Failure> =>
    err({ code: 'USAGE', message, hint, exit: EXIT.usage })
  const needed = 'Name the folder of the product with --output.'
  if (template.isBuiltIn && output === undefined)
    return usage(
      `The template ${options.template} came with the command, and cannot become the product itself.`,
      needed,
    )
  if (update === true && output === undefined) return usage('--update needs a product.', needed)
  if (update !== true && (keepMine === true || takeTheirs === true))
    return usage('--keep-mine and --take-theirs are for a product that is there.', 'Give --update besides.')
  const winner = keepMine === true ? 'mine' : takeTheirs === true ? 'theirs' : undefined
  const request: MergeRequest = {
    template: template.folder,
    specifications: resolve(io.folder, options.specifications),
    output: output === undefined ? undefined : resolve(io.folder, output),
    environment: io.environment,
    engine: version,
    isDryRun: options.dryRun === true,
    update: update === true ? { winner } : undefined,
  }
  return ok({ request, isBuiltIn: template.isBuiltIn })
}

/** A template that becomes the product is gone; on a terminal that is asked. A signal that came while planning counts as well. */
async function refusal(
  io: Io,
  { yes, json }: MergeOptions,
  isInPlace: boolean,
  folder: string,
  before: object,
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
      before,
    )
  if (/^\s*y(es)?\s*$/i.test(answer ?? '')) return undefined
  const message = 'Not confirmed: nothing was written.'
  return tellFailure(io, { code: 'NOT_CONFIRMED', message, exit: EXIT.refusedAsUnsafe }, json, before)
}
