import { Doc, type Value } from '../value.ts'

/** A value, or `undefined` for a property that is required and missing. */
export type Subject = Value | undefined

/** A test of the value of type `type` that lies in `[at, end)` of the bytes of a document. */
export type RawTest = (bytes: Uint8Array, type: number, at: number, end: number) => boolean

/** One keyword (or one that belongs with others) of a schema. */
export interface Rule {
  /** Allocates nothing for a valid value. */
  readonly matches: (value: Subject) => boolean
  /** True where the bytes alone show that the value satisfies the rule; false means that it has to be decoded to know. */
  readonly sure?: RawTest
  /** The entry of the error, several for keywords that belong together; `undefined` when there is nothing to report. */
  readonly explain: (value: Subject) => Doc | readonly Doc[] | undefined
}

export interface SchemaNode {
  readonly matches: (value: Subject) => boolean
  /** As `matches`, decoding only what the bytes alone do not decide. */
  readonly matchesRaw: RawTest
  /** The entries of the rules that are not satisfied, in the server's order. */
  readonly explain: (value: Subject) => readonly Doc[]
  /** `title` and `description`, as they go into an entry. */
  readonly annotations: readonly Field[]
}

export type Field = readonly [key: string, value: Value]

/** A document from fields in order. */
export const fields = (...entries: readonly Field[]): Doc =>
  new Doc(
    entries.map(([key]) => key),
    entries.map(([, value]) => value),
  )

/** The entry of a rule that looks at one value. */
export const leaf = (
  operatorName: string,
  specifiedAs: readonly Field[],
  reason: string,
  ...considered: readonly Field[]
): Doc =>
  fields(['operatorName', operatorName], ['specifiedAs', fields(...specifiedAs)], ['reason', reason], ...considered)
