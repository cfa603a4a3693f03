import { describe, expect, it } from 'vitest'
import { failureOf, useServer } from '../testing/test-server.ts'

const SCHEMA = {
  $jsonSchema: {
    bsonType: 'object',
    required: ['name'],
    properties: { name: { bsonType: 'string', description: 'a name' } },
  },
}
const BROKEN = {
  operatorName: '$jsonSchema',
  schemaRulesNotSatisfied: [
    {
      operatorName: 'properties',
      propertiesNotSatisfied: [
        {
          propertyName: 'name',
          description: 'a name',
          details: [
            {
              operatorName: 'bsonType',
              specifiedAs: { bsonType: 'string' },
              reason: 'type did not match',
              consideredValue: 1,
              consideredType: 'int',
            },
          ],
        },
      ],
    },
  ],
}

describe('collections', () => {
  const use = useServer()

  it('are created once, listed with options and UUID, and dropped without a complaint when they are not there', async () => {
    const { db } = use()
    await db.createCollection('people', { validator: SCHEMA })
    expect(await failureOf(db.createCollection('people'))).toMatchObject({ code: 48, codeName: 'NamespaceExists' })
    const [info] = await db.listCollections({ name: 'people' }, { nameOnly: false }).toArray()
    expect(info).toMatchObject({
      type: 'collection',
      options: { validator: SCHEMA, validationLevel: 'strict', validationAction: 'error' },
      idIndex: { v: 2, key: { _id: 1 }, name: '_id_' },
    })
    expect((info as { info?: { uuid?: unknown } }).info?.uuid).toBeDefined()
    expect(await db.command({ drop: 'people' })).toMatchObject({ nIndexesWas: 1, ns: 'test.people' })
    expect(await db.command({ drop: 'people' })).toEqual({ ok: 1 })
  })

  it('are renamed, within a database and across', async () => {
    const { db, client } = use()
    await db.collection('from').insertOne({ a: 1 })
    await db.collection('from').createIndex({ a: 1 }, { unique: true })
    await db.createCollection('taken')
    expect(await failureOf(db.renameCollection('from', 'taken'))).toMatchObject({ code: 48 })
    expect(await failureOf(db.renameCollection('nowhere', 'x'))).toMatchObject({ code: 26 })
    expect(
      await failureOf(client.db('admin').command({ renameCollection: 'test.taken', to: 'test.taken' })),
    ).toMatchObject({ code: 20 })
    await db.renameCollection('from', 'taken', { dropTarget: true })
    expect(await db.collection('taken').countDocuments()).toBe(1)
    await client.db('admin').command({ renameCollection: 'test.taken', to: 'other.moved' })
    expect(await failureOf(client.db('other').collection('moved').insertOne({ a: 1 }))).toMatchObject({ code: 11000 })
    expect(await client.db('admin').admin().listDatabases({ nameOnly: true })).toMatchObject({
      databases: expect.arrayContaining([{ name: 'other' }]),
    })
    expect(await client.db('other').dropDatabase()).toBe(true)
    expect(await failureOf(client.db('admin').command({ dropDatabase: 1 }))).toMatchObject({ code: 20 })
  })

  it.for(['capped', 'timeseries', 'viewOn', 'clusteredIndex'])('of the kind %s are refused', async (option) => {
    expect(await failureOf(use().db.command({ create: 'kind', [option]: { timeField: 't' } }))).toMatchObject({
      code: 115,
      codeName: 'CommandNotSupported',
    })
  })

  it.for([
    [
      { $jsonSchema: { properties: { a: { format: 'date' } } } },
      9,
      "$jsonSchema keyword 'format' is not currently supported",
    ],
    [{ $jsonSchema: { x: 1 } }, 9, 'Unknown $jsonSchema keyword: x'],
    [{ $jsonSchema: { bsonType: 'integer' } }, 2, ''],
    [{ $jsonSchema: { required: 'a' } }, 14, ''],
    [{ $nonsense: 1 }, 2, 'unknown top level operator: $nonsense'],
  ] as const)('with the rules %j are refused with code %i', async ([validator, code, text]) => {
    const failure = await failureOf(use().db.createCollection('never', { validator }))
    expect(failure).toMatchObject({ code })
    expect(failure['message']).toContain('Parsing of collection validator failed :: caused by :: ')
    expect(failure['message']).toContain(text)
    expect(await use().db.listCollections({ name: 'never' }).toArray()).toEqual([])
  })

  it('of internal databases carry no rules', async () => {
    expect(await failureOf(use().client.db('admin').createCollection('x', { validator: SCHEMA }))).toMatchObject({
      code: 72,
    })
  })

  it('refuse a document with the whole explanation, in writes and in findAndModify', async () => {
    const { db } = use()
    await db.createCollection('rules', { validator: SCHEMA })
    const c = db.collection<{ _id: number; name?: unknown }>('rules')
    expect(await failureOf(c.insertOne({ _id: 1, name: 1 }))).toMatchObject({
      code: 121,
      message: 'Document failed validation',
      errInfo: { failingDocumentId: 1, details: BROKEN },
    })
    await c.insertOne({ _id: 1, name: 1 }, { bypassDocumentValidation: true })
    await c.insertOne({ _id: 2, name: 'x' })
    expect(await failureOf(c.updateOne({ _id: 2 }, { $set: { name: 1 } }))).toMatchObject({
      code: 121,
      errInfo: { failingDocumentId: 2, details: BROKEN },
    })
    expect(await failureOf(c.findOneAndUpdate({ _id: 2 }, { $set: { name: 1 } }))).toMatchObject({
      code: 121,
      codeName: 'DocumentValidationFailure',
      errInfo: { details: BROKEN },
    })
    expect(await failureOf(c.updateOne({ _id: 3 }, { $set: { name: 1 } }, { upsert: true }))).toMatchObject({
      code: 121,
    })
    expect(await failureOf(c.updateOne({ _id: 1 }, { $set: { other: 1 } }))).toMatchObject({ code: 121 })
    expect(await db.command({ collMod: 'rules', validationLevel: 'moderate' })).toMatchObject({ ok: 1 })
    expect(await c.updateOne({ _id: 1 }, { $set: { other: 1 } })).toMatchObject({ modifiedCount: 1 })
    expect(await failureOf(c.updateOne({ _id: 2 }, { $set: { name: 1 } }))).toMatchObject({ code: 121 })
    await db.command({ collMod: 'rules', validationAction: 'warn' })
    await c.insertOne({ _id: 5, name: 5 })
    await db.command({ collMod: 'rules', validationAction: 'error', validationLevel: 'off' })
    await c.insertOne({ _id: 6, name: 6 })
    expect(await db.command({ validate: 'rules' })).toMatchObject({ nNonCompliantDocuments: 3, valid: true })
    expect(await failureOf(db.command({ collMod: 'rules', validationLevel: 'loose' }))).toMatchObject({ code: 2 })
    expect(await failureOf(db.command({ collMod: 'nowhere', validator: {} }))).toMatchObject({ code: 26 })
    await db.command({ collMod: 'rules', validator: {}, validationLevel: 'strict' })
    await c.insertOne({ _id: 7, name: 7 })
  })

  it('explain rules that are written as a query', async () => {
    const { db } = use()
    await db.createCollection('query', {
      validator: { $and: [{ age: { $gt: 17 } }, { $or: [{ a: 1 }, { b: { $exists: true } }] }] },
    })
    const failure = await failureOf(db.collection<{ _id: number; age: number }>('query').insertOne({ _id: 1, age: 5 }))
    expect(failure['errInfo']).toEqual({
      failingDocumentId: 1,
      details: {
        operatorName: '$and',
        clausesNotSatisfied: [
          {
            index: 0,
            details: {
              operatorName: '$gt',
              specifiedAs: { age: { $gt: 17 } },
              reason: 'comparison failed',
              consideredValue: 5,
            },
          },
          {
            index: 1,
            details: {
              operatorName: '$or',
              clausesNotSatisfied: [
                { index: 0, details: { operatorName: '$eq', specifiedAs: { a: 1 }, reason: 'field was missing' } },
                {
                  index: 1,
                  details: {
                    operatorName: '$exists',
                    specifiedAs: { b: { $exists: true } },
                    reason: 'path does not exist',
                  },
                },
              ],
            },
          },
        ],
      },
    })
  })
})

