import { renderProblemsReview } from '@stage0/core'
import { EXIT, type ExitCode, type Problem } from '@stage0/types'
import { readSnapshot } from '@stage0/workspace'
import { tellProblems } from '../failure.ts'
import { parseCount, withRepository, type RepositoryOptions } from '../options.ts'
import { countProblems, hasErrors, renderProblems } from '../present/problems.ts'
import { renderSarif } from '../present/sarif.ts'
import type { Io } from '../terminal/io.ts'
import { exitForSettings, readSettings, repositoryFolder, wantedFolder } from '../wiring/settings.ts'
import { examples, type Verbs } from './verb.ts'

interface CheckOptions extends RepositoryOptions {
  readonly sarif?: true
  readonly markdown?: true
  readonly markdownLimit?: number
  readonly all?: true
}

export function addCheck({ program, io, version, finish }: Verbs): void {
  withRepository(program.command('check'))
    .description('Checks a whole repository and shows every problem at once: place, code, what is wrong, what to do.')
    .option('--sarif', 'print the problems as SARIF 2.1.0, for code hosts and editors')
    .option('--markdown', 'print the problems as Markdown, for a review')
    .option('--markdown-limit <bytes>', 'with --markdown: so many bytes at most; the rest is counted', parseCount)
    .option('--all', 'list every warning instead of the first few of each kind')
    .option('--load-test-data', 'check as for an apply that loads test data (LOAD_TEST_DATA)')
    .addHelpText('after', examples('check --repository ./my-repository', 'check --sarif > problems.sarif'))
    .action(async (options: CheckOptions) => finish(await check(io, version, options)))
}

async function check(io: Io, version: string, options: CheckOptions): Promise<ExitCode> {
  const settings = readSettings(io, options)
  // In the form that is asked for too: who reads it must not lose why nothing else could be checked.
  if (!settings.ok) {
    const exit = exitForSettings(settings.error)
    if (reported(io, version, options, settings.error, wantedFolder(io, options))) return exit
    return tellProblems(io, settings.error, exit, options.json)
  }
  const folder = repositoryFolder(io, settings.value)
  const { problems } = await readSnapshot(folder, settings.value)
  if (reported(io, version, options, problems, folder)) return exitOf(problems)
  if (options.json === true) io.out(`${JSON.stringify({ ok: !hasErrors(problems), problems }, undefined, 2)}\n`)
  else io.out(`${renderProblems(problems, io.outColors, options.all)}${countProblems(problems)}\n`)
  return exitOf(problems)
}

/** Prints the report that is asked for; `false` where none is. */
function reported(
  io: Io,
  version: string,
  { sarif, json, markdown, markdownLimit }: CheckOptions,
  problems: readonly Problem[],
  folder: string,
): boolean {
  if (sarif === true) io.out(renderSarif(problems, version, folder))
  else if (markdown === true && json !== true) io.out(renderProblemsReview(problems, markdownLimit))
  else return false
  return true
}

const exitOf = (problems: readonly Problem[]): ExitCode => (hasErrors(problems) ? EXIT.repositoryInvalid : EXIT.done)
