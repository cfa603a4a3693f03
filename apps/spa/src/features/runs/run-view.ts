import type { Leftovers, RunError, RunSnapshot, RunStepStatus, RunStepView } from '@stage0/types'
import type { MarkKind } from '../../shared/marks.ts'

const STEP: Readonly<Record<RunStepStatus, MarkKind>> = {
  pending: 'neutral',
  running: 'running',
  succeeded: 'success',
  already: 'success',
  failed: 'error',
  skipped: 'warning',
  cancelled: 'neutral',
}

/**
 * How a step stands, as the key of its words. What is not finished when the run is over will not be: a step that was at
 * work is cut off, one that was to come has not begun. In a run that waits, so does the step that is under way. A step that
 * found documents which do not match is done, and yet nothing to be content with: `left` is their number.
 */
export type StepWord = RunStepStatus | 'paused' | 'cutOff' | 'notBegun' | 'leftovers'
export interface StepState {
  readonly kind: MarkKind
  readonly word: StepWord
}
export interface StepStand {
  readonly status: RunStepStatus
  readonly left: number
}
export function stepState({ status, left }: StepStand, isOver: boolean, isPaused = false): StepState {
  if (left > 0 && (status === 'succeeded' || status === 'already')) return { kind: 'warning', word: 'leftovers' }
  if (isOver && status === 'running') return { kind: 'error', word: 'cutOff' }
  if (isOver && status === 'pending') return { kind: 'neutral', word: 'notBegun' }
  if (isPaused && status === 'running') return { kind: 'warning', word: 'paused' }
  // A word of a later service is shown without a judgement.
  return { kind: (Object.hasOwn(STEP, status) ? STEP[status] : undefined) ?? 'neutral', word: status }
}

export const isOver = ({ run }: RunSnapshot): boolean => run.status !== 'running'
export const isPaused = ({ run }: RunSnapshot): boolean => run.status === 'running' && run.paused === true

/** Which steps are listed. */
export type StepFilter = 'all' | 'failed' | 'running'
export const STEP_FILTERS: readonly StepFilter[] = ['all', 'failed', 'running']
export const filterOf = (text: string): StepFilter | undefined => STEP_FILTERS.find((known) => known === text)

/** States of steps that have ended. */
const FINISHED: ReadonlySet<RunStepStatus> = new Set(['succeeded', 'already', 'failed', 'skipped', 'cancelled'])
/** Steps that left something undone: planning their collections again is the way on. */
const LEFT: ReadonlySet<RunStepStatus> = new Set(['failed', 'skipped', 'cancelled', 'pending', 'running'])

/** Steps that have ended, of all that are planned. */
export function progressOf({ run, steps }: RunSnapshot): { readonly done: number; readonly total: number } {
  const done = steps.reduce((sum, { status }) => sum + (FINISHED.has(status) ? 1 : 0), 0)
  return { done, total: Math.max(run.steps, steps.length) }
}

