import { resolve } from 'node:path'
import { Argument } from 'commander'
import { finishFormer, takeDifferences, testTemplate, type Difference, type TemplateTest } from '@stage0/merge'
import { err, EXIT, ok, type ExitCode, type Problem, type Result } from '@stage0/types'
import { tellFailure, type Failure } from '../failure.ts'
import { tellMergeProblems, warningsOf } from '../merge/problems.ts'
import { files as counted, tellFormer } from '../merge/tell-merge.ts'
import { tellTest, wholeDifference } from '../merge/template-test.ts'
import { renderProblems } from '../present/problems.ts'
import { parseCount } from '../options.ts'
import type { Io } from '../terminal/io.ts'
import { visible } from '../terminal/visible.ts'
import { examples, type Verbs } from './verb.ts'

interface TemplateOptions {
  readonly env?: readonly string[]
  readonly lines: number
  readonly all?: true
  readonly yes?: true
  readonly json?: true
}

const ACTS = ['test', 'diff', 'take'] as const
type Act = (typeof ACTS)[number]
/** Lines of each difference that a test shows. */
const LINES_SHOWN = 20

export function addTemplate({ program, io, finish }: Verbs): void {
  program
    .command('template')
    .description('Tests a template: merges it with its own sample, and compares with what is expected.')
    .addArgument(
      new Argument(
        '<act>',
        'test: compare all files; diff: show one file; take: what is made of these files is expected from now on',
      ).choices(ACTS),
    )
    .argument('<folder>', 'the template: the folder that holds .stage0_template')
    .argument('[files...]', 'with diff and take: files of the product')
    .option('--env <name=value>', 'a name of the environment; may be given for several', collect)
    .option('--lines <count>', 'with test: so many lines of each difference', parseCount, LINES_SHOWN)
    .option('--all', 'with take: every file that differs')
    .option('--yes', 'with take: do not ask before expected files are removed')
    .option('--json', 'print the result as JSON, and ask nothing')
    .addHelpText(
      'after',
      examples(
        'template test ./my-template',
        'template diff ./my-template README.md',
        'template take ./my-template README.md',
      ),
    )
    .addHelpText(
      'after',
      [
        '',
        'In .stage0_template: the sample is in Specifications or test_data, names of the environment with their values in',
        'test_environment.yaml, and the expected product in test_expected.',
      ].join('\n'),
    )
    .action(async (act: Act, folder: string, files: readonly string[], options: TemplateOptions) =>
      finish(await template(io, act, resolve(io.folder, folder), files, options)),
    )
}

async function template(
  io: Io,
  act: Act,
  folder: string,
  files: readonly string[],
  options: TemplateOptions,
): Promise<ExitCode> {
  const wrong = wrongUse(act, files, options)
  if (wrong !== undefined) return tellFailure(io, wrong, options.json)
  const former = act === 'take' ? finishFormer(folder) : undefined
  if (former?.ok === false) return tellMergeProblems(io, former.problems, { template: folder }, options.json)
  if (former?.value === true) tellFormer(io, folder)
  const before = former?.value === true ? { finished: true } : {}
  const tested = testTemplate(folder, io.environment, environmentOf(options))
  if (!tested.ok) return tellMergeProblems(io, tested.problems, { template: folder }, options.json, before)
  const warnings = warningsOf(io, tested.value.warnings, { template: folder })
  if (act === 'test') return tellTest(io, tested.value, warnings, options)
  const chosen = options.all === true ? ok(tested.value.differences) : choose(tested.value, files)
  if (!chosen.ok) return tellFailure(io, chosen.error, options.json, before)
  if (act === 'take') return take(io, tested.value, chosen.value, warnings, options, before)
  if (options.json === true) return tellTest(io, { ...tested.value, differences: chosen.value }, warnings, options)
  io.err(renderProblems(warnings, io.errColors))
  io.out(chosen.value.map((one) => wholeDifference(io, one)).join(''))
  return EXIT.done
}

