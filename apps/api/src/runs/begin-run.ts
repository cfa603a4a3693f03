import { LOCAL_ENVIRONMENT, savedPlan, type Plan } from '@stage0/core'
import type { LockState, StoredRun, TargetPort } from '@stage0/engine'
import type { RunError, RunEvent, RunStarted, Scope } from '@stage0/types'
import type { AppDeps } from '../deps.ts'
import { HttpProblem } from '../http-problem.ts'
import { startOwnRun, type OwnRun } from './own-run.ts'
import { prepareScope } from './prepare-scope.ts'
import { lockHeld, refusal } from './run-problems.ts'
import type { Turns } from './turns.ts'

/** What a run is asked for with. */
export interface BeginRun {
  readonly scope: Scope
  /** The hash of the plan that was reviewed: any other is refused. Whatever is planned now without it. */
  readonly planHash?: string | undefined
  /** The name of the database, typed, where the environment is not local. */
  readonly confirm?: string | undefined
  readonly failFast?: boolean | undefined
  readonly idempotencyKey?: string | undefined
  /** What others see who meet the lock. */
  readonly command: string
}

export interface RunListener {
  readonly onEvent: (event: RunEvent) => void
  readonly onDefect: (cause: unknown) => void
  readonly onRefused: (error: RunError) => void
}

/** Looks for the record of a run with our key that another process is about to make, and the time between two of them. */
const KEY_TRIES = 25
const KEY_MS = 200

/** The plans that were looked at here a short time ago: one that no longer fits can then be told with what changed. */
export interface ReviewedPlans {
  findByHash(hash: string): Plan | undefined
}

/** What goes on around the beginning of a run in this process. */
export interface Surroundings {
  /** Of all that begin a run: each plans, so many at once would be load, and all but one are refused anyway. */
  readonly turns: Turns
  readonly plans: ReviewedPlans
  /** Aborts when the service is ending. */
  readonly closing: AbortSignal
}

/** Begins a run, or finds the one that was begun with the same key. Failures as of `RunManager.begin`. */
export async function beginRun(
  deps: AppDeps,
  request: BeginRun,
  listener: RunListener,
  { turns, plans, closing }: Surroundings,
): Promise<{ readonly run: OwnRun } | { readonly earlier: RunStarted }> {
  agree(deps, request)
  const { target, wanted, options } = await prepareScope(deps, request.scope)
  const { planHash, idempotencyKey, failFast, command } = request
  const { STAGE0_LEASE_MS, MIGRATION_BATCH_SIZE, MIGRATION_PAUSE_MS, EVIDENCE_SAMPLES } = deps.settings
  const reviewed = planHash === undefined ? undefined : plans.findByHash(planHash)
  const start = (): ReturnType<typeof startOwnRun> =>
    startOwnRun({
      ...listener,
      target,
      wanted,
      options,
      expectedPlanHash: planHash,
      expectedPlan: reviewed && savedPlan(reviewed),
      idempotencyKey,
      failFast,
      holder: deps.holder(command, deps.newId()),
      leaseMs: STAGE0_LEASE_MS.value,
      isGone: deps.isGone,
      migration: { batchSize: MIGRATION_BATCH_SIZE.value, pauseMs: MIGRATION_PAUSE_MS.value },
      samples: EVIDENCE_SAMPLES.value,
      toolVersion: deps.version,
      clock: deps.clock,
    })
  const begun = await turns.next(async () => {
    if (closing.aborted) throw serviceEnding()
    // Nothing is planned for a run that cannot be begun. Where the lock cannot be read, the run tells why.
    const lock = await target.lock.read()
    return lock.ok && lock.value !== undefined ? { refused: lockHeld(lock.value, deps.isGone) } : start()
  })
  if ('run' in begun) return begun
  const { refused } = begun
  const earlier = idempotencyKey === undefined ? undefined : await findEarlier(deps, target, idempotencyKey, refused)
  if (earlier === undefined) {
    listener.onRefused(refused)
    throw refusal(refused)
  }
  // A run that finishes what another left of a plan was asked for with the hash of that plan.
  if (planHash !== undefined && planHash !== (earlier.agreedPlanHash ?? earlier.planHash))
    throw misusedKey(earlier.runId)
  return { earlier: { run_id: earlier.runId, plan_hash: earlier.planHash, steps: earlier.steps } }
}

export const misusedKey = (runId: string): HttpProblem =>
  new HttpProblem('IDEMPOTENCY_KEY_MISUSED', `Run ${runId} was begun with this key, for another request.`)

export const serviceEnding = (): HttpProblem =>
  new HttpProblem('SERVICE_BUSY', 'The service is ending; nothing was begun.')

/** Data that somebody depends on are changed only by who says what they change. */
function agree({ settings }: AppDeps, { confirm }: BeginRun): void {
  const environment = settings.ENVIRONMENT_NAME.value
  if (environment === LOCAL_ENVIRONMENT) return
  const database = settings.MONGO_DB_NAME.value
  if (confirm === database) return
  const text = `The environment is ${environment}: nothing is changed there unless the request names the database ${database} as \`confirm\``
  throw new HttpProblem('CONFIRMATION_NEEDED', confirm === undefined ? `${text}.` : `${text}; it names another one.`)
}

/**
 * The run that was begun with the same key. Where another process holds the lock it may be just about to record it: then its record
 * is waited for, since the refusal would tell that nothing was begun.
 */
async function findEarlier(
  { clock }: Pick<AppDeps, 'clock'>,
  target: TargetPort,
  key: string,
  refused: RunError,
): Promise<StoredRun | undefined> {
  const holder = refused.code === 'LOCK_HELD' ? (refused.detail as LockState).holder.runId : undefined
  for (let tries = 1; ; tries += 1) {
    // Before the key is looked for: a run that is recorded in between is found by it.
    const record = holder === undefined ? undefined : await target.runs.read(holder)
    const found = await target.runs.findByIdempotencyKey(key)
    if (!found.ok) return undefined
    if (found.value !== undefined) return found.value
    // A record without our key is a run of somebody else.
    const mayCome = record?.ok === true && record.value === undefined
    if (!mayCome || tries >= KEY_TRIES) return undefined
    await clock.sleep(KEY_MS)
  }
}
