import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { isDeep } from '@stage0/testkit'
import { MongoClient } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { nodeFiles } from '../durability/node-files.ts'
import { thisMachine } from '../durability/machine.ts'
import { startServer } from '../server.ts'

const MEGABYTE = 1024 * 1024

/** Bytes in use, after everything that nobody holds is gone. */
function bytesInUse(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const { arrayBuffers, heapUsed } = process.memoryUsage()
  return arrayBuffers + heapUsed
}

interface Row {
  _id: number
  a: number
  text: string
}

describe('many transactions over many documents, with a plain writer beside them', () => {
  const DOCUMENTS = isDeep ? 200_000 : 20_000
  const TRANSACTIONS = isDeep ? 200 : 30
  const UPDATES = isDeep ? 1_000 : 300

  it('lose nothing, and let go of what they held', async () => {
    const server = await startServer({ replicaSet: 'rs' }, { files: nodeFiles, machine: thisMachine })
    const client = new MongoClient(server.uri)
    const c = client.db('test').collection<Row>('rows')
    for (let from = 0; from < DOCUMENTS; from += 10_000) {
      await c.insertMany(Array.from({ length: 10_000 }, (_, i) => ({ _id: from + i, a: 0, text: 'x'.repeat(100) })))
    }
    // From now on every document has bytes of its own, as after an update.
    await c.updateMany({}, { $set: { text: 'y'.repeat(100) } })
    // The ordered index on `_id` is made when it is first asked for.
    await c.findOne({ _id: { $gt: 0 } })
    let writes = 0
    let isOver = false
    const writer = (async () => {
      while (!isOver) {
        // The writer meets the transactions now and then, and waits for them.
        const range = { $gte: (writes * 977) % DOCUMENTS, $lt: ((writes * 977) % DOCUMENTS) + 50 }
        await c.updateMany({ _id: range }, { $set: { text: `w${writes}`.padEnd(100, '.') } })
        writes++
      }
    })()
    const before = bytesInUse()
    let attempts = 0
    for (let t = 0; t < TRANSACTIONS; t++) {
      await client.withSession((session) =>
        session.withTransaction(async () => {
          attempts++
          const operations = Array.from({ length: UPDATES }, (_, i) => ({
            updateOne: { filter: { _id: (t * 31 + i * 61) % DOCUMENTS }, update: { $inc: { a: 1 } } },
          }))
          await c.bulkWrite(operations.slice(0, UPDATES / 2), { session, ordered: true })
          await c.bulkWrite(operations.slice(UPDATES / 2), { session, ordered: true })
        }),
      )
    }
    isOver = true
    await writer
    expect(server.state.transactions.size).toBe(0)
    const [sum] = await c.aggregate([{ $group: { _id: null, a: { $sum: '$a' } } }]).toArray()
    expect(sum).toEqual({ _id: null, a: TRANSACTIONS * UPDATES })
    expect(writes).toBeGreaterThan(0)
    // Documents share blocks of memory, which single changes leave half empty: both times all are written anew before it is measured.
    await c.updateMany({}, { $set: { text: 'z'.repeat(100) } })
    // What a transaction of this size holds is some megabytes: held for ever, it would be that often many.
    expect((bytesInUse() - before) / MEGABYTE).toBeLessThan(20)
    expect(attempts).toBeGreaterThanOrEqual(TRANSACTIONS)
    await client.close()
    await server.close()
  })
})
