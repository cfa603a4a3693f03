import { BSON, Decimal128, Double, Int32, Long } from 'mongodb'
import { equal, listing, names, refused, type Assumption } from './assumption.ts'

/** Reading what a target holds: engine.md, sections 1 and 2. */
export const OBSERVING: readonly Assumption[] = [
  {
    id: 'observe-server-facts',
    holds: 'buildInfo tells a version, hello tells a replica set by setName and a router by msg',
    check: async (db) => {
      const buildInfo = await db.command({ buildInfo: 1 })
      equal(/^\d+\.\d+\.\d+/.test(String(buildInfo['version'])), true)
      equal((await db.command({ hello: 1 }))['isWritablePrimary'], true)
    },
  },
  {
    id: 'observe-privileges',
    holds: 'connectionStatus with showPrivileges tells users and privileges as lists',
    check: async (db) => {
      const { authInfo } = await db.command({ connectionStatus: 1, showPrivileges: true })
      equal(
        [Array.isArray(authInfo.authenticatedUsers), Array.isArray(authInfo.authenticatedUserPrivileges)],
        [true, true],
      )
    },
  },
  {
    id: 'observe-creates-nothing',
    holds:
      'find, aggregate, count and listCollections of what is not there answer nothing and create nothing; listIndexes is refused with 26',
    check: async (db) => {
      const absent = db.collection('absent')
      equal([await absent.find({}).toArray(), await absent.aggregate([]).toArray()], [[], []])
      equal(await absent.estimatedDocumentCount(), 0)
      await refused(26, () => absent.listIndexes().toArray())
      equal(await names(db), [])
    },
  },
  {
    id: 'observe-collection-options',
    holds: 'listCollections tells validator, level and action as set, and the UUID',
    check: async (db) => {
      const validator = { $jsonSchema: { bsonType: 'object', required: ['b', 'a'] } }
      await db.command({ create: 'a', validator, validationLevel: 'moderate', validationAction: 'warn' })
      const { options, info } = (await listing(db, 'a')) as {
        options?: Record<string, unknown>
        info?: { uuid?: unknown }
      }
      equal(options, { validator, validationLevel: 'moderate', validationAction: 'warn' })
      equal(info?.uuid !== undefined, true)
    },
  },
  {
    id: 'observe-order-and-types',
    holds:
      'a document comes back with its types and with its keys in order, integer-like ones too; only _id moves to the front',
    check: async (db) => {
      const fields: readonly (readonly [string, unknown])[] = [
        ['b', new Int32(5)],
        ['10', new Double(5)],
        ['9', Long.fromNumber(5)],
        ['a', Decimal128.fromString('5.0')],
      ]
      await db.command({ insert: 'a', documents: [new Map([...fields, ['_id', 1]])] })
      const [stored] = await db.collection('a').find({}, { raw: true }).toArray()
      equal(Buffer.from(stored as unknown as Uint8Array), Buffer.from(BSON.serialize(new Map([['_id', 1], ...fields]))))
    },
  },
]