/** How many steps of a part of a run are in which state. */
export type StepCounts = Readonly<Partial<Record<RunStepStatus, number>>>
export function countsOf(steps: readonly RunStepView[]): StepCounts {
  const counts: Partial<Record<RunStepStatus, number>> = {}
  for (const { status } of steps) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

/** The state of a part as a whole: the gravest thing that happened in it, else how far it is. */
export function partStatus(counts: StepCounts): RunStepStatus {
  const gravest = (['failed', 'running', 'skipped', 'cancelled'] as const).find((status) => (counts[status] ?? 0) > 0)
  if (gravest !== undefined) return gravest
  const pending = counts.pending ?? 0
  const succeeded = counts.succeeded ?? 0
  const already = counts.already ?? 0
  if (pending > 0) return succeeded + already > 0 ? 'running' : 'pending'
  return succeeded > 0 || already === 0 ? 'succeeded' : 'already'
}

/** The steps of a collection, in the order of the plan; `name` is "" for steps that belong to none. */
export interface StepGroup {
  readonly name: string
  readonly steps: readonly RunStepView[]
  readonly counts: StepCounts
  readonly status: RunStepStatus
  /** Documents that its steps found not to match. */
  readonly left: number
  /** Of the steps that have ended, in milliseconds; undefined before the first has. */
  readonly durationMs: number | undefined
}

/** A run by collection, each where its first step stands. */
export function groupsOf(steps: readonly RunStepView[]): readonly StepGroup[] {
  const groups = new Map<string, RunStepView[]>()
  for (const step of steps) {
    const own = groups.get(step.collection ?? '')
    if (own === undefined) groups.set(step.collection ?? '', [step])
    else own.push(step)
  }
  return [...groups].map(([name, own]) => {
    const counts = countsOf(own)
    const durations = own.flatMap(({ duration_ms: ms }) => (ms === undefined ? [] : [ms]))
    const durationMs = durations.length === 0 ? undefined : durations.reduce((sum, ms) => sum + ms, 0)
    return {
      name,
      steps: own,
      counts,
      status: partStatus(counts),
      left: leftoversCount(leftoversOf({ steps: own })),
      durationMs,
    }
  })
}

/** A line of the timeline. */
export type TimelineRow =
  | { readonly key: string; readonly group: StepGroup; readonly isOpen: boolean; readonly step?: undefined }
  | { readonly key: string; readonly step: RunStepView; readonly group?: undefined }

const isShown = (filter: StepFilter, { status }: RunStepView): boolean => filter === 'all' || status === filter

/** The lines to show. A group with a step to show is listed; a closed one without its steps, unless steps are filtered. */
export function rowsOf(
  groups: readonly StepGroup[],
  filter: StepFilter,
  closed: ReadonlySet<string>,
): readonly TimelineRow[] {
  return groups.flatMap((group): readonly TimelineRow[] => {
    const own = filter === 'all' ? group.steps : group.steps.filter((step) => isShown(filter, step))
    if (own.length === 0) return []
    const isOpen = filter !== 'all' || !closed.has(group.name)
    const head: TimelineRow = { key: `group ${group.name}`, group, isOpen }
    return isOpen ? [head, ...own.map((step): TimelineRow => ({ key: `step ${step.id}`, step }))] : [head]
  })
}

/** The step that is at work, or the last one that was: what a reader who follows the run wants to see. */
export function currentStep(steps: readonly RunStepView[]): RunStepView | undefined {
  const running = steps.find(({ status }) => status === 'running')
  return running ?? steps.findLast(({ status }) => FINISHED.has(status))
}

/** The first thing that went wrong: in a step, or of the run as a whole. */
export interface FirstError {
  readonly error: RunError
  readonly step: RunStepView | undefined
}
export function firstError({ run, steps }: RunSnapshot): FirstError | undefined {
  const failed = firstFailed(steps)
  // Why a run was cancelled, or left something, is recorded as its error, but nothing went wrong.
  const isError = run.status !== 'cancelled' && run.status !== 'succeeded_with_leftovers'
  const error = failed?.error ?? (isError ? run.error : undefined)
  return error === undefined ? undefined : { error, step: failed }
}

/** The step that failed first, which is not always the one that stands first. */
export function firstFailed(steps: readonly RunStepView[]): RunStepView | undefined {
  let first: RunStepView | undefined
  for (const step of steps) {
    if (step.status === 'failed' && (first === undefined || (step.seq ?? 0) < (first.seq ?? 0))) first = step
  }
  return first
}

/** A step that found documents which do not match. */
export type LeftoversStep = RunStepView & { readonly leftovers: Leftovers }
export const leftoversOf = ({ steps }: Pick<RunSnapshot, 'steps'>): readonly LeftoversStep[] =>
  steps.filter((step): step is LeftoversStep => step.leftovers !== undefined)
export const standOf = ({ status, leftovers }: RunStepView): StepStand => ({ status, left: leftovers?.count ?? 0 })
export const leftoversCount = (steps: readonly LeftoversStep[]): number =>
  steps.reduce((sum, { leftovers }) => sum + leftovers.count, 0)

/** Collections with something left to do, in the order of the run. */
export const leftCollections = (groups: readonly StepGroup[]): readonly string[] =>
  groups
    .filter(({ name, counts }) => name !== '' && [...LEFT].some((status) => (counts[status] ?? 0) > 0))
    .map(({ name }) => name)

/** How far a step is, from 0 to 1; undefined where that is not known. */
export const shareOf = ({ done, total }: RunStepView): number | undefined =>
  done === undefined || total === undefined || total <= 0 ? undefined : Math.min(1, Math.max(0, done / total))

const ORDER: readonly RunStepStatus[] = ['succeeded', 'already', 'failed', 'skipped', 'cancelled', 'running', 'pending']
/** How many steps ended in which way, what was done first. */
export const outcomeCounts = (steps: readonly RunStepView[]): readonly (readonly [RunStepStatus, number])[] => {
  const counts = countsOf(steps)
  return ORDER.flatMap((status) => (counts[status] === undefined ? [] : [[status, counts[status]] as const]))
}
