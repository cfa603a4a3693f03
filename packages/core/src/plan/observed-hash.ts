import { canonicalJson, sha256Hex } from './canonical.ts'
import type { Observed } from './observed.ts'
import type { Wanted } from './wanted.ts'

/**
 * Hash of what a plan depends on in the target. Left out: counts of documents, UUIDs, privileges and collections of others,
 * which change while nothing does that matters here; what they decide is in the steps.
 */
export function observedHash(observed: Observed, wanted: Wanted): string {
  const names = new Set(wanted.collections.map((one) => one.name))
  const collections = observed.collections
    .filter((one) => names.has(one.name))
    .map(({ name, type, validator, validationLevel, validationAction, options, indexes }) => ({
      name,
      type,
      validator,
      validationLevel,
      validationAction,
      options,
      indexes: sortedBy(indexes, (one) => one.name),
    }))
  const content = {
    database: observed.database,
    server: observed.server,
    collections: sortedBy(collections, (one) => one.name),
    versions: sortedBy(
      observed.versions.map((one) => canonicalJson(one.document)),
      (one) => one,
    ),
    enumerators: sortedBy(
      observed.enumerators.map((one) => canonicalJson(one)),
      (one) => one,
    ),
    journal: sortedBy(
      observed.journal.map(({ stepId, state, contentHash, checkpoint }) => ({
        stepId,
        state,
        contentHash,
        checkpoint,
      })),
      (one) => one.stepId,
    ),
  }
  return sha256Hex(canonicalJson(content))
}

const sortedBy = <T>(items: readonly T[], key: (item: T) => string): T[] =>
  [...items].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
