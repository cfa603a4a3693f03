import { doc, isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import { addsFieldsOnly, stageBeyondUpdate, stageOverId } from '../plan/migrations-shape.ts'
import { transformingPart } from '../plan/migrations-strategy.ts'
import type { Step, StepOf } from '../plan/plan.ts'

type MigrateStep = StepOf<'migrate'>

/** A migration that was cut off, to go on where it stopped: what it still changes, and how. */
export interface ResumedMigration {
  /** `_id` of the last document that is done; `undefined`: none is. */
  readonly last: Value | undefined
  /** `_id` of the last document that it will change; `undefined`: it finds none. */
  readonly upTo: Value | undefined
  readonly stages: readonly Doc[]
}

/** How documents of a collection will be when a step runs. */
export interface Foreseen {
  /** Comes before `stages`, for the documents that it still has to change. */
  readonly resumed?: ResumedMigration | undefined
  /** Stages that make them so, out of the documents as they are stored now. */
  readonly stages: readonly Doc[]
  /** In words, to follow a count of documents. */
  readonly basis: string
  /** False: a migration stands before the step whose effect is not known until it runs, and its stages are not applied. */
  readonly isExact: boolean
}

/** Operators that give another result each time, or whatever their author likes. */
const UNFORESEEABLE = new Set(['$rand', '$sampleRate', '$function', '$accumulator', '$where'])

/**
 * The documents of `collection` after the migrations among `before`, the steps of the plan that come first. Migrations that
 * look at one document at a time, keep its `_id` and give the same each time are applied as stages; from the first other one
 * on nothing is foreseen. `$$NOW` is the time of the look, as it will be that of the run: a schema asks for its type.
 */
export function foresee(collection: string, before: readonly Step[]): Foreseen {
  const stages: Doc[] = []
  const applied: string[] = []
  let resumed: ResumedMigration | undefined
  for (const step of before) {
    if (step.kind !== 'migrate' || step.target !== collection) continue
    const own = step.collection === collection ? stagesOf(step) : undefined
    // Of what was cut off nothing can stand before: it began when all of that was done.
    if (own === undefined || (step.from !== undefined && applied.length > 0)) {
      const since = applied.length === 0 ? 'as stored now' : `after ${applied.join(', ')}`
      const basis = `${since}, before the migration ${step.file}, whose effect is not known until it runs`
      return { resumed, stages, basis, isExact: false }
    }
    if (step.from === undefined) stages.push(...own)
    else resumed = { last: step.from.last, upTo: step.from.upTo, stages: own }
    applied.push(step.from === undefined ? step.file : `${step.file} (from where it stopped)`)
  }
  const basis = applied.length === 0 ? 'as stored now' : `after the pending ${migrations(applied)}`
  return { resumed, stages, basis, isExact: true }
}

/**
 * A filter for the documents that a resumed migration still changes. By an expression: unlike the comparisons of queries it
 * goes by the order of all types, as the migration does.
 */
export function stillToMigrate({ last, upTo }: ResumedMigration): Doc {
  if (upTo === undefined) return doc({ $expr: false })
  const behind = last === undefined ? [] : [{ $gt: ['$_id', { $literal: last }] }]
  return doc({ $expr: { $and: [...behind, { $lte: ['$_id', { $literal: upTo }] }] } })
}

const migrations = (files: readonly string[]): string =>
  `${files.length === 1 ? 'migration' : 'migrations'} ${files.join(', ')}`

/** The stages of a migration of its own collection, or `undefined` where they do not tell what will be there. */
function stagesOf(step: MigrateStep): readonly Doc[] | undefined {
  const stages = transformingPart(step.pipeline)
  if (stageBeyondUpdate(stages) !== undefined || stageOverId(stages) !== undefined) return undefined
  if (stages.some(isUnforeseeable)) return undefined
  return step.strategy !== 'as-written' || replacesAll(step.pipeline) ? stages : undefined
}

/** Whether the final stage leaves exactly what the stages give: `$out`, and `$merge` that replaces or only adds. */
function replacesAll(pipeline: readonly Doc[]): boolean {
  const final = pipeline.at(-1)
  const options = final?.values[0]
  if (final?.keys[0] === '$out') return true
  const whenMatched = (isDoc(options) ? options.get('whenMatched') : undefined) ?? 'merge'
  const on = (isDoc(options) ? options.get('on') : undefined) ?? '_id'
  const isById = on === '_id' || (isArray(on) && on.length === 1 && on[0] === '_id')
  if (!isById) return false
  return whenMatched === 'replace' || (whenMatched === 'merge' && addsFieldsOnly(pipeline.slice(0, -1)))
}

function isUnforeseeable(value: Value): boolean {
  if (isArray(value)) return value.some(isUnforeseeable)
  if (!isDoc(value)) return false
  return value.keys.some((key) => UNFORESEEABLE.has(key)) || value.values.some(isUnforeseeable)
}
