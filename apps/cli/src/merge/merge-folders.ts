import {
  fail,
  finishFormer,
  lookAtTarget,
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

/** What was begun by a merge that was killed is whole now; there is nothing else to do. */
interface Finished {
  readonly kind: 'finished'
}

/** Brings to an end what was begun in this folder; else plans a whole merge, without writing anything. */
export function prepareMerge(request: MergeRequest): Result<ReadyMerge | ReadyUpdate | Finished> {
  if (!request.isDryRun) {
    const former = finishFormer(request.output ?? request.template)
    if (!former.ok) return former
    if (former.value) return ok({ kind: 'finished' })
  }
  const merge = planFolders(request)
  if (!merge.ok) return merge
  if (request.output === undefined) return ok({ kind: 'ready', merge: merge.value, target: undefined })
  if (request.update !== undefined) {
    const update = planUpdate(merge.value, request.output, request.update.winner)
    return update.ok ? ok({ kind: 'update', merge: merge.value, update: update.value }) : update
  }
  const target = lookAtTarget(request.output, merge.value.template.folder)
  return target.ok ? ok({ kind: 'ready', merge: merge.value, target: target.value }) : target
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
