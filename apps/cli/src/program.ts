import { Command, CommanderError } from 'commander'
import { EXIT, type ExitCode } from '@stage0/types'
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
  check: async () => (await import('./verbs/check.ts')).addCheck,
  render: async () => (await import('./verbs/render.ts')).addRender,
  status: async () => (await import('./verbs/status.ts')).addStatus,
  plan: async () => (await import('./verbs/plan.ts')).addPlan,
  apply: async () => (await import('./verbs/apply.ts')).addApply,
  cancel: async () => (await import('./verbs/cancel.ts')).addCancel,
  pause: async () => (await import('./verbs/pause.ts')).addPause,
  resume: async () => (await import('./verbs/pause.ts')).addResume,
  unlock: async () => (await import('./verbs/unlock.ts')).addUnlock,
  history: async () => (await import('./verbs/history.ts')).addHistory,
  embedded: async () => (await import('./verbs/embedded.ts')).addEmbedded,
  serve: async () => (await import('./verbs/serve.ts')).addServe,
  start: async () => (await import('./verbs/start.ts')).addStart,
}

/** The verb that is named; all of them where none is, since the help and the answer to a typing error list them. */
function verbsFor(args: readonly string[]): Promise<readonly DeclareVerb[]> {
  const named = args.find((arg) => !arg.startsWith('-'))
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
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .exitOverride()
  const verbs: Verbs = { program, io, version, finish: (code) => (exit = code) }
  const isVersion = args.length === 1 && args[0] === '--version'
  if (!isVersion) for (const declare of await verbsFor(args)) declare(verbs)
  try {
    await program.parseAsync(args, { from: 'user' })
    return exit
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
    throw error
  }
}
