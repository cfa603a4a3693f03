import { Doc, encode } from '@stage0/bson-schema'
import type { TargetResult } from '@stage0/engine'
import { MongoServerError, type Document } from 'mongodb'
import type { Connection } from '../connection/connect.ts'
import { toDriverDocument } from '../driver-values.ts'
import { serverCodes } from '../errors/server-refusal.ts'
import { fail, TargetFailure, targetError } from '../errors/target-error.ts'
import { listCollections } from '../observe/list-collections.ts'
import { MAJORITY, runCommand } from './run-command.ts'

export interface ValidatorSpec {
  /** The `$jsonSchema`, without that key itself. */
  readonly schema: Doc
  readonly level: string
  readonly action: string
}

const NAMESPACE_EXISTS = 48
/** FailedToParse, TypeMismatch, BadValue: how the server refuses a `$jsonSchema`. */
const SCHEMA_REFUSALS: readonly unknown[] = [9, 14, 2]

const validatorFields = ({ schema, level, action }: ValidatorSpec): Document => ({
  validator: { $jsonSchema: toDriverDocument(schema) },
  validationLevel: level,
  validationAction: action,
})

/**
 * Creates a collection, with its validator at once. One that was created meanwhile just so is a success.
 * Errors: COLLECTION_CONFLICT, SCHEMA_REFUSED, and those of the connection.
 */
export async function createCollection(
  { db, attempt }: Connection,
  name: string,
  validator: ValidatorSpec | undefined,
  signal: AbortSignal,
): TargetResult {
  return attempt(`create collection "${name}"`, async () => {
    signal.throwIfAborted()
    try {
      await runCommand(db, { create: name, ...(validator ? validatorFields(validator) : {}), writeConcern: MAJORITY })
    } catch (cause) {
      if (cause instanceof MongoServerError && cause.code === NAMESPACE_EXISTS) return expectSame(name, validator)
      throw schemaRefusal(cause, name)
    }
  })

  async function expectSame(collection: string, wanted: ValidatorSpec | undefined): Promise<void> {
    const [found] = await listCollections(db, { name: collection })
    const same =
      found?.type === 'collection' &&
      (wanted === undefined
        ? found.validator === undefined
        : found.validationLevel === wanted.level &&
          found.validationAction === wanted.action &&
          found.validator !== undefined &&
          sameBytes(found.validator, new Doc(['$jsonSchema'], [wanted.schema])))
    if (!same)
      fail(
        'refused',
        'COLLECTION_CONFLICT',
        `The collection "${collection}" was created by somebody else, differently.`,
      )
  }
}

/**
 * Sets validator, level and action in one `collMod`: at no moment is the collection without a validator.
 * Errors: SCHEMA_REFUSED, TARGET_NOT_PERMITTED, TARGET_REFUSED (no such collection), and those of the connection.
 */
export async function setValidator(
  { db, attempt }: Connection,
  collection: string,
  validator: ValidatorSpec,
  signal: AbortSignal,
): TargetResult {
  return attempt(`set the validator of collection "${collection}"`, async () => {
    signal.throwIfAborted()
    try {
      await runCommand(db, { collMod: collection, ...validatorFields(validator), writeConcern: MAJORITY })
    } catch (cause) {
      throw schemaRefusal(cause, collection)
    }
  })
}

/** Takes the validator away and restores the server's defaults for level and action. */
export async function removeValidator({ db, attempt }: Connection, collection: string): TargetResult {
  return attempt(`remove the validator of collection "${collection}"`, async () => {
    const defaults = { validator: {}, validationLevel: 'strict', validationAction: 'error' }
    await runCommand(db, { collMod: collection, ...defaults, writeConcern: MAJORITY })
  })
}

/** UUID (hex) of a collection, `undefined` where it does not exist or is a view. */
export async function collectionUuid({ db, attempt }: Connection, name: string): TargetResult<string | undefined> {
  return attempt(`look up collection "${name}"`, async () => (await listCollections(db, { name }))[0]?.uuid)
}

/** The keyword that the server complained about, where its message names one. */
export const refusedKeyword = (message: string): string | undefined =>
  /\$?jsonSchema keyword:? '?([^\s':]+)'?/.exec(message)?.[1]

function schemaRefusal(cause: unknown, collection: string): unknown {
  if (!(cause instanceof MongoServerError) || !SCHEMA_REFUSALS.includes(cause.code)) return cause
  const keyword = refusedKeyword(cause.message)
  const what = keyword === undefined ? 'the rendered schema' : `the keyword "${keyword}" of the rendered schema`
  const message = `The server does not accept ${what} of collection "${collection}": ${cause.message}.`
  const details = { ...serverCodes(cause), detail: { keyword } }
  return new TargetFailure(targetError('refused', 'SCHEMA_REFUSED', message, details))
}

const sameBytes = (a: Doc, b: Doc): boolean => Buffer.compare(encode(a), encode(b)) === 0
