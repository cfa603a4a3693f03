import type { Doc } from '@stage0/bson-schema'
import { stageBeyondUpdate, stageOverId } from './migrations-shape.ts'
import { transformingPart } from './migrations-strategy.ts'
import type { Observed } from './observed.ts'
import { pipelineFacts } from './pipeline.ts'
import type { StepOf } from './plan.ts'
import type { WantedMigration, WantedVersion } from './wanted.ts'

/**
 * The look at the documents after the validator is set, where the version migrates its own collection: what others wrote in the
 * old shape while a migration ran passed the old validator. Planned as long as the version is not recorded, whatever of it is done.
 * What an earlier run began it only counts: nobody can tell how long others have gone on since with what is migrated.
 *
 * Only for a collection that was there before the run: one that the run makes has no older shape that anybody could still be
 * writing, and what the run itself loads into it is checked against the validator beforehand. Where a run is cut off after it
 * made the collection, the next one finds it there, and looks.
 */
export function planLeftovers(
  collection: string,
  version: WantedVersion,
  observed: Observed,
): StepOf<'findLeftovers'>[] {
  const own = ownMigrations(collection, version, observed)
  if (own.length === 0 || version.validation.level === 'off') return []
  const begun = observed.journal.some(
    ({ stepId, state }) => state !== 'undone' && stepId.startsWith(`${collection}/${version.version}/migrate/`),
  )
  return [lookStep(collection, version, begun ? [] : repeatable(own))]
}

/** Migrations of the version that write to the collection itself. */
const ownMigrations = (
  collection: string,
  { migrations }: WantedVersion,
  { database }: Observed,
): readonly WantedMigration[] => migrations.filter((one) => writesTo(one, collection, database))

/** Stages that may meet the documents once more; none where one of the migrations may not. */
const repeatable = (own: readonly WantedMigration[]): readonly Doc[] =>
  own.every(isRepeatedExactly) ? own.flatMap(({ pipeline }) => transformingPart(pipeline)) : []

export const lookStep = (
  collection: string,
  version: WantedVersion,
  repeat: readonly Doc[],
): StepOf<'findLeftovers'> => ({
  kind: 'findLeftovers',
  id: `${collection}/${version.version}/findLeftovers`,
  collection,
  version: version.version,
  name: 'look for documents that do not match the validator',
  risks: [],
  recovery: 'observe',
  undo: repeat.length === 0 ? 'nothing to undo: it only looks' : 'none: it finishes what the migration did',
  schema: version.schema,
  repeat,
})

function writesTo({ mode, pipeline }: WantedMigration, collection: string, database: string): boolean {
  if (mode === 'update') return true
  const { target } = pipelineFacts(pipeline)
  return target?.collection === collection && (target.database ?? database) === database
}

/** Whether the stages may meet a document that they have met before, one document at a time. */
function isRepeatedExactly({ mode, pipeline }: WantedMigration): boolean {
  const stages = transformingPart(pipeline)
  return (
    stages.length > 0 &&
    pipelineFacts(pipeline).isIdempotent &&
    stageBeyondUpdate(stages) === undefined &&
    (mode === 'update' || stageOverId(stages) === undefined)
  )
}
