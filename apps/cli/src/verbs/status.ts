import { readStatus, type TargetStatus } from '@stage0/engine'
import { EXIT, type ExitCode } from '@stage0/types'
import { isGone } from '@stage0/workspace'
import { tellFailure } from '../failure.ts'
import { withTarget, type TargetOptions } from '../options.ts'
import { exitForRefused, exitForTarget } from '../present/outcome.ts'
import { hasErrors } from '../present/problems.ts'
import { renderStatus } from '../present/status.ts'
import type { Io } from '../terminal/io.ts'
import { withWorkbench } from '../wiring/workbench.ts'
import { examples, type Verbs } from './verb.ts'

export function addStatus({ program, io, finish }: Verbs): void {
  withTarget(program.command('status'))
    .description('Shows per collection what is recorded, what is newest, and what state it is in. Changes nothing.')
    .addHelpText('after', examples('status --uri mongodb://127.0.0.1:27017/ --database shop', 'status --json'))
    .addHelpText(
      'after',
      '\nAt work and paused: a run holds the lock. Interrupted: a run began it, and its lease has ended. Where something keeps a plan\nfrom being applied, the exit code is that of stage0 plan; 5 where a collection has drifted. Duplicates among stored documents\nare looked for by plan and apply alone.',
    )
    .action(async (options: TargetOptions) => finish(await status(io, options)))
}

const status = (io: Io, options: TargetOptions): Promise<ExitCode> =>
  withWorkbench(io, options, async ({ settings, target, wanted, planOptions }) => {
    const samples = settings.EVIDENCE_SAMPLES.value
    const input = { target, wanted, options: planOptions, samples }
    const read = await readStatus({ ...input, look: 'none', isGone, signal: io.signal })
    if (!read.ok) return tellFailure(io, { ...read.error, exit: exitForTarget(read.error) }, options.json)
    const exit = exitFor(read.value)
    io.out(
      options.json === true
        ? `${JSON.stringify(toJson(read.value, exit), undefined, 2)}\n`
        : renderStatus(read.value, io.outColors),
    )
    return exit
  })

/** As for a plan: what must not be applied counts before what differs. */
function exitFor({ problems, collections }: TargetStatus): ExitCode {
  if (hasErrors(problems)) return exitForRefused(problems)
  return collections.some(({ state }) => state === 'drifted') ? EXIT.drift : EXIT.done
}

/** The status without the journal of an interrupted run, which is the engine's own. */
const toJson = ({ interrupted, lock, isHolderGone, run, ...status }: TargetStatus, exit: ExitCode): object => ({
  ok: exit === EXIT.done,
  exit_code: exit,
  ...status,
  lock: lock ?? null,
  holder_gone: isHolderGone,
  run: run ?? null,
  interrupted:
    interrupted === undefined
      ? null
      : { run_id: interrupted.runId, started_at: interrupted.startedAt, holder: interrupted.holder },
})
