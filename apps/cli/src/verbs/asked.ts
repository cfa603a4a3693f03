import type { Asked } from '@stage0/engine'
import { EXIT, type ExitCode } from '@stage0/types'
import { tellFailure, type Failure } from '../failure.ts'
import { whoseRun } from '../present/runs.ts'
import type { Io } from '../terminal/io.ts'

type Unanswered = Exclude<Asked, { readonly state: 'asked' }>

const MS_PER_SECOND = 1000

/**
 * Tells that nobody is there who could do what a run was asked. To cancel what is not at work is nothing to do; to pause it, or to
 * let it go on, cannot be done.
 */
export function tellUnanswered(
  io: Io,
  asked: Unanswered,
  verb: 'cancel' | 'pause' | 'resume',
  json: boolean | undefined,
): ExitCode {
  if (asked.state === 'gone') return tellFailure(io, processGone(asked), json)
  const message = asked.state === 'nobody' ? `Nobody holds the lock: there is no run to ${verb}.` : notAtWork(asked)
  if (verb !== 'cancel') return tellFailure(io, { code: 'RUN_NOT_AT_WORK', message, exit: EXIT.usage }, json)
  if (json === true) io.out(`${JSON.stringify({ ok: true, exit_code: EXIT.done, ...asked }, undefined, 2)}\n`)
  else io.out(`${message}\n`)
  return EXIT.done
}

function notAtWork({ run }: Extract<Unanswered, { readonly state: 'ended' }>): string {
  const next = run.status === 'interrupted' ? '; the next `stage0 apply` finishes what it began' : ''
  return `${whoseRun(run)} is not at work: ${run.status.replaceAll('_', ' ')}${next}.`
}

function processGone({ run, held }: Extract<Unanswered, { readonly state: 'gone' }>): Failure {
  return {
    code: 'RUN_PROCESS_GONE',
    message: `${whoseRun(run)} is not at work: its process ${held.holder.pid} on this machine is no longer there. Its lock ends in ${Math.ceil(held.leftMs / MS_PER_SECOND)} s.`,
    hint: `\`stage0 unlock --if-owner ${run.run_id}\` frees the lock now. The next \`stage0 apply\` finishes what the run began.`,
    exit: EXIT.lockHeld,
  }
}
