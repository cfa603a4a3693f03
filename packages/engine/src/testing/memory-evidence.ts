import { compileSchema, hashKey, type Doc, type Value } from '@stage0/bson-schema'
import { ok } from '@stage0/types'
import type { EvidencePort } from '../evidence/evidence-port.ts'
import { updated, type MemoryDatabase } from './memory-database.ts'

/** Questions about the documents of a database in memory: plain fields only, and migrations of the few stages that it runs. Development only. */
export function memoryEvidence(database: MemoryDatabase): EvidencePort {
  const documents = (name: string, limit: number | undefined, stages: readonly Doc[]): readonly Doc[] => {
    const stored = (database.collections.get(name)?.documents ?? []).slice(0, limit)
    return stored.map((one) => stages.reduce(updated, one))
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
    findFailing: async ({ collection, limit, stages, schema, onDocument }) => {
      const compiled = compileSchema(schema)
      if (!compiled.ok) throw new TypeError(`not a schema: ${compiled.error[0]?.message}`)
      for (const one of documents(collection, limit, stages)) if (!compiled.value.matches(one)) onDocument(one)
      return ok('end' as const)
    },
    findDuplicates: async ({ collection, limit, stages, keys, samples }) => {
      const groups = new Map<string, { readonly values: readonly Value[]; readonly ids: Value[] }>()
      for (const one of documents(collection, limit, stages)) {
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
  }
}
