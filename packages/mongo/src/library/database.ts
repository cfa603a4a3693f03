import { decode, Doc } from '@stage0/bson-schema'
import { serialize } from 'bson'
import type { Connection } from '../connection/connect.ts'

/**
 * An open database, as `connect` returns it. Close it at the end.
 *
 * All functions that take it return a `Result`: `{ok: true, value}`, or `{ok: false, error}` with a code of the catalogue, a
 * plain sentence and a hint. They throw for defects only.
 */
export type Database = Connection

/** A document from code: an object literal, or a `Doc` where the order of integer-like keys or an exact type counts. */
export type DocumentLike = Doc | { readonly [key: string]: unknown }

/** The exact value: what the driver would send of an object literal. */
export const toDoc = (document: DocumentLike): Doc =>
  document instanceof Doc ? document : decode(serialize(document, { ignoreUndefined: true }))

/** For functions that a signal may stop, where the caller gave none. */
export const NEVER: AbortSignal = new AbortController().signal
