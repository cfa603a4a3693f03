import { doc, type Doc } from '@stage0/bson-schema'
import type { StatementResult } from '../sessions/statements.ts'

/** What the statements of one write command did together. */
export class Tally {
  n = 0
  nModified = 0
  readonly upserted: Doc[] = []
  readonly errors: Doc[] = []
  /** Numbers of the statements that an earlier sending carried out. */
  readonly retried: number[] = []
  /** The statement that comes next. */
  next = 0

  add({ n, modified, upserted }: StatementResult): void {
    this.n += n
    this.nModified += modified
    if (upserted !== undefined) this.upserted.push(doc({ index: this.next, _id: upserted }))
  }
}
