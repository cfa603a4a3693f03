import { isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import type { Observed } from './observed.ts'
import { addsFieldsOnly, stageBeyondUpdate, stageOverId } from './migrations-shape.ts'
import { pipelineFacts } from './pipeline.ts'
import type { WantedMigration } from './wanted.ts'

export type MigrationStrategy = 'online' | 'as-written' | 'update'

export interface ChosenStrategy {
  readonly strategy: MigrationStrategy
  /** Why this one and what it costs, in words. */
  readonly why: string
}

/**
 * How a migration is carried out. Online is chosen wherever it gives the same documents as the file says, which the stages, the
 * way of writing and the kind of the server decide; otherwise it is done as it is written.
 */
export function strategyOf(observed: Observed, collection: string, migration: WantedMigration): ChosenStrategy {
  const isUpdate = migration.mode === 'update'
  const hindrance = hindered(observed, collection, migration)
  const bypassed = 'Validation is bypassed, since the old rules may refuse the new shape'
  if (hindrance === undefined) {
    const times = readsTime(migration.pipeline) ? '; $$NOW is the time of the range' : ''
    const why = `in ranges of documents by _id, each in a transaction with its checkpoint: others may go on reading and writing, it can be paused and cancelled, and goes on where it was cut off${times}. ${bypassed}`
    return { strategy: 'online', why }
  }
  if (isUpdate) {
    const why = `one update of all documents, since ${hindrance}: it cannot be paused or cancelled. ${afterCrash(collection, migration)}. ${bypassed}`
    return { strategy: 'update', why }
  }
  return { strategy: 'as-written', why: `since ${hindrance}: ${costOf(collection, migration)}. ${bypassed}` }
}

/**
 * Whether a migration that was cut off may simply begin anew. Into its own collection only the stages decide; elsewhere the source
 * stays as it was.
 */
export function isRepeatable(collection: string, { mode, pipeline }: WantedMigration): boolean {
  const facts = pipelineFacts(pipeline)
  if (mode === 'update') return facts.isIdempotent
  const isOwn = facts.target?.collection === collection
  if (facts.writesBy === '$out') return !isOwn || facts.isIdempotent
  return facts.isRepeatableMerge && (!isOwn || facts.isIdempotent)
}

/** What the pipeline does with the documents, without the final stage that says where they go. */
export function transformingPart(pipeline: readonly Doc[]): readonly Doc[] {
  return pipelineFacts(pipeline).writesBy === undefined ? pipeline : pipeline.slice(0, -1)
}

function hindered(observed: Observed, collection: string, migration: WantedMigration): string | undefined {
  const facts = pipelineFacts(migration.pipeline)
  const isUpdate = migration.mode === 'update'
  if (!isUpdate && facts.target?.collection !== collection) return 'it writes to another collection'
  if (observed.server.kind === 'standalone') return 'a standalone server has no transactions'
  const options = observed.collections.find((one) => one.name === collection)?.options
  if (options?.get('capped') === true) return 'the collection is capped'
  if (options?.has('clusteredIndex') === true) return 'the collection is clustered, without an index on _id'
  const stages = isUpdate ? migration.pipeline : transformingPart(migration.pipeline)
  if (stages.length === 0) return 'it has no stages but the last one'
  const beyond = stageBeyondUpdate(stages)
  if (beyond !== undefined) return `${beyond} looks at more than one document at a time`
  // What was written is an update then, which keeps the _id whatever its stages do.
  if (isUpdate) return undefined
  const over = stageOverId(stages)
  return over === undefined ? hinderedByFinalStage(migration.pipeline) : `${over} may change _id`
}

function hinderedByFinalStage(pipeline: readonly Doc[]): string | undefined {
  const final = pipeline.at(-1)
  const argument = final?.values[0]
  if (final?.keys[0] !== '$merge') return undefined
  const options = isDoc(argument) ? argument : undefined
  const on = [options?.get('on') ?? '_id'].flat()
  if (on.length !== 1 || on[0] !== '_id') return '$merge does not go by _id'
  const whenMatched = options?.get('whenMatched') ?? 'merge'
  if (whenMatched === 'replace') return undefined
  if (whenMatched !== 'merge') return '$merge neither replaces nor merges the documents that it meets'
  if (addsFieldsOnly(pipeline.slice(0, -1))) return undefined
  return '$merge keeps fields that the stages remove, or may remove; `whenMatched: replace` would not'
}

function costOf(collection: string, migration: WantedMigration): string {
  const { pipeline } = migration
  const { writesBy, target } = pipelineFacts(pipeline)
  const isOwn = target?.collection === collection
  if (writesBy === '$merge')
    return `one aggregation with $merge, which cannot be paused. ${afterCrash(collection, migration)}`
  if (!isOwn) return `$out writes ${target?.collection ?? ''} anew and then puts it in place`
  return '$out writes the whole collection a second time, all indexes included, and then puts the copy in its place; what others write meanwhile is lost'
}

const afterCrash = (collection: string, migration: WantedMigration): string =>
  isRepeatable(collection, migration)
    ? 'After a crash it begins anew'
    : 'After a crash it may not begin anew: what has become of it is to be said with --resolve'

/** `$$NOW` anywhere in the pipeline. */
function readsTime(value: Value | readonly Doc[]): boolean {
  if (isArray(value)) return value.some((one: Value) => readsTime(one))
  if (isDoc(value)) return value.values.some(readsTime)
  return value === '$$NOW'
}
