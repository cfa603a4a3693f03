import {
  fail,
  finishFormer,
  lookAtTarget,
  ok,
  openTemplate,
  planMerge,
  readSpecifications,
  writeInPlace,
  writeNew,
  type OnProgress,
  type PlannedMerge,
  type Result,
  type Target,
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
}

/** A merge with which nothing is wrong; `target` is undefined where it is in place. */
export interface ReadyMerge {
  readonly kind: 'ready'
  readonly merge: PlannedMerge
  readonly target: Target | undefined
}

/** What was begun by a merge that was killed is whole now; there is nothing else to do. */
interface Finished {
  readonly kind: 'finished'
}

/** Brings to an end what was begun in this folder; else plans a whole merge, without writing anything. */
export function prepareMerge(request: MergeRequest): Result<ReadyMerge | Finished> {
  if (!request.isDryRun) {
    const former = finishFormer(request.output ?? request.template)
    if (!former.ok) return former
    if (former.value) return ok({ kind: 'finished' })
  }
  const merge = planFolders(request)
  if (!merge.ok) return merge
  if (request.output === undefined) return ok({ kind: 'ready', merge: merge.value, target: undefined })
  const target = lookAtTarget(request.output, merge.value.template.folder)
  return target.ok ? ok({ kind: 'ready', merge: merge.value, target: target.value }) : target
}

/** @param standsIn Where the person stands, absolute. */
export const writeMerge = ({ merge, target }: ReadyMerge, standsIn: string, onProgress: OnProgress): Result<void> =>
  target === undefined ? writeInPlace(merge, onProgress) : writeNew(merge, target, standsIn, onProgress)

/** Template and specifications are read both, so that what is wrong with either is told at once. */
function planFolders({ template, specifications, environment, engine }: MergeRequest): Result<PlannedMerge> {
  const opened = openTemplate(template)
  const read = readSpecifications(specifications)
  if (!opened.ok || !read.ok) return fail(...(opened.ok ? [] : opened.problems), ...(read.ok ? [] : read.problems))
  const planned = planMerge({ template: opened.value, specifications: read.value.value, environment })
  if (!planned.ok) return planned
  return ok({ template: opened.value, specifications: read.value, plan: planned.value, engine })
}
