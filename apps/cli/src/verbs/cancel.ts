import { awaitRunEnd, cancelRun, type Asked, type TargetPort } from '@stage0/engine'
import { EXIT, type ExitCode, type RunSummary } from '@stage0/types'
import { isGone, systemClock } from '@stage0/workspace'
import { tellFailure } from '../failure.ts'
import { parseSeconds, withConnection, type TargetOptions } from '../options.ts'
import { exitForTarget } from '../present/outcome.ts'
import { whoseRun } from '../present/runs.ts'
import type { Io } from '../terminal/io.ts'
import { withRecords } from '../wiring/workbench.ts'
import { tellUnanswered } from './asked.ts'
import { examples, type Verbs } from './verb.ts'

interface CancelOptions extends TargetOptions {
  readonly wait?: number
}

const MS_PER_SECOND = 1000

export function addCancel({ program, io, finish }: Verbs): void {
  withConnection(program.command('cancel').argument('[run id]', 'the run; without it the one that holds the lock'))
    .description(
      'Asks a run of any process to end in order, after the step or the range that is under way. The next apply goes on from there.',
    )
    .option('--wait <seconds>', 'wait for the run to end', parseSeconds)
    .addHelpText('after', examples('cancel', 'cancel 0f3c52f6-7a21-4f5e-9d0e-2b1c8f6a4d11 --wait 60'))
    .action(async (runId: string | undefined, options: CancelOptions) => finish(await cancel(io, runId, options)))
}

const cancel = (io: Io, runId: string | undefined, options: CancelOptions): Promise<ExitCode> =>
  withRecords(io, options, async ({ target }) => {
    const cancelled = await cancelRun(target, runId, isGone)
    if (!cancelled.ok)
      return tellFailure(
        io,
        { ...cancelled.error, hint: '`stage0 history` lists the runs.', exit: exitForTarget(cancelled.error) },
        options.json,
      )
    if (cancelled.value.state !== 'asked') return tellUnanswered(io, cancelled.value, 'cancel', options.json)
    if (options.wait === undefined) return tell(io, cancelled.value, sentence(cancelled.value.run), options.json)
    return wait(io, target, cancelled.value.run, options)
  })

async function wait(io: Io, target: TargetPort, run: RunSummary, options: CancelOptions): Promise<ExitCode> {
  if (options.json !== true) io.err(`${sentence(run)}\n`)
  const waitMs = (options.wait ?? 0) * MS_PER_SECOND
  const ended = await awaitRunEnd({ target, runId: run.run_id, waitMs, clock: systemClock, signal: io.signal })
  if (!ended.ok) return tellFailure(io, { ...ended.error, exit: exitForTarget(ended.error) }, options.json)
  const now = ended.value ?? run
  if (now.status !== 'running') {
    const text = `${whoseRun(now)} has ended: ${now.status.replaceAll('_', ' ')}.`
    return tell(io, { state: 'ended', run: now }, text, options.json)
  }
  if (io.signal.aborted) {
    const message = 'Stopped waiting; the run has been asked to end.'
    return tellFailure(io, { code: 'CANCELLED', message, exit: EXIT.cancelled }, options.json)
  }
  const message = `Run ${run.run_id} has been asked to end, and is still at work after ${options.wait} s.`
  return tellFailure(io, { code: 'LOCK_HELD', message, exit: EXIT.lockHeld }, options.json)
}

function tell(io: Io, cancelled: Asked, text: string, json: boolean | undefined): ExitCode {
  if (json === true) io.out(`${JSON.stringify({ ok: true, exit_code: EXIT.done, ...cancelled }, undefined, 2)}\n`)
  else io.out(`${text}\n`)
  return EXIT.done
}

const sentence = (run: RunSummary): string =>
  `${whoseRun(run)} has been asked to end; it does so after what is under way.`
