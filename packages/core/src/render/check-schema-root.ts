import { isArray, isDoc, type Doc } from '@stage0/bson-schema'
import type { ProblemList } from './problem-list.ts'
import type { Unit } from './units.ts'

/** Warns where the schema of a collection rejects every document, because documents are objects and always have `_id`. */
export function checkSchemaRoot(schema: Doc, unit: Unit, problems: ProblemList): void {
  const type = schema.get('bsonType')
  const types = isArray(type) ? type : [type]
  if (type !== undefined && !types.includes('object')) {
    const text = `the root of ${unit.path} is no object, so a collection with this schema rejects every document`
    problems.add(unit.root.at, {
      code: 'ROOT_REJECTS_DOCUMENTS',
      severity: 'warning',
      text,
      hint: 'Let the root have `type: object`.',
    })
    return
  }
  const properties = schema.get('properties')
  const isClosed = schema.get('additionalProperties') === false && !schema.has('patternProperties')
  if (!isClosed || (isDoc(properties) && properties.has('_id'))) return
  const text = `the root of ${unit.path} allows no additional properties and has no \`_id\`, so a collection with this schema rejects every document`
  const hint = 'Add a property `_id`, for example {name: _id, type: identifier, required: true}.'
  problems.add(unit.root.at, { code: 'ROOT_REJECTS_DOCUMENTS', severity: 'warning', text, hint })
}
