import type { IndexChange } from '@stage0/core'
import type { TargetResult } from '@stage0/engine'
import { ERRORS } from '@stage0/types'
import { EJSON } from 'bson'
import { MongoServerError, type Db, type Document } from 'mongodb'
import type { Connection } from '../connection/connect.ts'
import { serverCodes, VALUES_HIDDEN } from '../errors/server-refusal.ts'
import { fail } from '../errors/target-error.ts'
import { MAJORITY, runCommand } from './run-command.ts'

const CANNOT_CONVERT_TO_UNIQUE = 359
const SHOWN_VIOLATIONS = 5

/**
 * Changes an index with `collMod`: it stays in use throughout. Uniqueness comes first, since only that can be refused for the sake of
 * the documents, and a time to live last, since that deletes.
 *
 * Errors: INDEX_DUPLICATES with the `_id`s, and then the index is as it was; TARGET_REFUSED (no such index), and those of the connection.
 */
export async function changeIndex(
  { db, attempt, hidesValues }: Connection,
  collection: string,
  name: string,
  change: IndexChange,
  signal: AbortSignal,
): TargetResult {
  return attempt(`change index "${name}" of collection "${collection}"`, async () => {
    const modify = async (index: Document, more: Document = {}): Promise<void> => {
      signal.throwIfAborted()
      await runCommand(db, { collMod: collection, index: { name, ...index }, ...more, writeConcern: MAJORITY })
    }
    if (change.unique === true) await makeUnique(db, collection, name, modify, hidesValues)
    // One at a time: servers do not take every combination in one command.
    if (change.prepareUnique !== undefined) await modify({ prepareUnique: change.prepareUnique })
    if (change.hidden !== undefined) await modify({ hidden: change.hidden })
    if (change.expireAfterSeconds !== undefined) await modify({ expireAfterSeconds: change.expireAfterSeconds })
  })
}

type Modify = (index: Document, more?: Document) => Promise<void>

/** From the preparation on no new duplicate comes in, so what the dry run has not found the change does not meet. */
async function makeUnique(
  db: Db,
  collection: string,
  name: string,
  modify: Modify,
  hidesValues: boolean,
): Promise<void> {
  await modify({ prepareUnique: true })
  try {
    await modify({ unique: true }, { dryRun: true })
    await modify({ unique: true })
  } catch (cause) {
    if (!(cause instanceof MongoServerError) || cause.code !== CANNOT_CONVERT_TO_UNIQUE) throw cause
    // Also where the lock was lost meanwhile: left prepared, the index would refuse what it never was to refuse.
    await runCommand(db, { collMod: collection, index: { name, prepareUnique: false }, writeConcern: MAJORITY })
    fail('refused', 'INDEX_DUPLICATES', violationsText(cause, collection, name, hidesValues), {
      ...serverCodes(cause),
      hint: ERRORS.INDEX_DUPLICATES.fix,
      ...(!hidesValues && { detail: { violations: violationsOf(cause) } }),
    })
  }
}

/** Each violation names the documents that share one key. Source: manual, collMod, `dryRun`. */
const violationsOf = (cause: MongoServerError): readonly { readonly ids: readonly unknown[] }[] =>
  ((cause as { violations?: unknown }).violations ?? []) as readonly { readonly ids: readonly unknown[] }[]

function violationsText(cause: MongoServerError, collection: string, name: string, hidesValues: boolean): string {
  const violations = violationsOf(cause)
  const what = `Index "${name}" of collection "${collection}" cannot become unique: documents with equal values are stored`
  if (hidesValues) return `${what} (${VALUES_HIDDEN}).`
  const shown = violations
    .slice(0, SHOWN_VIOLATIONS)
    .map(({ ids }) => ids.map((id) => EJSON.stringify(id)).join(' and '))
  const more = violations.length > shown.length ? `; and ${violations.length - shown.length} more` : ''
  return `${what}, by _id ${shown.join('; ')}${more}.`
}
