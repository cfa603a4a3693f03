import type { Transaction } from './transaction.ts'

/**
 * A write outside of transactions met one that is not committed. The command is carried out when that transaction has ended;
 * nothing that the statement did so far stays.
 */
export class Blocked extends Error {
  readonly by: Transaction
  constructor(by: Transaction) {
    super('waits for a transaction')
    this.by = by
  }
}
