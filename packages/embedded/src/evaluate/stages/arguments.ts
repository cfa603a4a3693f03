import { isArray, isDoc, type Doc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import { fieldPath } from '../paths.ts'
import { typeOf } from '../values.ts'

export function docOr(value: Value | undefined, code: number, message: string): Doc {
  if (isDoc(value)) return value
  throw new ServerError(code, `${message}, found: ${typeOf(value)}`)
}

export function pipelineOr(value: Value | undefined, name: string): readonly Value[] {
  if (isArray(value)) return value
  throw new ServerError(14, `'pipeline' of ${name} must be an array, found: ${typeOf(value)}`)
}

export function textOr(value: Value | undefined, code: number, message: string): string {
  if (typeof value === 'string') return value
  throw new ServerError(code, `${message}, found: ${typeOf(value)}`)
}

/** Refuses fields that a stage does not know; `code` is the stage's own, 40415 where its parser is generated. */
export function onlyFields(spec: Doc, name: string, known: readonly string[], code = 40415): void {
  for (const key of spec.keys) {
    if (!known.includes(key)) throw new ServerError(code, `BSON field '${name}.${key}' is an unknown field.`)
  }
}

/** A field of a stage that is required where the parser is generated (40414). */
export function requiredField(spec: Doc, name: string, field: string, code = 40414): Value {
  const value = spec.get(field)
  if (value !== undefined) return value
  throw new ServerError(code, `BSON field '${name}.${field}' is missing but a required field`)
}

/** The path of a `"$field"` argument. */
export function dollarPath(value: Value | undefined, code: number, message: string): readonly string[] {
  if (typeof value === 'string' && value.startsWith('$') && !value.startsWith('$$')) return fieldPath(value.slice(1))
  throw new ServerError(code, message)
}