function wrongUse(act: Act, files: readonly string[], { all, env = [] }: TemplateOptions): Failure | undefined {
  const usage = (message: string, hint: string): Failure => ({ code: 'USAGE', message, hint, exit: EXIT.usage })
  // It may be the value, and that a secret.
  if (env.some((text) => text.indexOf('=') < 1))
    return usage('--env needs a name and a value; what was given is not shown.', 'Give NAME=value.')
  if (act === 'test' && files.length > 0)
    return usage('A test compares all files.', 'Use `stage0 template diff` for some of them.')
  if (act === 'take' && files.length === 0 && all !== true)
    return usage('Take which files?', 'Name them, or give --all for every file that differs.')
  if (act === 'diff' && files.length === 0 && all !== true)
    return usage('Show the difference of which files?', 'Name them, or give --all for every file that differs.')
  if (all === true && (files.length > 0 || act === 'test'))
    return usage('--all is for diff and take without files.', 'Leave it out, or leave the files out.')
  return undefined
}

/** Files by their path in the product; `./` before it is as good. */
function choose(
  { paths, differences }: TemplateTest,
  files: readonly string[],
): Result<readonly Difference[], Failure> {
  const wanted = files.map((file) => file.replace(/^(?:\.\/)+/, ''))
  const unknown = wanted.find((file) => !paths.has(file))
  if (unknown === undefined) return ok(differences.filter(({ path }) => wanted.includes(path)))
  return err({
    code: 'USAGE',
    message: `${unknown} is neither made nor expected.`,
    hint: 'Name files as they are called in the product.',
    exit: EXIT.usage,
  })
}

async function take(
  io: Io,
  tested: TemplateTest,
  differences: readonly Difference[],
  warnings: readonly Problem[],
  { yes, json }: TemplateOptions,
  before: object,
): Promise<ExitCode> {
  const removed = differences.filter(({ kind }) => kind === 'missing').map(({ path }) => path)
  if (removed.length > 0 && yes !== true) {
    const refused = await askToRemove(io, removed, json, before)
    if (refused !== undefined) return refused
  }
  const taken = takeDifferences(tested, differences)
  if (!taken.ok) return tellMergeProblems(io, taken.problems, { template: tested.template.folder }, json, before)
  const paths = differences.filter(({ kind }) => kind !== 'missing').map(({ path }) => path)
  if (json !== true) io.err(renderProblems(warnings, io.errColors))
  const report = { ok: true, exit_code: EXIT.done, ...before, taken: paths, removed, problems: warnings }
  if (json === true) io.out(`${JSON.stringify(report, undefined, 2)}\n`)
  else io.out(`${counted(paths.length)} taken, ${removed.length} removed from what is expected.\n`)
  return EXIT.done
}

async function askToRemove(
  io: Io,
  removed: readonly string[],
  json: boolean | undefined,
  before: object,
): Promise<ExitCode | undefined> {
  if (!io.interactive || json === true) {
    const message = `These files are no longer made, and would be removed from what is expected: ${removed.join(', ')}.`
    const hint = 'Agree with --yes.'
    return tellFailure(io, { code: 'CONFIRMATION_NEEDED', message, hint, exit: EXIT.refusedAsUnsafe }, json, before)
  }
  io.err(removed.map((path) => `${visible(path)}\n`).join(''))
  const answer = await io.ask(`Remove ${counted(removed.length)} from what is expected? [y/N] `)
  if (/^\s*y(es)?\s*$/i.test(answer ?? '')) return undefined
  const message = 'Not confirmed: nothing was changed.'
  return tellFailure(io, { code: 'NOT_CONFIRMED', message, exit: EXIT.refusedAsUnsafe }, json, before)
}

const collect = (text: string, former: readonly string[] = []): readonly string[] => [...former, text]

/** `NAME=value`; the value may be empty, and may have an equals sign. */
const environmentOf = ({ env = [] }: TemplateOptions): Readonly<Record<string, string>> =>
  Object.fromEntries(env.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]))
