import { doc, type Doc } from '@stage0/bson-schema'
import { FailureTally } from '@stage0/core'
import { startEmbedded } from '@stage0/embedded'
import type { TargetPort } from '@stage0/engine'
import { connect, openTarget } from '@stage0/mongo'

/** The fastest round of each side counts, since everything else is noise of the machine; the sides take turns. */
const ROUNDS = 5
const DOCUMENTS = 100_000
const BATCH_DOCUMENTS = 2_000
/** One document in so many would fail. */
const FAILING_EVERY = 100
const BAR = 1.3
const DATABASE = 'bench'
const MAX_MS = 600_000

const TEXT = 'x'.repeat(60)
const fields = Array.from({ length: 12 }, (_, i) => `field${i}`)
const SCHEMA = {
  bsonType: 'object',
  required: ['name', 'age', 'tags'],
  properties: {
    name: { bsonType: 'string', minLength: 1 },
    age: { bsonType: 'int', minimum: 0 },
    tags: { bsonType: 'array', items: { bsonType: 'string' } },
    ...Object.fromEntries(fields.map((name) => [name, { bsonType: 'string', maxLength: 100 }])),
  },
}
/** About 1 KB. */
const documentAt = (id: number) => ({
  _id: id,
  name: id % FAILING_EVERY === 0 ? 5 : `name ${id}`,
  age: id % 90,
  tags: ['a', 'b'],
  ...Object.fromEntries(fields.map((name) => [name, TEXT])),
})

/** The evidence of one validator: count, scan, counts per rule, explained samples. */
async function scan({ evidence }: TargetPort, schema: Doc): Promise<number> {
  const count = await evidence.count({ collection: 'c', upTo: DOCUMENTS + 1, isSharded: false, maxMs: MAX_MS })
  if (!count.ok) throw new Error(count.error.message)
  const tally = new FailureTally(schema, 20)
  const query = { collection: 'c', schema, stages: [], limit: undefined, maxMs: MAX_MS }
  const found = await evidence.findFailing({ ...query, onDocument: (one) => tally.add(one) })
  if (!found.ok) throw new Error(found.error.message)
  if (tally.rules().length !== 1 || tally.samples().length !== 20) throw new Error('the evidence is not as seeded')
  return tally.documents
}

/** Evidence with at most 1 % failing against a bare count of what does not match: is the ratio within its bar? */
export async function evidenceScan(): Promise<boolean> {
  const server = await startEmbedded()
  const recordNames = { versions: 'CollectionVersions', enumerators: 'DatabaseEnumerators' }
  const target = await openTarget({ uri: server.uri, database: DATABASE, recordNames })
  if (!target.ok) throw new Error(target.error.message)
  const opened = await connect({ uri: server.uri, database: DATABASE })
  if (!opened.ok) throw new Error(opened.error.message)
  const { db } = opened.value
  try {
    for (let from = 0; from < DOCUMENTS; from += BATCH_DOCUMENTS) {
      const documents = Array.from({ length: BATCH_DOCUMENTS }, (_, i) => documentAt(from + i))
      await db.command({ insert: 'c', documents })
    }
    const schema = doc(SCHEMA)
    const bare = async (): Promise<number> =>
      Number((await db.command({ count: 'c', query: { $nor: [{ $jsonSchema: SCHEMA }] } }))['n'])
    const best = { bare: Infinity, evidence: Infinity }
    for (let round = 0; round < ROUNDS; round++) {
      for (const [side, run] of [
        ['bare', bare],
        ['evidence', () => scan(target.value, schema)],
      ] as const) {
        const begin = performance.now()
        const failing = await run()
        best[side] = Math.min(best[side], performance.now() - begin)
        if (failing !== DOCUMENTS / FAILING_EVERY) throw new Error(`${side} found ${failing}`)
      }
    }
    const ratio = best.evidence / best.bare
    console.log(
      `evidence of ${DOCUMENTS} documents, 1 % failing: ${best.evidence.toFixed(0)} ms; bare $nor count: ${best.bare.toFixed(0)} ms; ratio ${ratio.toFixed(2)} (at most ${BAR})`,
    )
    return ratio <= BAR
  } finally {
    await opened.value.close()
    await target.value.close()
    await server.close()
  }
}
