import { listRuns, readRunAtWork, readRunSnapshot, type TargetPort } from '@stage0/engine'
import { InvalidArgumentError } from 'commander'
import { EXIT, ok, type ExitCode } from '@stage0/types'
import { isGone } from '@stage0/workspace'
import { tellFailure } from '../failure.ts'
import { withConnection, type TargetOptions } from '../options.ts'
import { exitForTarget } from '../present/outcome.ts'
import { asSeenHere, renderRun, renderRuns } from '../present/runs.ts'
import type { Io } from '../terminal/io.ts'
import { withRecords } from '../wiring/workbench.ts'
import { examples, type Verbs } from './verb.ts'

interface HistoryOptions extends TargetOptions {
  readonly collection?: string
  readonly limit: number
}

const SHOWN = 20
const MOST = 1000

export function addHistory({ program, io, finish }: Verbs): void {
  withConnection(program.command('history').argument('[run id]', 'one run with all its steps'))
    .description('Lists the runs of a database, newest first: outcome, who, when, how many steps. Changes nothing.')
    .option('--collection <name>', 'runs with steps for this collection only')
    .option('--limit <number>', `how many runs, ${MOST} at most`, parseLimit, SHOWN)
    .addHelpText(
      'after',
      examples('history', 'history --collection user --limit 5', 'history 0f3c52f6-7a21-4f5e-9d0e-2b1c8f6a4d11'),
    )
    .action(async (runId: string | undefined, options: HistoryOptions) =>
      finish(
        await withRecords(io, options, ({ target }) =>
          runId === undefined ? list(io, target, options) : show(io, target, runId, options),
        ),
      ),
    )
}

function parseLimit(text: string): number {
  const limit = Number(text)
  if (!/^\d+$/.test(text) || limit < 1 || limit > MOST)
    throw new InvalidArgumentError(`A limit is a number from 1 to ${MOST}.`)
  return limit
}

async function list(io: Io, target: TargetPort, { collection, limit, json }: HistoryOptions): Promise<ExitCode> {
  const listed = await listRuns(target, { collection, offset: 0, limit })
  if (!listed.ok) return tellFailure(io, { ...listed.error, exit: exitForTarget(listed.error) }, json)
  const { total, lock } = listed.value
  const atWork = lock === undefined ? ok(undefined) : await readRunAtWork(target, lock.holder.runId)
  if (!atWork.ok) return tellFailure(io, { ...atWork.error, exit: exitForTarget(atWork.error) }, json)
  // Whether a run that is asked to pause waits already stands in its events, and only one run can be at work.
  const known = listed.value.runs.map((run) => (run.run_id === atWork.value?.run_id ? atWork.value : run))
  const runs = known.map((run) => asSeenHere(run, lock, isGone))
  io.out(json === true ? `${JSON.stringify({ runs, total }, undefined, 2)}\n` : renderRuns(runs, total, io.outColors))
  return EXIT.done
}

async function show(io: Io, target: TargetPort, runId: string, { json }: HistoryOptions): Promise<ExitCode> {
  const snapshot = await readRunSnapshot(target, runId)
  if (!snapshot.ok) return tellFailure(io, { ...snapshot.error, exit: exitForTarget(snapshot.error) }, json)
  if (snapshot.value === undefined) {
    const hint = '`stage0 history` lists the runs. One that found nothing to do is not recorded.'
    const failure = { code: 'RUN_UNKNOWN', message: `No run ${runId} is recorded.`, hint, exit: EXIT.usage }
    return tellFailure(io, failure, json)
  }
  const lock = await target.lock.read()
  if (!lock.ok) return tellFailure(io, { ...lock.error, exit: exitForTarget(lock.error) }, json)
  const { steps, warnings } = snapshot.value
  const run = asSeenHere(snapshot.value.run, lock.value, isGone)
  io.out(
    json === true
      ? `${JSON.stringify({ run, steps, warnings }, undefined, 2)}\n`
      : renderRun({ ...snapshot.value, run }, io.outColors),
  )
  return EXIT.done
}
