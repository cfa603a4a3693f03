import { Command, CommanderError } from 'commander'
import { EXIT, type ExitCode } from '@stage0/types'
import { tellFailure } from './failure.ts'
import { beforeOperands, swallowedOption } from './options.ts'
import type { Io } from './terminal/io.ts'
import type { DeclareVerb, Verbs } from './verbs/verb.ts'

const EXIT_CODES = `
Exit codes:
  0 done, or nothing to do       1 a step failed        2 changes (plan --detailed-exitcode)
  3 another run holds the lock   4 repository invalid   5 drift
  6 refused as unsafe            7 target unreachable or not permitted
  8 cancelled                    9 succeeded with leftovers
  64 wrong use                   128 + n killed by signal n`

/** In the order of the help. A verb's code is loaded when the verb is named: none waits for what only others need. */
const VERBS: Readonly<Record<string, () => Promise<DeclareVerb>>> = {
  init: async () => (await import('./verbs/init.ts')).addInit,
  check: async () => (await import('./verbs/check.ts')).addCheck,
  render: async () => (await import('./verbs/render.ts')).addRender,
  schemas: async () => (await import('./verbs/schemas.ts')).addSchemas,
  specs: async () => (await import('./verbs/specs.ts')).addSpecs,
  merge: async () => (await import('./verbs/merge.ts')).addMerge,
  template: async () => (await import('./verbs/template.ts')).addTemplate,
  status: async () => (await import('./verbs/status.ts')).addStatus,
  plan: async () => (await import('./verbs/plan.ts')).addPlan,
  roles: async () => (await import('./verbs/roles.ts')).addRoles,
  apply: async () => (await import('./verbs/apply.ts')).addApply,
  cancel: async () => (await import('./verbs/cancel.ts')).addCancel,
  pause: async () => (await import('./verbs/pause.ts')).addPause,
  resume: async () => (await import('./verbs/pause.ts')).addResume,
  unlock: async () => (await import('./verbs/unlock.ts')).addUnlock,
  history: async () => (await import('./verbs/history.ts')).addHistory,
  embedded: async () => (await import('./verbs/embedded.ts')).addEmbedded,
  serve: async () => (await import('./verbs/serve.ts')).addServe,
  console: async () => (await import('./verbs/console.ts')).addConsole,
  start: async () => (await import('./verbs/start.ts')).addStart,
}

/** The verb that is named; all of them where none is, since the help and the answer to a typing error list them. */
function verbsFor(args: readonly string[]): Promise<readonly DeclareVerb[]> {
  const named = verbOf(args)
  const loaders = Object.entries(VERBS).filter(([name]) => name === named)
  return Promise.all((loaders.length > 0 ? loaders : Object.entries(VERBS)).map(([, load]) => load()))
}

/**
 * Parses the arguments and runs the verb.
 *
 * @param args Without the interpreter and the script.
 * @returns The exit code; every expected failure has been told.
 */
export async function run(args: readonly string[], io: Io, version: string): Promise<ExitCode> {
  let exit: ExitCode = EXIT.done
  const program = new Command('stage0')
    .description(
      'Schema as code for MongoDB: checks a configuration repository, plans the difference to a database, and applies it.',
    )
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'explain the command')
    .helpCommand(false)
    .addHelpText('after', EXIT_CODES)
    // What is wrong with the use of the command is told below, as every other failure is.
    .configureOutput({ writeOut: io.out, writeErr: io.err, outputError: () => {} })
    .exitOverride()
  const verbs: Verbs = { program, io, version, finish: (code) => (exit = code) }
  const isVersion = args.length === 1 && args[0] === '--version'
  if (!isVersion) for (const declare of await verbsFor(args)) declare(verbs)
  const named = program.commands.find((command) => command.name() === verbOf(args))
  const swallowed = named && swallowedOption(named, args)
  if (swallowed !== undefined) return tellUsage(io, args, swallowed)
  try {
    await program.parseAsync(args, { from: 'user' })
    return exit
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return EXIT.done
    // Without a verb the help is the answer, and has been given.
    return error.code === 'commander.help' ? EXIT.usage : tellUsage(io, args, error.message)
  }
}

/** Whether the result is wanted as JSON, seen before the arguments are understood: they may be wrong. */
export const wantsJson = (args: readonly string[]): boolean => beforeOperands(args).includes('--json')

const verbOf = (args: readonly string[]): string | undefined => args.find((arg) => !arg.startsWith('-'))

function tellUsage(io: Io, args: readonly string[], text: string): ExitCode {
  const message = text.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ')
  const verb = verbOf(args)
  const hint = `\`stage0 ${verb !== undefined && verb in VERBS ? `${verb} ` : ''}--help\` explains the use.`
  return tellFailure(io, { code: 'USAGE', message, hint, exit: EXIT.usage }, wantsJson(args))
}
