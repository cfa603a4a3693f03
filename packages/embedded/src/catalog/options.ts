import type { Doc } from '@stage0/bson-schema'
import { docOf, type Value } from '@stage0/bson-schema'
import type { Call } from '../commands/call.ts'
import { Fields } from '../commands/fields.ts'
import { collationCompare, normalCollation } from '../read/collation.ts'
import { ServerError } from '../server-error.ts'
import type { CollectionOptions } from '../storage/collection.ts'
import { buildValidator, checkAction, checkLevel } from './validator.ts'

/** Options of a new collection from the fields of `create`. */
export function newOptions(call: Call, namespace: string): CollectionOptions {
  const { body } = call
  const fields = new Fields('create', body)
  const validator = buildValidator(call, fields.doc('validator'), namespace)
  const collationSpec = normalCollation(fields.doc('collation'))
  return {
    collation: collationSpec === undefined ? undefined : collationCompare(collationSpec),
    collationSpec,
    validator,
    // With a validator the server keeps the defaults with it.
    validationLevel: checkLevel('create', fields.string('validationLevel')) ?? (validator && 'strict'),
    validationAction: checkAction('create', fields.string('validationAction')) ?? (validator && 'error'),
  }
}

/** Options after a `collMod` of the rules. */
export function changedOptions(call: Call, namespace: string, before: CollectionOptions): CollectionOptions {
  const { body } = call
  const fields = new Fields('collMod', body)
  const validator = body.has('validator') ? buildValidator(call, fields.doc('validator'), namespace) : before.validator
  const level = checkLevel('collMod', fields.string('validationLevel')) ?? before.validationLevel
  const action = checkAction('collMod', fields.string('validationAction')) ?? before.validationAction
  return {
    ...before,
    validator,
    validationLevel: level ?? 'strict',
    validationAction: action ?? 'error',
  }
}

/** Options from what `shownOptions` gave; `context` as that of a command. */
export function restoredOptions(
  call: Pick<Call, 'database' | 'context'>,
  namespace: string,
  shown: Doc,
): CollectionOptions {
  const fields = new Fields('options', shown).only(['validator', 'validationLevel', 'validationAction', 'collation'])
  const collationSpec = fields.doc('collation')
  return {
    collation: collationSpec === undefined ? undefined : collationCompare(collationSpec),
    collationSpec,
    validator: buildValidator(call, fields.doc('validator'), namespace),
    validationLevel: fields.string('validationLevel'),
    validationAction: fields.string('validationAction'),
  }
}

/** Options as `listCollections` shows them. */
export function shownOptions(options: CollectionOptions): Doc {
  const shown: [string, Value][] = []
  if (options.validator !== undefined) shown.push(['validator', options.validator.expression])
  if (options.validationLevel !== undefined) shown.push(['validationLevel', options.validationLevel])
  if (options.validationAction !== undefined) shown.push(['validationAction', options.validationAction])
  if (options.collationSpec !== undefined) shown.push(['collation', options.collationSpec])
  return docOf(shown)
}

/** Throws 115 for a kind of collection that is not there: with the field that asks for it. */
export function refuseOtherKinds(body: Doc): void {
  for (const field of [
    'capped',
    'timeseries',
    'viewOn',
    'clusteredIndex',
    'encryptedFields',
    'changeStreamPreAndPostImages',
  ]) {
    const value = body.get(field)
    if (value === undefined || value === null || value === false) continue
    throw new ServerError(115, `option ${field} of create is not supported by the embedded server`)
  }
}
