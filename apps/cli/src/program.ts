import { Command, CommanderError } from 'commander'
import { EXIT, type ExitCode } from '@stage0/types'
import type { Io } from './terminal/io.ts'
import { addApply } from './verbs/apply.ts'
import { addCancel } from './verbs/cancel.ts'
import { addCheck } from './verbs/check.ts'
import { addEmbedded } from './verbs/embedded.ts'
import { addHistory } from './verbs/history.ts'
import { addPause, addResume } from './verbs/pause.ts'
import { addPlan } from './verbs/plan.ts'
import { addRender } from './verbs/render.ts'
import { addServe } from './verbs/serve.ts'
import { addStart } from './verbs/start.ts'
import { addStatus } from './verbs/status.ts'
import { addUnlock } from './verbs/unlock.ts'
import type { Verbs } from './verbs/verb.ts'

const EXIT_CODES = `
Exit codes:
  0 done, or nothing to do       1 a step failed        2 changes (plan --detailed-exitcode)
  3 another run holds the lock   4 repository invalid   5 drift
  6 refused as unsafe            7 target unreachable or not permitted
  8 cancelled                    9 succeeded with leftovers
  64 wrong use                   128 + n killed by signal n`

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
  for (const add of [
    addCheck,
    addRender,
    addStatus,
    addPlan,
    addApply,
    addCancel,
    addPause,
    addResume,
    addUnlock,
    addHistory,
    addEmbedded,
    addServe,
    addStart,
  ])
    add(verbs)
  try {
    await program.parseAsync(args, { from: 'user' })
    return exit
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
    throw error
  }
}
