import { compareValues, compileSchema, hashKey, isArray, type Doc, type Value } from '@stage0/bson-schema'
import type { ResumedMigration } from '@stage0/core'
import { ok } from '@stage0/types'
import type { EvidencePort } from '../evidence/evidence-port.ts'
import { updated, type MemoryDatabase } from './memory-database.ts'

/** Questions about the documents of a database in memory: plain fields only, and migrations of the few stages that it runs. Development only. */
export function memoryEvidence(database: MemoryDatabase, nowMs: () => number): EvidencePort {
  const documents = (
    name: string,
    limit: number | undefined,
    stages: readonly Doc[],
    resumed?: ResumedMigration,
  ): readonly Doc[] => {
    const stored = (database.collections.get(name)?.documents ?? []).slice(0, limit)
    const first = (one: Doc): Doc => (isStillDue(one, resumed) ? resumed.stages.reduce(updated, one) : one)
    return stored.map((one) => stages.reduce(updated, first(one)))
  }
  return {
    size: async (name) => {
      const count = database.collections.get(name)?.documents.length
      return ok(
        count === undefined
          ? undefined
          : { documents: count, bytes: count * 100, storage_bytes: count * 50, index_bytes: 0 },
      )
    },
    count: async ({ collection, upTo }) => ok(documents(collection, upTo, []).length),
    findFailing: async ({ collection, limit, stages, resumed, schema, onDocument }) => {
      const compiled = compileSchema(schema)
      if (!compiled.ok) throw new TypeError(`not a schema: ${compiled.error[0]?.message}`)
      for (const one of documents(collection, limit, stages, resumed)) if (!compiled.value.matches(one)) onDocument(one)
      return ok('end' as const)
    },
    findDuplicates: async ({ collection, limit, stages, resumed, keys, samples }) => {
      const groups = new Map<string, { readonly values: readonly Value[]; readonly ids: Value[] }>()
      for (const one of documents(collection, limit, stages, resumed)) {
        const values = keys.paths.map((path) => one.get(path) ?? null)
        const group = groups.get(hashKey(values)) ?? { values, ids: [] }
        group.ids.push(one.get('_id') ?? null)
        groups.set(hashKey(values), group)
      }
      const shared = [...groups.values()].filter(({ ids }) => ids.length > 1)
      return ok({
        keys: shared.length,
        documents: shared.reduce((sum, { ids }) => sum + ids.length, 0),
        samples: shared
          .slice(0, samples)
          .map(({ values, ids }) => ({ values, documents: ids.length, ids: [ids[0] ?? null, ids.at(-1) ?? null] })),
      })
    },
    countExpired: async ({ collection, limit, stages, resumed, path, seconds }) => {
      const latest = nowMs() - seconds * 1000
      const isOver = (value: Value): boolean => value instanceof Date && value.getTime() <= latest
      const found = documents(collection, limit, stages, resumed).filter((one) => {
        const value = one.get(path) ?? null
        return isArray(value) ? value.some(isOver) : isOver(value)
      })
      return ok(found.length)
    },
  }
}

/** Whether a migration that was cut off still comes to this document. */
function isStillDue(one: Doc, resumed: ResumedMigration | undefined): resumed is ResumedMigration {
  if (resumed?.upTo === undefined) return false
  const id = one.get('_id') ?? null
  return (resumed.last === undefined || compareValues(id, resumed.last) > 0) && compareValues(id, resumed.upTo) <= 0
}
