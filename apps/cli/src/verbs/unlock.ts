import { examineLock, unlock, type LockVerdict } from '@stage0/engine'
import { err, EXIT, ok, type ExitCode, type Result } from '@stage0/types'
import { holderOf, isGone, systemClock } from '@stage0/workspace'
import { tellFailure, type Failure } from '../failure.ts'
import { withConnection, type TargetOptions } from '../options.ts'
import { exitForTarget } from '../present/outcome.ts'
import { whoHolds } from '../present/runs.ts'
import type { Io } from '../terminal/io.ts'
import { withRecords, type Connected } from '../wiring/workbench.ts'
import { examples, type Verbs } from './verb.ts'

interface UnlockOptions extends TargetOptions {
  readonly ifOwner: string
  readonly yes?: true
  readonly force?: true
}

type GivenOptions = Omit<UnlockOptions, 'ifOwner'> & Partial<Pick<UnlockOptions, 'ifOwner'>>

/** The lock may have changed hands since somebody looked, so that it is never taken from whoever holds it now. */
const OWNER_MISSING = {
  code: 'USAGE',
  message: '--if-owner <run id> is required: the lock is taken away from the named run only.',
  hint: '`stage0 status` names the run that holds the lock. `stage0 unlock --help` explains the use.',
}

export function addUnlock({ program, io, finish }: Verbs): void {
  withConnection(program.command('unlock'))
    .description(
      'Takes the lock away from a run whose process is gone, before its lease ends by itself. The next apply finishes what that run began.',
    )
    .usage('--if-owner <run id> [options]')
    .option('--if-owner <run id>', 'required: the run that must hold the lock, as `stage0 status` names it')
    .option('--force', 'also where its process is seen to be alive: it then stops at its next step')
    .option('--yes', 'do not ask')
    .addHelpText('after', examples('unlock --if-owner 0f3c52f6-7a21-4f5e-9d0e-2b1c8f6a4d11'))
    .action(async ({ ifOwner, ...options }: GivenOptions) =>
      finish(
        ifOwner === undefined
          ? tellFailure(io, { ...OWNER_MISSING, exit: EXIT.usage }, options.json)
          : await release(io, { ...options, ifOwner }),
      ),
    )
}

const release = (io: Io, options: UnlockOptions): Promise<ExitCode> =>
  withRecords(io, options, async ({ target }) => {
    const verdict = await examine(io, { target }, options)
    if (!verdict.ok) return tellFailure(io, { ...verdict.error }, options.json)
    if (verdict.value.state === 'free') return tell(io, 'free', options)
    const agreed = await agree(io, verdict.value, options)
    if (!agreed.ok) return tellFailure(io, agreed.error, options.json)
    const released = await unlock(
      { target, runId: options.ifOwner, by: holderOf('stage0 unlock') },
      verdict.value.held.token,
    )
    if (!released.ok) return tellFailure(io, { ...released.error, exit: exitForTarget(released.error) }, options.json)
    return tell(io, released.value ? 'released' : 'free', options)
  })

/** Whether the process is alive is looked at where it matters. */
async function examine(
  io: Io,
  { target }: Pick<Connected, 'target'>,
  { ifOwner, force, yes, json }: UnlockOptions,
): Promise<Result<LockVerdict, Failure>> {
  const first = await examineLock({ target, runId: ifOwner, watch: false, clock: systemClock, signal: io.signal })
  if (!first.ok) return err({ ...first.error, exit: exitForTarget(first.error) })
  // Nobody needs to be watched whose process is known to be gone, nor where the lock will not be taken away.
  const watch =
    force !== true &&
    (yes === true || io.interactive) &&
    !(first.value.state === 'held' && isGone(first.value.held.holder))
  if (first.value.state === 'free' || !watch) return first
  if (json !== true) io.err(`Looking whether run ${ifOwner} extends its lease ...\n`)
  const verdict = await examineLock({ target, runId: ifOwner, watch: true, clock: systemClock, signal: io.signal })
  if (!verdict.ok) return err({ ...verdict.error, exit: exitForTarget(verdict.error) })
  if (verdict.value.state !== 'alive') return verdict
  const message = `${whoHolds(verdict.value.held)}, and has just extended its lease: it is at work.`
  return err({ code: 'LOCK_IN_USE', message, exit: EXIT.refusedAsUnsafe })
}

/** Taking a lock away cannot be undone, so it is asked about. */
async function agree(
  io: Io,
  verdict: Exclude<LockVerdict, { state: 'free' }>,
  options: UnlockOptions,
): Promise<Result<void, Failure>> {
  if (options.yes === true) return ok(undefined)
  if (!io.interactive) {
    const message = `${whoHolds(verdict.held)}. ${meaning(verdict)} There is no terminal to ask on, so the lock is as it was.`
    const hint = 'Give --yes to take the lock away without being asked.'
    return err({ code: 'CONFIRMATION_NEEDED', message, hint, exit: EXIT.refusedAsUnsafe })
  }
  io.err(`${whoHolds(verdict.held)}. ${meaning(verdict)}\n`)
  const answer = await io.ask('Take the lock away? [y/N] ')
  if (/^y(es)?$/i.test(answer?.trim() ?? '')) return ok(undefined)
  if (io.signal.aborted)
    return err({ code: 'CANCELLED', message: 'Cancelled: the lock is as it was.', exit: EXIT.cancelled })
  return err({ code: 'NOT_CONFIRMED', message: 'Not confirmed: the lock is as it was.', exit: EXIT.refusedAsUnsafe })
}

function meaning(verdict: Exclude<LockVerdict, { state: 'free' }>): string {
  if (isGone(verdict.held.holder))
    return `Its process ${verdict.held.holder.pid} on this machine is no longer there; the lock ends by itself in ${seconds(verdict.held.leftMs)}.`
  const ifAlive = 'stops at its next step, and what it has sent may still take effect'
  return verdict.state === 'silent'
    ? `It has not extended its lease for ${seconds(verdict.forMs)}. If its process is alive after all, it ${ifAlive}.`
    : `Whether its process is alive was not looked at: if it is, it ${ifAlive}.`
}

const seconds = (ms: number): string => `${Math.ceil(ms / 1000)} s`

function tell(io: Io, came: 'released' | 'free', { ifOwner, json }: UnlockOptions): ExitCode {
  const released = came === 'released'
  if (json === true)
    io.out(`${JSON.stringify({ ok: true, exit_code: EXIT.done, released, run_id: ifOwner }, undefined, 2)}\n`)
  else
    io.out(
      released
        ? `The lock of run ${ifOwner} is taken away. The next apply finishes what the run began.\n`
        : `Nobody holds the lock, run ${ifOwner} neither: nothing was to be freed.\n`,
    )
  return EXIT.done
}
