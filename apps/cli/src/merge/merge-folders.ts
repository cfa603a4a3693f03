import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  CONTROL_FILE,
  fail,
  finishFormer,
  lookAtTarget,
  lookForCutOff,
  ok,
  openTemplate,
  planMerge,
  planUpdate,
  readSpecifications,
  writeInPlace,
  writeNew,
  writeUpdate,
  type OnProgress,
  type PlannedMerge,
  type PlannedUpdate,
  type Result,
  type Target,
  type Winner,
} from '@stage0/merge'

/** What is merged, and where to. All folders are absolute. */
export interface MergeRequest {
  readonly template: string
  readonly specifications: string
  /** Of the product; `undefined` makes it out of the template folder itself. */
  readonly output: string | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The version of the command. */
  readonly engine: string
  readonly isDryRun: boolean
  /** Whether `output` is a product that is merged again, and whose files stay where both sides changed the same one. */
  readonly update: { readonly winner: Winner | undefined } | undefined
}

/** A merge with which nothing is wrong; `target` is undefined where it is in place. */
export interface ReadyMerge {
  readonly kind: 'ready'
  readonly merge: PlannedMerge
  readonly target: Target | undefined
}

/** A product that is merged again. */
export interface ReadyUpdate {
  readonly kind: 'update'
  readonly merge: PlannedMerge
  readonly update: PlannedUpdate
}

/** What was begun by a merge that was killed is whole now, and is what was asked for. */
interface Finished {
  readonly kind: 'finished'
}

type Ready = Result<ReadyMerge | ReadyUpdate | Finished>

/** What is to be done, and whether something was done before it: what a merge that was killed had begun in this folder. */
export interface Preparation {
  readonly isFormerFinished: boolean
  readonly ready: Ready
}

/** Brings to an end what was begun in this folder; then plans what is asked for, without writing anything. */
export function prepareMerge(request: MergeRequest): Preparation {
  const folder = request.output ?? request.template
  if (request.isDryRun) {
    const former = lookForCutOff(folder)
    return { isFormerFinished: false, ready: former.ok ? plan(request, false) : former }
  }
  const former = finishFormer(folder)
  if (!former.ok) return { isFormerFinished: false, ready: former }
  return { isFormerFinished: former.value, ready: plan(request, former.value) }
}

function plan(request: MergeRequest, isFormerFinished: boolean): Ready {
  // What became the product is no template any more, and can be merged only once.
  if (isFormerFinished && request.output === undefined && !existsSync(join(request.template, CONTROL_FILE)))
    return ok({ kind: 'finished' })
  const merge = planFolders(request)
  if (!merge.ok) return merge
  if (request.output === undefined) return ok({ kind: 'ready', merge: merge.value, target: undefined })
  if (request.update !== undefined) {
    const update = planUpdate(merge.value, request.output, request.update.winner)
    return update.ok ? ok({ kind: 'update', merge: merge.value, update: update.value }) : update
  }
  if (isFormerFinished && isAsAsked(merge.value, request.output)) return ok({ kind: 'finished' })
  const target = lookAtTarget(request.output, merge.value.template.folder)
  return target.ok ? ok({ kind: 'ready', merge: merge.value, target: target.value }) : target
}

/** Whether a product is already what a merge would make, to the last byte. */
function isAsAsked(merge: PlannedMerge, output: string): boolean {
  const update = planUpdate(merge, output, undefined)
  if (!update.ok) return false
  const { changes, kept } = update.value
  return changes.puts.size + changes.removes.length + kept.length === 0
}

/** @param standsIn Where the person stands, absolute. */
export function writeMerge(ready: ReadyMerge | ReadyUpdate, standsIn: string, onProgress: OnProgress): Result<void> {
  if (ready.kind === 'update') return writeUpdate(ready.update, onProgress)
  const { merge, target } = ready
  return target === undefined ? writeInPlace(merge, onProgress) : writeNew(merge, target, standsIn, onProgress)
}

/** Template and specifications are read both, so that what is wrong with either is told at once. */
function planFolders({ template, specifications, environment, engine }: MergeRequest): Result<PlannedMerge> {
  const opened = openTemplate(template)
  const read = readSpecifications(specifications)
  if (!opened.ok || !read.ok) return fail(...(opened.ok ? [] : opened.problems), ...(read.ok ? [] : read.problems))
  const planned = planMerge({ template: opened.value, specifications: read.value.value, environment })
  if (!planned.ok) return planned
  return ok({ template: opened.value, specifications: read.value, plan: planned.value, engine })
}
