import { compileSchema, isDoc, type CompiledSchema, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import type { Filter } from '../contract.ts'

/** `$jsonSchema` in a filter: whether the document satisfies the schema. The first error of the schema is reported. */
export const compileJsonSchema = (operand: Value): Filter => compiled(operand).matches

/** As `compileJsonSchema`, for the bytes of a document. */
export const compileRawJsonSchema = (operand: Value): ((raw: Uint8Array) => boolean) => compiled(operand).matchesRaw

function compiled(operand: Value): CompiledSchema {
  if (!isDoc(operand)) throw new ServerError(14, '$jsonSchema must be an object')
  const schema = compileSchema(operand)
  if (schema.ok) return schema.value
  const [first] = schema.error
  throw new ServerError(first?.code ?? 9, first?.message ?? '$jsonSchema is not valid')
}
