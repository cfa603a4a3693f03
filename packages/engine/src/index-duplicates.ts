import {
  counted,
  grouped,
  keyValue,
  readIndexKeys,
  shortJson,
  type IndexSpec,
  type ResumedMigration,
} from '@stage0/core'
import type { Doc } from '@stage0/bson-schema'
import { ERRORS, ok, type Result } from '@stage0/types'
import type { Duplicates } from './evidence/evidence-port.ts'
import type { TargetError, TargetPort } from './ports.ts'

export interface DuplicatesInput {
  readonly target: Pick<TargetPort, 'evidence'>
  readonly collection: string
  readonly index: IndexSpec
  /** What pending migrations make of the documents first; nothing where absent. */
  readonly foreseen?: { readonly resumed?: ResumedMigration | undefined; readonly stages: readonly Doc[] }
  /** Most keys that are told with their values; 0: no value of a document is asked for. */
  readonly samples: number
  /** The server stops after so long; without it, as late as it can be told to. */
  readonly maxMs?: number
  readonly signal?: AbortSignal | undefined
}

/** As good as none: about three weeks, below what a timer takes (2^31 - 1). */
const LONGEST_MS = 2_000_000_000
/** A sentence names no more keys than these. */
export const SHOWN_DUPLICATES = 3

/** Stored documents that share a key of a unique index; `undefined` where there are none, or where they could not be looked for. */
export async function findIndexDuplicates(
  input: DuplicatesInput,
): Promise<Result<Duplicates | undefined, TargetError>> {
  const { target, collection, index, foreseen, maxMs = LONGEST_MS, signal } = input
  const keys = readIndexKeys(index)
  // Of other kinds a query cannot give the keys: there the server decides when it builds.
  if (keys === undefined) return ok(undefined)
  const samples = Math.min(input.samples, SHOWN_DUPLICATES)
  const { resumed, stages } = foreseen ?? { resumed: undefined, stages: [] }
  const query = { collection, resumed, stages, keys, limit: undefined, maxMs, samples, signal }
  const found = await target.evidence.findDuplicates(query)
  if (!found.ok) return found
  return ok(found.value === 'time' || found.value.keys === 0 ? undefined : found.value)
}

/**
 * "7 documents of user share 3 keys of the unique index email: email "a" in _id 1 and 5".
 *
 * @param samples Most keys that are told; 0: the values stay in the database, and the sentence says so.
 * @param among So many documents were looked at; all where absent.
 */
export function duplicatesFound(
  collection: string,
  index: IndexSpec,
  found: Duplicates,
  { samples, among }: { readonly samples: number; readonly among?: number | undefined },
): string {
  const paths = readIndexKeys(index)?.paths ?? []
  const shown = found.samples.slice(0, samples).map(({ values, ids, documents }) => {
    const key = paths.map((path, i) => `${path} ${shortJson(keyValue(values[i] ?? null))}`).join(', ')
    const which = documents > ids.length ? `${counted(documents, 'document')}, among them ` : ''
    return `${key} in ${which}_id ${ids.map(shortJson).join(' and ')}`
  })
  const who =
    among === undefined
      ? `${counted(found.documents, 'document')} of ${collection}`
      : `of the first ${counted(among, 'document')} of ${collection}, ${grouped(found.documents)}`
  const more = found.keys - shown.length
  const values =
    shown.length === 0
      ? ' (values are not shown: EVIDENCE_SAMPLES is 0)'
      : `: ${shown.join('; ')}${more > 0 ? `; and ${counted(more, 'key')} more` : ''}`
  return `${who} share ${counted(found.keys, 'key')} of the unique index ${index.name}${values}`
}

/** Why a step does not begin. */
export const duplicatesError = (
  collection: string,
  index: IndexSpec,
  found: Duplicates,
  samples: number,
): TargetError => ({
  code: 'INDEX_DUPLICATES',
  kind: 'refused',
  message: duplicatesFound(collection, index, found, { samples }),
  hint: ERRORS.INDEX_DUPLICATES.fix,
})
