import { compileSchema, isDoc, type Value } from '@stage0/bson-schema'
import { ServerError } from '../../server-error.ts'
import type { Filter } from '../contract.ts'

/** `$jsonSchema` in a filter: whether the document satisfies the schema. The first error of the schema is reported. */
export function compileJsonSchema(operand: Value): Filter {
  if (!isDoc(operand)) throw new ServerError(14, '$jsonSchema must be an object')
  const compiled = compileSchema(operand)
  if (compiled.ok) return compiled.value.matches
  const [first] = compiled.error
  throw new ServerError(first?.code ?? 9, first?.message ?? '$jsonSchema is not valid')
}
