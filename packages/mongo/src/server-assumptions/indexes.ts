import type { Db, Document } from 'mongodb'
import { equal, names, refused, writeError, type Assumption } from './assumption.ts'

/** The listing of one index. */
const only = async (db: Db, name: string): Promise<Document> =>
  (await db.collection('a').listIndexes().toArray()).find((index) => index['name'] === name) ?? {}

const create = (db: Db, ...indexes: Document[]): Promise<Document> => db.command({ createIndexes: 'a', indexes })

/** Indexes: mongodb-facts.md, section 6. */
export const INDEXES: readonly Assumption[] = [
  {
    id: 'index-many-at-once',
    holds: 'one createIndexes makes several indexes, and the same command again changes nothing',
    check: async (db) => {
      const indexes = [
        { key: { a: 1 }, name: 'one' },
        { key: { b: -1, a: 1 }, name: 'two', unique: true },
      ]
      const made = await create(db, ...indexes)
      equal([made['numIndexesBefore'], made['numIndexesAfter']], [1, 3])
      const again = await create(db, ...indexes)
      equal([again['numIndexesBefore'], again['numIndexesAfter']], [3, 3])
    },
  },
  {
    id: 'index-options-kept',
    holds:
      'listIndexes tells unique, sparse, expireAfterSeconds, partialFilterExpression, collation and hidden as they were set',
    check: async (db) => {
      const partialFilterExpression = { c: { $gt: 1 } }
      await create(
        db,
        { key: { a: 1 }, name: 'u', unique: true, sparse: true, hidden: true },
        { key: { b: 1 }, name: 'ttl', expireAfterSeconds: 60 },
        { key: { c: 1 }, name: 'partial', partialFilterExpression, collation: { locale: 'en', strength: 2 } },
      )
      const listed = await db.collection('a').listIndexes().toArray()
      const by = (name: string): Document => listed.find((index) => index['name'] === name) ?? {}
      equal([by('u')['unique'], by('u')['sparse'], by('u')['hidden']], [true, true, true])
      equal([by('ttl')['expireAfterSeconds'], by('partial')['partialFilterExpression']], [60, partialFilterExpression])
      const { locale, strength } = by('partial')['collation'] as Document
      equal([locale, strength], ['en', 2])
    },
  },
  {
    id: 'index-options-conflict',
    holds: 'the same keys under another name are refused with 85',
    check: async (db) => {
      await create(db, { key: { a: 1 }, name: 'one' })
      await refused(85, () => create(db, { key: { a: 1 }, name: 'two' }))
    },
  },
  {
    id: 'index-name-conflict',
    holds: 'the same name with other keys or options is refused with 86',
    check: async (db) => {
      await create(db, { key: { a: 1 }, name: 'one' })
      await refused(86, () => create(db, { key: { b: 1 }, name: 'one' }))
      await refused(86, () => create(db, { key: { a: 1 }, name: 'one', unique: true }))
    },
  },
  {
    id: 'index-definition-refused',
    holds: 'an unknown option is refused with 197, and an unknown kind of key with 67',
    check: async (db) => {
      await refused(197, () => create(db, { key: { a: 1 }, name: 'one', uniqe: true }))
      await refused(67, () => create(db, { key: { a: 'nosuch' }, name: 'one' }))
    },
  },
  {
    id: 'index-drop-absent',
    holds: 'dropping an index that is not there is refused with 27, on an absent collection with 26',
    check: async (db) => {
      await refused(26, () => db.command({ dropIndexes: 'a', index: 'one' }))
      await create(db, { key: { a: 1 }, name: 'one' })
      await refused(27, () => db.command({ dropIndexes: 'a', index: 'two' }))
      equal((await db.command({ dropIndexes: 'a', index: 'one' }))['nIndexesWas'], 2)
      equal(await names(db), ['a'])
    },
  },
  {
    id: 'index-unique-missing-is-null',
    holds: 'two documents without the field collide on a unique index, and do not on a sparse or a partial one',
    check: async (db) => {
      await create(
        db,
        { key: { a: 1 }, name: 'plain', unique: true },
        { key: { b: 1 }, name: 'sparse', unique: true, sparse: true },
        { key: { c: 1 }, name: 'partial', unique: true, partialFilterExpression: { c: { $exists: true } } },
      )
      equal((await db.command({ insert: 'a', documents: [{ a: 1 }, { a: 2 }] }))['n'], 2)
      const reply = await db.command({ insert: 'a', documents: [{ _id: 1 }, { _id: 2, a: null }], ordered: false })
      equal([reply['n'], writeError(reply)['code']], [1, 11000])
    },
  },
  {
    id: 'index-unique-per-element',
    holds: 'a unique index over an array field holds one key per element, across documents',
    check: async (db) => {
      await create(db, { key: { a: 1 }, name: 'u', unique: true })
      const error = writeError(await db.command({ insert: 'a', documents: [{ a: [1, 2, 2] }, { a: [2, 3] }] }))
      equal([error['code'], error['keyValue']], [11000, { a: 2 }])
    },
  },
  {
    id: 'index-change-in-place',
    holds:
      'collMod hides an index and shows it again, and gives a plain index of one field a time to live, and another one',
    check: async (db) => {
      await create(db, { key: { a: 1 }, name: 'one' })
      const change = async (index: Document): Promise<Document> => {
        await db.command({ collMod: 'a', index: { name: 'one', ...index } })
        const { hidden, expireAfterSeconds } = await only(db, 'one')
        return { hidden, expireAfterSeconds }
      }
      equal(await change({ hidden: true }), { hidden: true, expireAfterSeconds: undefined })
      equal(await change({ hidden: false }), { hidden: undefined, expireAfterSeconds: undefined })
      equal(await change({ expireAfterSeconds: 60 }), { hidden: undefined, expireAfterSeconds: 60 })
      equal(await change({ expireAfterSeconds: 90 }), { hidden: undefined, expireAfterSeconds: 90 })
    },
  },
  {
    id: 'index-unique-in-place',
    holds:
      'collMod makes an index unique once it is prepared; prepared, it refuses new duplicates, and unique, it is prepared no more',
    check: async (db) => {
      await create(db, { key: { a: 1 }, name: 'one' })
      await db.command({ insert: 'a', documents: [{ a: 1 }] })
      await db.command({ collMod: 'a', index: { name: 'one', prepareUnique: true } })
      equal(writeError(await db.command({ insert: 'a', documents: [{ a: 1 }] }))['code'], 11000)
      await db.command({ collMod: 'a', index: { name: 'one', unique: true }, dryRun: true })
      equal((await only(db, 'one'))['unique'], undefined)
      await db.command({ collMod: 'a', index: { name: 'one', unique: true } })
      const { unique, prepareUnique } = await only(db, 'one')
      equal([unique, prepareUnique], [true, undefined])
    },
  },
  {
    id: 'index-unique-dry-run',
    holds:
      'over duplicates the dry run is refused with 359 and names their _ids, and the preparation can be taken back',
    check: async (db) => {
      await db.command({ insert: 'a', documents: [1, 2, 3].map((_id) => ({ _id, a: _id % 2 })) })
      await create(db, { key: { a: 1 }, name: 'one' })
      await db.command({ collMod: 'a', index: { name: 'one', prepareUnique: true } })
      const command = { collMod: 'a', index: { name: 'one', unique: true }, dryRun: true }
      const cause = await refused(359, () => db.command(command))
      const [first] = (cause as { violations?: readonly Document[] }).violations ?? []
      equal(first?.['ids'], [1, 3])
      await db.command({ collMod: 'a', index: { name: 'one', prepareUnique: false } })
      equal((await db.command({ insert: 'a', documents: [{ a: 1 }] }))['n'], 1)
    },
  },
  {
    id: 'index-build-uuids',
    holds: 'listIndexes with includeBuildUUIDs tells indexes that are ready as it tells them without',
    check: async (db) => {
      await create(db, { key: { a: 1 }, name: 'one', unique: true })
      const listed = await db.runCursorCommand({ listIndexes: 'a', cursor: {}, includeBuildUUIDs: true }).toArray()
      equal(listed, await db.collection('a').listIndexes().toArray())
    },
  },
]
