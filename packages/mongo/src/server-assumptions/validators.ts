import type { Db, Document } from 'mongodb'
import { violationsOf } from '../errors/violations.ts'
import { equal, listing, refused, writeError, type Assumption } from './assumption.ts'

const SCHEMA = {
  bsonType: 'object',
  required: ['name'],
  properties: { _id: {}, name: { bsonType: 'string' }, age: { bsonType: 'int', minimum: 0 } },
  additionalProperties: false,
}
const collMod = (db: Db, $jsonSchema: Document, level = 'moderate', action = 'error'): Promise<Document> =>
  db.command({ collMod: 'a', validator: { $jsonSchema }, validationLevel: level, validationAction: action })

/** Validators: mongodb-facts.md, sections 1 to 5. */
export const VALIDATORS: readonly Assumption[] = [
  {
    id: 'validator-set-at-once',
    holds: 'one collMod sets validator, level and action together, whatever the documents are like',
    check: async (db) => {
      await db.command({ insert: 'a', documents: [{ name: 5 }] })
      await collMod(db, SCHEMA)
      const options = { validator: { $jsonSchema: SCHEMA }, validationLevel: 'moderate', validationAction: 'error' }
      equal((await listing(db, 'a'))['options'], options)
    },
  },
  {
    id: 'validator-unknown-keyword',
    holds: 'an unknown keyword is refused with 9 and named in the message, and the old validator stays',
    check: async (db) => {
      await db.createCollection('a')
      await collMod(db, SCHEMA)
      const error = await refused(9, () => collMod(db, { bsonType: 'object', nullable: true }))
      equal(error.message.includes('nullable'), true, error.message)
      equal((await listing(db, 'a'))['options'].validator, { $jsonSchema: SCHEMA })
    },
  },
  {
    id: 'validator-bad-value',
    holds: 'a keyword with a value of a wrong type is refused with 14 or 9, and a bad value with 2 or 9',
    check: async (db) => {
      await db.createCollection('a')
      await refused([9, 14], () => collMod(db, { minimum: 'zero' }))
      await refused([2, 9], () => collMod(db, { bsonType: 'nosuch' }))
    },
  },
  {
    id: 'validator-absent-collection',
    holds: 'collMod on an absent collection is refused with 26',
    check: async (db) => {
      await refused(26, () => collMod(db, SCHEMA))
    },
  },
  {
    id: 'collection-exists',
    holds: 'creating a collection that exists with other options is refused with 48',
    check: async (db) => {
      await db.command({ create: 'a' })
      await refused(48, () => db.command({ create: 'a', validator: { $jsonSchema: SCHEMA } }))
    },
  },
  {
    id: 'validator-explains',
    holds: 'an insert that does not match is refused with 121, and errInfo tells each broken rule',
    check: async (db) => {
      await db.command({ create: 'a', validator: { $jsonSchema: SCHEMA } })
      const error = writeError(await db.command({ insert: 'a', documents: [{ _id: 7, age: -1, extra: 1 }] }))
      equal([error['code'], error['errInfo'].failingDocumentId], [121, 7])
      const rules = violationsOf(error['errInfo']).map(({ path, rule }) => `${path} ${rule}`)
      equal(rules.sort(), ['age minimum', 'extra additionalProperties', 'name required'])
    },
  },
  {
    id: 'validator-moderate',
    holds: 'under moderate a document that never matched may be updated, and a matching one must go on matching',
    check: async (db) => {
      await db.command({
        insert: 'a',
        documents: [
          { _id: 1, name: 5 },
          { _id: 2, name: 'x' },
        ],
      })
      await collMod(db, SCHEMA)
      const update = (id: number) =>
        db.command({ update: 'a', updates: [{ q: { _id: id }, u: { $set: { age: -1 } } }] })
      equal((await update(1))['nModified'], 1)
      equal(writeError(await update(2))['code'], 121)
    },
  },
  {
    id: 'validator-bypass',
    holds: 'bypassDocumentValidation lets update and $out write what the validator would refuse',
    check: async (db) => {
      await db.command({ create: 'a', validator: { $jsonSchema: SCHEMA } })
      await db.command({ insert: 'a', documents: [{ _id: 1, name: 'x' }] })
      const updates = [{ q: {}, u: [{ $set: { name: 5 } }], multi: true }]
      equal((await db.command({ update: 'a', updates, bypassDocumentValidation: true }))['nModified'], 1)
      const pipeline = [{ $set: { name: 6 } }, { $out: 'a' }]
      await db.command({ aggregate: 'a', pipeline, cursor: {}, bypassDocumentValidation: true })
      equal(await db.collection('a').find({}).toArray(), [{ _id: 1, name: 6 }])
    },
  },
]
