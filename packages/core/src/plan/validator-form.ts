import { equalIgnoringOrder, isDoc, type Doc } from '@stage0/bson-schema'
import type { ObservedCollection } from './observed.ts'
import type { WantedVersion } from './wanted.ts'

/** A validator in force: the order of keys means nothing in it. */
export interface ValidatorForm {
  /** The whole document, `{$jsonSchema: ...}` or a query. */
  readonly validator: Doc
  readonly level: string
  readonly action: string
}

export const validatorOf = (collection: ObservedCollection | undefined): ValidatorForm | undefined =>
  collection?.validator === undefined || collection.validator.size === 0
    ? undefined
    : { validator: collection.validator, level: collection.validationLevel, action: collection.validationAction }

/** The `$jsonSchema` inside, where the validator has one. */
export function schemaOf(form: ValidatorForm | undefined): Doc | undefined {
  const schema = form?.validator.get('$jsonSchema')
  return isDoc(schema) ? schema : undefined
}

/** In words, what differs between the validator of `version` and the one in force. */
export function validatorDifference(version: WantedVersion, actual: ValidatorForm | undefined): string[] {
  if (actual === undefined) return ['there is no validator']
  const words: string[] = []
  const schema = schemaOf(actual)
  if (schema === undefined || actual.validator.size > 1) words.push('the validator is more or other than a $jsonSchema')
  else if (!equalIgnoringOrder(schema, version.schema)) words.push('the schema is another one')
  const { level, action } = version.validation
  if (actual.level !== level) words.push(`the validation level is ${actual.level}, wanted ${level}`)
  if (actual.action !== action) words.push(`the validation action is ${actual.action}, wanted ${action}`)
  return words
}
