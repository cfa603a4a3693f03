import { EMPTY_DOC, isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../server-error.ts'
import { compilePipeline } from './compile-pipeline.ts'
import type { PipelineSources, Update } from './contract.ts'
import { rootScope } from './expression/compile.ts'
import { identical } from './identical.ts'
import { compilePosition } from './position.ts'
import { TreeUpdate } from './update/apply.ts'
import { compileArrayFilters } from './update/array-filters.ts'
import { targetsOf } from './update/operators.ts'
import { compileReplacement, isReplacement, withIdOf } from './update/replacement.ts'
import { buildTree } from './update/tree.ts'
import type { UpdateContext } from './update/types.ts'

export { upsertSeed } from './update/upsert-seed.ts'
export type { UpdateContext } from './update/types.ts'

/**
 * Compiles an update: operators, a replacement document, or a pipeline. All that can be refused without a document is
 * refused here: unknown operators (9), conflicting paths (40), wrong operands. `apply` throws 28 where a path cannot be
 * created, 66 where `_id` would change, 14 and 2 for values of the wrong type.
 */
export function compileUpdate(update: Doc | readonly Value[], context: UpdateContext): Update {
  if (!isDoc(update)) return compilePipelineUpdate(update, context)
  if (isReplacement(update)) {
    refuseArrayFilters(context)
    return compileReplacement(update, context)
  }
  const targets = targetsOf(update, context)
  const tree = buildTree(targets)
  const filters = compileArrayFilters(
    context.arrayFilters ?? [],
    targets.map(({ path }) => path),
    context,
  )
  const position = compilePosition(context.filter ?? EMPTY_DOC, rootScope(context))
  return {
    kind: 'operators',
    apply: (document, { insert }) => {
      const run = { original: document, insert, position: (path: readonly string[]) => position(document, path) }
      return keepId(document, new TreeUpdate(run, filters).document(document, tree, []))
    },
  }
}

function keepId(before: Doc, after: Doc): Doc {
  if (before === after) return after
  const old = before.get('_id')
  const id = after.get('_id')
  if (isArray(id)) throw new ServerError(53, `The '_id' value cannot be of type array`)
  if (old === undefined || (id !== undefined && identical(old, id))) return after
  throw new ServerError(66, `Performing an update on the path '_id' would modify the immutable field '_id'`)
}

/** Stages that a pipeline update may use. Source: the manual, updates with aggregation pipeline. */
const UPDATE_STAGES = new Set(['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith'])

const NO_SOURCES: PipelineSources = {
  read: () => {
    throw new ServerError(1, 'an update pipeline reads no collections')
  },
}

function compilePipelineUpdate(stages: readonly Value[], context: UpdateContext): Update {
  refuseArrayFilters(context)
  for (const stage of stages) {
    const name = isDoc(stage) ? (stage.keys[0] ?? '') : ''
    if (isDoc(stage) && !UPDATE_STAGES.has(name)) {
      throw new ServerError(72, `${name} is not allowed to be used within an update`)
    }
  }
  const pipeline = compilePipeline(stages, context, NO_SOURCES)
  return {
    kind: 'pipeline',
    apply: (document) => {
      const [result] = pipeline.run([document])
      if (result === undefined) throw new ServerError(1, 'an update pipeline gave no document')
      const updated = withIdOf(result, document)
      return identical(updated, document) ? document : updated
    },
  }
}

function refuseArrayFilters(context: UpdateContext): void {
  if ((context.arrayFilters ?? []).length > 0) {
    throw new ServerError(9, 'arrayFilters may not be specified for pipeline-style or replacement updates')
  }
}
