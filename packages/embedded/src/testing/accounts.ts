import type { ClientSession, Collection, Document } from 'mongodb'
import { useServer } from './test-server.ts'

export interface Account extends Document {
  _id: number
  a: number
}

/** Transactions over collections of accounts, on a replica set of one that the tests of a file share. Development only. */
export function useAccounts() {
  const use = useServer({ replicaSet: 'rs' }, { retryWrites: true })
  let round = 0
  /** A number that no collection has in its name yet. */
  const nextRound = (): number => round++
  const collectionOf = (name: string): Collection<Account> => use().db.collection<Account>(name)
  const begin = (): ClientSession => {
    const session = use().client.startSession()
    session.startTransaction()
    return session
  }
  /** A new collection with so many accounts. */
  const accounts = async (count = 3) => {
    const c = collectionOf(`accounts${nextRound()}`)
    await c.insertMany(Array.from({ length: count }, (_, _id) => ({ _id, a: 0 })))
    return { c, begin }
  }
  return { use, accounts, collectionOf, nextRound }
}

/** What a write is refused with that meets another transaction. */
export const conflict = { code: 112, codeName: 'WriteConflict', errorLabels: ['TransientTransactionError'] }