describe('$out and $merge', () => {
  const use = useServer()

  it('$out keeps indexes, options and rules of its target, and gives it another UUID', async () => {
    const { db } = use()
    await db.collection<{ _id: number; name: unknown }>('source').insertMany([
      { _id: 1, name: 'a' },
      { _id: 2, name: 'b' },
    ])
    await db.createCollection('target', { validator: SCHEMA })
    await db.collection('target').createIndex({ name: 1 }, { unique: true })
    await db.collection('target').insertOne({ name: 'old' })
    const uuid = async (): Promise<string> =>
      JSON.stringify((await db.listCollections({ name: 'target' }, { nameOnly: false }).toArray())[0]?.info?.uuid)
    const before = await uuid()
    expect(
      await db
        .collection('source')
        .aggregate([{ $out: 'target' }])
        .toArray(),
    ).toEqual([])
    expect(await db.collection('target').find().toArray()).toEqual([
      { _id: 1, name: 'a' },
      { _id: 2, name: 'b' },
    ])
    expect(await uuid()).not.toBe(before)
    expect(await db.collection('target').indexes()).toMatchObject([{ name: '_id_' }, { name: 'name_1', unique: true }])
    expect(
      await failureOf(
        db
          .collection('source')
          .aggregate([{ $set: { name: 1 } }, { $out: 'target' }])
          .toArray(),
      ),
    ).toMatchObject({
      code: 121,
      message: 'PlanExecutor error during aggregation :: caused by :: Document failed validation',
      errInfo: { details: BROKEN },
    })
    expect(
      await failureOf(
        db
          .collection('source')
          .aggregate([{ $set: { name: 'same' } }, { $out: 'target' }])
          .toArray(),
      ),
    ).toMatchObject({ code: 11000 })
    expect(await db.collection('target').countDocuments()).toBe(2)
    await db
      .collection('source')
      .aggregate([
        { $set: { name: 1 } },
        { $unset: 'name' },
        { $set: { name: 'z' } },
        { $limit: 1 },
        { $out: 'source' },
      ])
      .toArray()
    expect(await db.collection('source').find().toArray()).toEqual([{ _id: 1, name: 'z' }])
  })

  it('$merge needs a unique index on its fields', async () => {
    const { db } = use()
    await db.collection('m').insertOne({ k: 1, v: 1 })
    const merge = (): Promise<unknown> =>
      db
        .collection('m')
        .aggregate([{ $unset: '_id' }, { $set: { v: 2 } }, { $merge: { into: 'into', on: 'k' } }])
        .toArray()
    await db.createCollection('into')
    expect(await failureOf(merge())).toMatchObject({ code: 51183 })
    await db.collection('into').createIndex({ k: 1 }, { unique: true })
    await merge()
    await merge()
    expect(
      await db
        .collection('into')
        .find({}, { projection: { _id: 0 } })
        .toArray(),
    ).toEqual([{ k: 1, v: 2 }])
  })
})
