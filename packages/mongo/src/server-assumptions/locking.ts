import { MongoServerError, type Db, type Document } from 'mongodb'
import { claimPipeline } from '../records/lock.ts'
import { equal, refused, type Assumption } from './assumption.ts'

const LEASE_MS = 60_000
const holder = { host: 'here', pid: 1, user: 'test', runId: 'run', command: 'test' }

async function claim(db: Db, id: string): Promise<Document> {
  const update = claimPipeline(holder, id, LEASE_MS)
  const command = { findAndModify: 'stage0_lock', query: { _id: 'lock' }, update, new: true, upsert: true }
  return (await db.command({ ...command, writeConcern: { w: 'majority', j: true } }))['value'] as Document
}

async function claimAgain(db: Db, id: string): Promise<Document> {
  for (let tries = 0; tries < 5; tries += 1) {
    try {
      return await claim(db, id)
    } catch (cause) {
      if (!(cause instanceof MongoServerError) || cause.code !== 11000) throw cause
    }
  }
  throw new Error('a first claim met a duplicate key five times')
}

/** The lock: engine.md, section 4.1. */
export const LOCKING: readonly Assumption[] = [
  {
    id: 'lock-claim',
    holds: 'findAndModify with a pipeline and upsert makes the lock document, and leaves a held one as it is',
    check: async (db) => {
      const first = await claim(db, 'a')
      equal([first['claim'], first['token']], ['a', 1])
      const second = await claim(db, 'b')
      equal([second['claim'], second['token']], ['a', 1])
    },
  },
  {
    id: 'lock-race',
    holds: 'of concurrent first claims exactly one wins; the others see it, or a duplicate key and then it',
    check: async (db) => {
      const claims = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((id) => claimAgain(db, id)))
      equal(new Set(claims.map((lock) => String(lock['claim']))).size, 1)
      equal(
        claims.map((lock) => Number(lock['token'])).every((token) => token === 1),
        true,
      )
    },
  },
  {
    id: 'lock-server-clock',
    holds: '$$NOW is a date, the same in all fields of one command, and $add adds milliseconds to it',
    check: async (db) => {
      const lock = await claim(db, 'a')
      const [since, end] = [lock['since'] as Date, lock['lease_end'] as Date]
      equal([since instanceof Date, end instanceof Date], [true, true])
      equal(end.getTime() - since.getTime(), LEASE_MS)
    },
  },
  {
    id: 'lock-release',
    holds: 'an update with a pipeline ends the lease by $$NOW, and the next claim takes the lock with the next token',
    check: async (db) => {
      await claim(db, 'a')
      const u = [{ $set: { lease_end: '$$NOW' } }]
      const reply = await db.command({ update: 'stage0_lock', updates: [{ q: { _id: 'lock', token: 1 }, u }] })
      equal(reply['nModified'], 1)
      const next = await claim(db, 'b')
      equal([next['claim'], next['token']], ['b', 2])
    },
  },
  {
    id: 'lock-held-by-expr',
    holds: '$expr in a $match compares a field with $$NOW',
    check: async (db) => {
      await claim(db, 'a')
      const pipeline = [{ $match: { _id: 'lock', $expr: { $gt: ['$lease_end', '$$NOW'] } } }]
      equal((await db.collection('stage0_lock').aggregate(pipeline).toArray()).length, 1)
    },
  },
  {
    id: 'lock-expr-upsert-refused',
    holds: 'a filter with $expr is refused in an upsert with code 224, which is why the claim is a pipeline',
    check: async (db) => {
      const query = { _id: 'lock', $expr: { $lt: ['$lease_end', '$$NOW'] } }
      const update = { $set: { a: 1 } }
      await refused(224, () => db.command({ findAndModify: 'stage0_lock', query, update, new: true, upsert: true }))
    },
  },
]
