import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { readPlan, type SavedPlan } from '@stage0/core'
import { err, EXIT, ok, type ExitCode, type Result } from '@stage0/types'
import { tellFailure, type Failure } from '../failure.ts'
import { parseSeconds, withEvidence, withOutcomes, withPace, withTarget, type TargetOptions } from '../options.ts'
import type { Io } from '../terminal/io.ts'
import { agree, tellRisks } from '../wiring/agree.ts'
import { runPlan } from '../wiring/run-plan.ts'
import { withWorkbench } from '../wiring/workbench.ts'
import { examples, type Verbs } from './verb.ts'

interface ApplyOptions extends TargetOptions {
  readonly yes?: true
  readonly plan?: string
  readonly failFast?: true
  readonly wait?: number
}

const MS_PER_SECOND = 1000

export function addApply({ program, io, version, finish }: Verbs): void {
  withEvidence(withPace(withOutcomes(withTarget(program.command('apply')))))
    .description(
      'Brings the database to what the repository wants: locked, journaled, verified. Safe to repeat after any interruption.',
    )
    .option('--yes', 'do not ask')
    .option(
      '--plan <file>',
      'apply exactly the plan that `plan --out` wrote, what an interrupted run of it left, or nothing',
    )
    .option('--fail-fast', 'stop everything at the first failure, not only its collection')
    .option('--wait <seconds>', 'wait for another run to end', parseSeconds)
    .addHelpText(
      'after',
      examples('apply', 'apply --plan plan.json', 'apply --yes --collections user,organization --wait 60'),
    )
    .addHelpText(
      'after',
      '\nThe stored documents are looked at where it asks. As a batch job: AUTO_PROCESS=true stands for --yes; the other\nsettings are in docs/settings.md.',
    )
    .action(async (options: ApplyOptions) => finish(await apply(io, version, options)))
}

async function apply(io: Io, version: string, options: ApplyOptions): Promise<ExitCode> {
  const saved = options.plan === undefined ? ok(undefined) : await savedPlanOf(resolve(io.folder, options.plan))
  if (!saved.ok) return tellFailure(io, saved.error, options.json)
  return withWorkbench(io, options, async (workbench) => {
    const hasConsent = options.yes === true || saved.value !== undefined || workbench.settings.AUTO_PROCESS.value
    if (hasConsent && saved.value === undefined) await tellRisks(io, workbench)
    const agreed = hasConsent ? ok(saved.value) : await agree(io, workbench, options)
    if (!agreed.ok) return tellFailure(io, agreed.error, options.json)
    return runPlan(io, workbench, {
      command: 'stage0 apply',
      toolVersion: version,
      agreed: agreed.value,
      waitMs: options.wait === undefined ? undefined : options.wait * MS_PER_SECOND,
      failFast: options.failFast,
      json: options.json,
    })
  })
}

/** The plan of a file. It need not be trusted: its hash is compared, and the rest only says what changed. */
async function savedPlanOf(path: string): Promise<Result<SavedPlan, Failure>> {
  const unreadable = (message: string) => err<Failure>({ code: 'PLAN_FILE_UNREADABLE', message, exit: EXIT.usage })
  try {
    const plan = readPlan(await readFile(path, 'utf8'))
    if (plan.ok) return plan
    return unreadable(`${path} ${plan.error === 'changed' ? 'was changed after it was written' : 'is not a plan'}.`)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    return unreadable(`Cannot read ${path}: ${error.message}.`)
  }
}
