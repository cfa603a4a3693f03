import { doc, docOf } from '@stage0/bson-schema'
import { describe, expect, it } from 'vitest'
import { type Scratch, value } from '../testing/scratch.ts'
import { index, never, schema } from '../testing/target-parts.ts'
import { eachWithScratch } from '../testing/each.ts'

let scratch: Scratch
eachWithScratch((made) => (scratch = made))

const observed = async () => value(await scratch.target.observe({}))
const names = () => scratch.sent.map(({ name }) => name)

describe('observing', () => {
  it('W-18: creates nothing and costs four commands on an empty database', async () => {
    scratch.sent.length = 0
    expect(await observed()).toMatchObject({
      database: scratch.name,
      collections: [],
      versions: [],
      history: [],
      interrupted: undefined,
    })
    expect(names().sort()).toEqual(['buildInfo', 'connectionStatus', 'hello', 'listCollections'])
    expect(await scratch.db.listCollections().toArray()).toEqual([])
  })

  it('tells validator, level, action, indexes and counts, with the defaults filled in', async () => {
    await scratch.db.createCollection('plain')
    await scratch.target.createCollection('user', { schema, level: 'moderate', action: 'warn' }, never)
    await scratch.target.buildIndexes('user', [index('byName', doc({ name: 1 }), doc({ unique: true }))], never)
    await scratch.db.collection<{ name: string }>('user').insertOne({ name: 'ada' })
    const [plain, user] = (await observed()).collections
    expect(plain).toMatchObject({
      name: 'plain',
      type: 'collection',
      validator: undefined,
      validationLevel: 'strict',
      validationAction: 'error',
    })
    expect(user).toMatchObject({ validationLevel: 'moderate', validationAction: 'warn', estimatedDocuments: 1 })
    expect(user?.validator).toEqual(docOf([['$jsonSchema', schema]]))
    expect(user?.uuid).toMatch(/^[0-9a-f]{32}$/)
    expect(user?.indexes.map((found) => found.name)).toEqual(['_id_', 'byName'])
    expect(user?.indexes[1]?.options).toEqual(doc({ unique: true }))
  })
})
