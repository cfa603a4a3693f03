/** What the page asks the worker for. Schemas and documents cross as text: Extended JSON keeps types and order. */
export type CheckRequest =
  | { readonly kind: 'validate'; readonly schema: string; readonly documents: string }
  | { readonly kind: 'skeleton'; readonly schema: string }

/** One rule that a document breaks, ready to show. */
export interface Finding {
  readonly path: readonly (string | number)[]
  /** The keyword or operator: `required`, `minimum` ... */
  readonly rule: string
  /** As JSON, shortened; absent where the rule says nothing more. */
  readonly expected?: string
  readonly actual?: string
  readonly reason?: string
  /** 1-based, in the text that was checked: the value, or what should hold it. */
  readonly line: number
}

/** One document that the schema refuses. */
export interface RefusedDocument {
  /** 0-based, in the order of the text. */
  readonly ordinal: number
  readonly line: number
  /** Its `_id` as JSON, where it has one. */
  readonly id?: string
  /** At most `MAX_FINDINGS_PER_DOCUMENT`. */
  readonly findings: readonly Finding[]
  /** How many there are, shown or not. */
  readonly total: number
}

export type CheckAnswer =
  | {
      readonly kind: 'checked'
      readonly documents: number
      readonly refused: number
      /** The first `MAX_REFUSED_SHOWN` of them. */
      readonly shown: readonly RefusedDocument[]
      /** Keys that an object has twice: the last one was taken. */
      readonly duplicates: readonly { readonly key: string; readonly line: number }[]
      /** How many documents had no `_id` and were given one, as a server does. */
      readonly idsAdded: number
    }
  | { readonly kind: 'unreadable'; readonly message: string; readonly line: number; readonly column: number }
  | { readonly kind: 'schema-refused'; readonly messages: readonly string[] }
  | { readonly kind: 'skeleton'; readonly text: string }

export const MAX_FINDINGS_PER_DOCUMENT = 100
export const MAX_REFUSED_SHOWN = 200
export const MAX_DUPLICATES_SHOWN = 20
