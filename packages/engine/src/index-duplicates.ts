import type { Doc } from '@stage0/bson-schema'
import { keyValue, readIndexKeys, shortJson, type IndexSpec } from '@stage0/core'
import { ERRORS, ok, type Result } from '@stage0/types'
import type { Duplicates } from './evidence/evidence-port.ts'
import type { TargetError, TargetPort } from './ports.ts'

export interface DuplicatesInput {
  readonly target: Pick<TargetPort, 'evidence'>
  readonly collection: string
  readonly index: IndexSpec
  /** What pending migrations make of the documents first. */
  readonly stages: readonly Doc[]
  /** The server stops after so long; without it, as late as it can be told to. */
  readonly maxMs?: number
  readonly signal?: AbortSignal | undefined
}

/** As good as none: about three weeks, below what a timer takes (2^31 - 1). */
const LONGEST_MS = 2_000_000_000
const SHOWN = 3

/** Stored documents that share a key of a unique index; `undefined` where there are none, or where they could not be looked for. */
export async function findIndexDuplicates(
  input: DuplicatesInput,
): Promise<Result<Duplicates | undefined, TargetError>> {
  const { target, collection, index, stages, maxMs = LONGEST_MS, signal } = input
  const keys = readIndexKeys(index)
  // Of other kinds a query cannot give the keys: there the server decides when it builds.
  if (keys === undefined) return ok(undefined)
  const query = { collection, stages, keys, limit: undefined, maxMs, samples: SHOWN }
  const found = await target.evidence.findDuplicates({ ...query, ...(signal && { signal }) })
  if (!found.ok) return found
  return ok(found.value === 'time' || found.value.keys === 0 ? undefined : found.value)
}

/** "7 documents of user share 3 keys of unique index email: email "a" in _id 1 and 5". */
export function duplicatesText(collection: string, index: IndexSpec, found: Duplicates): string {
  const paths = readIndexKeys(index)?.paths ?? []
  const shown = found.samples.map(({ values, ids }) => {
    const key = paths.map((path, i) => `${path} ${shortJson(keyValue(values[i] ?? null))}`).join(', ')
    return `${key} in _id ${ids.map(shortJson).join(' and ')}`
  })
  const keys = `${found.keys} ${found.keys === 1 ? 'key' : 'keys'}`
  return `${found.documents} documents of ${collection} share ${keys} of the unique index ${index.name}: ${shown.join('; ')}`
}

/** Why a step does not begin. */
export const duplicatesError = (collection: string, index: IndexSpec, found: Duplicates): TargetError => ({
  code: 'INDEX_DUPLICATES',
  kind: 'refused',
  message: duplicatesText(collection, index, found),
  hint: ERRORS.INDEX_DUPLICATES.fix,
})
