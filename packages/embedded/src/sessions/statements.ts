import type { Doc, Value } from '@stage0/bson-schema'

/** What one statement of a write command did. */
export interface StatementResult {
  readonly n: number
  readonly modified: number
  readonly upserted: Value | undefined
  /** Of findAndModify: the whole reply. */
  readonly reply: Doc | undefined
}

export const statementResult = (n: number, more: Partial<StatementResult> = {}): StatementResult => ({
  n,
  modified: 0,
  upserted: undefined,
  reply: undefined,
  ...more,
})

/** The statements of one retryable command: those that were carried out before are not carried out again. */
export interface RetryableStatements {
  /** What the statement at this place of the command did, when it was carried out before. */
  recall(index: number): StatementResult | undefined
  keep(index: number, result: StatementResult): void
  /** Nothing of the command stays: sent again it is carried out anew. */
  forget(): void
  /** The number under which the client knows the statement. */
  idOf(index: number): number
}

export function retryableStatements(
  executed: Map<number, StatementResult>,
  idOf: (index: number) => number,
): RetryableStatements {
  return {
    recall: (index) => executed.get(idOf(index)),
    keep: (index, result) => void executed.set(idOf(index), result),
    forget: () => executed.clear(),
    idOf,
  }
}
