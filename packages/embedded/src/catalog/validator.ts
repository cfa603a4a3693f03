import type { Doc } from '@stage0/bson-schema'
import type { Call } from '../commands/call.ts'
import { compileFilter } from '../evaluate/compile-filter.ts'
import type { Filter } from '../evaluate/contract.ts'
import { compileRawJsonSchema } from '../evaluate/filter/json-schema.ts'
import { ServerError } from '../server-error.ts'
import type { Validator } from '../storage/collection.ts'
import { isInternalDatabase } from '../storage/names.ts'
import { explainRules } from '../write/explain-rules.ts'

const LEVELS = ['strict', 'moderate', 'off']
const ACTIONS = ['error', 'warn']

/** Compiles the rules of a collection. Throws the server's codes for a schema that it refuses, 72 on internal databases. */
export function buildValidator(
  call: Pick<Call, 'database' | 'context'>,
  expression: Doc | undefined,
  namespace: string,
): Validator | undefined {
  if (expression === undefined || expression.size === 0) return undefined
  if (isInternalDatabase(call.database)) {
    throw new ServerError(
      72,
      `Document validators are not allowed on collection ${namespace} in the ${call.database} internal database`,
    )
  }
  try {
    const context = { ...call.context(undefined), checkTime: () => undefined }
    const compile = (clause: Doc): Filter => compileFilter(clause, context)
    return {
      expression,
      accepts: compile(expression),
      acceptsRaw: rawFilter(expression),
      explain: explainRules(expression, compile),
    }
  } catch (error) {
    if (!(error instanceof ServerError)) throw error
    throw new ServerError(error.code, `Parsing of collection validator failed :: caused by :: ${error.message}`)
  }
}

/** Rules that are a schema and nothing else look at the bytes. */
function rawFilter({ size, keys, values: [schema] }: Doc): Validator['acceptsRaw'] {
  return size === 1 && keys[0] === '$jsonSchema' && schema !== undefined ? compileRawJsonSchema(schema) : undefined
}

function oneOf(field: string, value: string | undefined, known: readonly string[]): string | undefined {
  if (value === undefined || known.includes(value)) return value
  throw new ServerError(2, `Enumeration value '${value}' for field '${field}' is not a valid value.`)
}

export const checkLevel = (command: string, value: string | undefined): string | undefined =>
  oneOf(`${command}.validationLevel`, value, LEVELS)

export const checkAction = (command: string, value: string | undefined): string | undefined =>
  oneOf(`${command}.validationAction`, value, ACTIONS)
