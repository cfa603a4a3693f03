import { doc } from '@stage0/bson-schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startScratch, value, type ScratchServer } from '../testing/scratch.ts'
import { openTarget } from '../target.ts'

let server: ScratchServer
beforeAll(async () => {
  server = await startScratch()
})
afterAll(() => server.close())

const signal = new AbortController().signal
const recordNames = { versions: 'CollectionVersions', enumerators: 'DatabaseEnumerators' }

describe('a server that refuses documents with equal values', () => {
  it.each([
    { hideValues: false, told: ['Ada-1 and Ada-2', '{"name":"Ada"}'] },
    { hideValues: true, told: ['values are not shown', 'values are not shown'] },
  ])('is told with hideValues $hideValues: $told', async ({ hideValues, told }) => {
    const { db, name, drop } = await server.database()
    const target = value(await openTarget({ uri: server.uri, database: name, recordNames, hideValues }))
    try {
      const documents = ['Ada-1', 'Ada-2'].map((_id) => ({ _id, name: 'Ada' }))
      await db.collection<{ _id: string }>('c').insertMany(documents)
      await db.collection('c').createIndex({ name: 1 }, { name: 'byName' })
      const unique = { name: 'again', key: doc({ name: 1, x: 1 }), options: doc({ unique: true }) }
      const changed = await target.changeIndex('c', 'byName', { unique: true }, signal)
      const built = await target.buildIndexes('c', [unique], signal)
      const errors = [changed, built].map((one) => (one.ok ? undefined : one.error))
      expect(errors.map((error) => error?.code)).toEqual(['INDEX_DUPLICATES', 'DUPLICATE_KEY'])
      expect(errors[0]?.message.replaceAll('"', '')).toContain(told[0])
      expect(errors[1]?.message.replace(',"x":null', '')).toContain(told[1])
      if (hideValues) expect(JSON.stringify(errors)).not.toContain('Ada')
    } finally {
      await target.close()
      await drop()
    }
  })
})
