import { Type, type TSchema } from 'typebox'
import { TOTAL_COUNT } from './list-query.ts'

export const JSON_TYPE = 'application/json; charset=utf-8'

/**
 * A JSON answer whose text is made by the route itself, once for many requests and with keys in declared order. What the text holds is
 * proved by the tests, which judge every answer by this schema.
 */
export const jsonText = (schema: TSchema, description: string) => ({
  description,
  content: { 'application/json': { schema: Type.Unsafe<string>(schema) } },
})

/** The same for a list, which tells how much there is on all pages. */
export const jsonList = (schema: TSchema, description: string) => ({
  ...jsonText(schema, description),
  headers: TOTAL_COUNT,
})

/** A page of a list as it is sent. */
export interface ListText {
  readonly text: string
  /** On all pages. */
  readonly total: number
}
