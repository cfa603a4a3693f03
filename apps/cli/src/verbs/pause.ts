import { pauseRun } from '@stage0/engine'
import { EXIT, type ExitCode, type RunSummary } from '@stage0/types'
import { isGone } from '@stage0/workspace'
import { tellFailure } from '../failure.ts'
import { withConnection, type TargetOptions } from '../options.ts'
import { exitForTarget } from '../present/outcome.ts'
import { whoseRun } from '../present/runs.ts'
import type { Io } from '../terminal/io.ts'
import { withRecords } from '../wiring/workbench.ts'
import { tellUnanswered } from './asked.ts'
import { examples, type Verbs } from './verb.ts'

const RUN = '[run id]'
const WHICH = 'the run; without it the one that holds the lock'

export function addPause({ program, io, finish }: Verbs): void {
  withConnection(program.command('pause').argument(RUN, WHICH))
    .description(
      'Asks a run of any process to wait before its next step, or before the next range of an online migration. It keeps the lock.',
    )
    .addHelpText('after', examples('pause', 'pause 0f3c52f6-7a21-4f5e-9d0e-2b1c8f6a4d11'))
    .action(async (runId: string | undefined, options: TargetOptions) => finish(await ask(io, runId, options, true)))
}

export function addResume({ program, io, finish }: Verbs): void {
  withConnection(program.command('resume').argument(RUN, WHICH))
    .description('Asks a paused run to go on.')
    .addHelpText('after', examples('resume'))
    .action(async (runId: string | undefined, options: TargetOptions) => finish(await ask(io, runId, options, false)))
}

const ask = (io: Io, runId: string | undefined, options: TargetOptions, isPause: boolean): Promise<ExitCode> =>
  withRecords(io, options, async ({ target }) => {
    const asked = await pauseRun(target, isPause, runId, isGone)
    if (!asked.ok) {
      const failure = { ...asked.error, hint: '`stage0 history` lists the runs.', exit: exitForTarget(asked.error) }
      return tellFailure(io, failure, options.json)
    }
    if (asked.value.state !== 'asked')
      return tellUnanswered(io, asked.value, isPause ? 'pause' : 'resume', options.json)
    const json = { ok: true, exit_code: EXIT.done, ...asked.value }
    const text = sentence(asked.value.run, isPause)
    io.out(options.json === true ? `${JSON.stringify(json, undefined, 2)}\n` : `${text}\n`)
    return EXIT.done
  })

const sentence = (run: RunSummary, isPause: boolean): string =>
  isPause
    ? `${whoseRun(run)} has been asked to wait; it does so after the range or step that is under way.`
    : `${whoseRun(run)} has been asked to go on.`
