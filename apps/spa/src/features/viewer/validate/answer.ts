import { relaxedJson } from '@stage0/bson-schema'
import { checkDocuments, readSchema } from './check-documents.ts'
import type { CheckAnswer, CheckRequest } from './messages.ts'
import { skeletonOf } from './skeleton.ts'

/** What the worker answers. Compiling takes milliseconds even for 2,000 properties: nothing is kept between requests. */
export function answerOf(request: CheckRequest): CheckAnswer {
  const schema = readSchema(request.schema)
  if (!schema.ok) return { kind: 'schema-refused', messages: schema.error }
  if (request.kind === 'validate') return checkDocuments(schema.value.compiled, request.documents)
  return { kind: 'skeleton', text: `${relaxedJson(skeletonOf(schema.value.schema), 2)}\n` }
}
