import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answerOf } from './answer.ts'
import { placeAt } from './check-documents.ts'
import { MAX_FINDINGS_PER_DOCUMENT, MAX_REFUSED_SHOWN, type CheckAnswer } from './messages.ts'

const SCHEMA = JSON.stringify({
  bsonType: 'object',
  additionalProperties: false,
  properties: {
    _id: { bsonType: 'objectId' },
    name: { bsonType: 'string', minLength: 2, pattern: '^[a-z]+$' },
    address: { bsonType: 'object', properties: { city: { enum: ['Oslo', 'Rome'] } } },
    scores: { bsonType: 'array', items: { bsonType: 'int', minimum: 1 } },
  },
  required: ['_id', 'name'],
})

const check = (documents: string, schema = SCHEMA): CheckAnswer => answerOf({ kind: 'validate', schema, documents })

function checked(documents: string): Extract<CheckAnswer, { kind: 'checked' }> {
  const answer = check(documents)
  if (answer.kind !== 'checked') throw new Error(answer.kind)
  return answer
}

describe('validating documents', () => {
  it('accepts a document without _id, as a server that adds one does', () => {
    expect(checked('{"name": "ann"}')).toEqual({
      kind: 'checked',
      documents: 1,
      refused: 0,
      shown: [],
      duplicates: [],
      idsAdded: 1,
    })
  })

  it('reads canonical Extended JSON', () => {
    expect(
      checked('{"_id": {"$oid": "65a000000000000000000001"}, "name": "ann", "scores": [{"$numberInt": "3"}]}').refused,
    ).toBe(0)
  })

  it('says path, rule, expected, actual and line of each finding', () => {
    const text =
      '[\n  {"name": "ann"},\n  {\n    "name": "A",\n    "address": {\n      "city": "Bonn"\n    },\n    "scores": [4,\n      0]\n  }\n]'
    const { documents, refused, shown } = checked(text)
    expect({ documents, refused }).toEqual({ documents: 2, refused: 1 })
    const byPath = shown[0]!.findings.map(({ path, rule, expected, actual, line }) => ({
      path,
      rule,
      expected,
      actual,
      line,
    }))
    expect(shown[0]).toMatchObject({ ordinal: 1, line: 3, total: 4 })
    expect(byPath).toEqual(
      expect.arrayContaining([
        { path: ['name'], rule: 'pattern', expected: '"^[a-z]+$"', actual: '"A"', line: 4 },
        { path: ['name'], rule: 'minLength', expected: '2', actual: '"A"', line: 4 },
        { path: ['address', 'city'], rule: 'enum', expected: '["Oslo", "Rome"]', actual: '"Bonn"', line: 6 },
        { path: ['scores', 1], rule: 'minimum', expected: '1', actual: '0', line: 9 },
      ]),
    )
  })

  it('shows what is missing at the object that should hold it', () => {
    const { shown } = checked('\n\n{"address": {"x": 1}}')
    expect(shown[0]!.findings).toEqual([expect.objectContaining({ path: ['name'], rule: 'required', line: 3 })])
  })

  it('calls what is no document by its place', () => {
    const { shown } = checked('[{"name": "ann"},\n5]')
    expect(shown).toEqual([
      {
        ordinal: 1,
        line: 2,
        findings: [{ path: [], rule: 'type', expected: '"object"', actual: '5', line: 2 }],
        total: 1,
      },
    ])
  })

  it('says where a text cannot be read', () => {
    expect(check('{\n  "name": }')).toMatchObject({ kind: 'unreadable', line: 2, column: 11 })
  })

  it('tells of keys that are there twice', () => {
    expect(checked('{"name": "ann",\n"name": "bob"}').duplicates).toEqual([{ key: 'name', line: 2 }])
  })

  it('says what a server would say of a schema that it refuses', () => {
    const answer = check('{}', '{"properties": {"a": {"pattern": "("}}}')
    expect(answer.kind === 'schema-refused' && answer.messages[0]).toContain('/properties/a/pattern')
  })

  it('shows a bounded part of what is wrong and counts all of it', () => {
    const many = MAX_REFUSED_SHOWN + 5
    const { refused, shown } = checked(JSON.stringify(Array.from({ length: many }, () => ({}))))
    expect([refused, shown.length]).toEqual([many, MAX_REFUSED_SHOWN])
    const wide = checked(JSON.stringify({ name: 'ann', scores: Array.from({ length: 300 }, () => 'x') }))
    expect(wide.shown[0]!.findings.length).toBeLessThanOrEqual(MAX_FINDINGS_PER_DOCUMENT)
    expect(wide.shown[0]!.total).toBeGreaterThanOrEqual(wide.shown[0]!.findings.length)
  })

  it('answers every text, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        const answer = check(text)
        if (answer.kind === 'checked') expect(answer.shown.length).toBe(Math.min(answer.refused, MAX_REFUSED_SHOWN))
        else expect(answer.kind).toBe('unreadable')
      }),
    )
  })

  it('makes an example that the same schema accepts', () => {
    const answer = answerOf({ kind: 'skeleton', schema: SCHEMA })
    expect(answer.kind === 'skeleton' && checked(answer.text).refused).toBe(0)
  })
})

it.each([
  { text: 'ab\ncd', offset: 3, place: { line: 2, column: 1 } },
  { text: 'ab', offset: 0, place: { line: 1, column: 1 } },
  { text: 'ab\n', offset: 3, place: { line: 2, column: 1 } },
])('offset $offset of $text is $place', ({ text, offset, place }) => {
  expect(placeAt(text, offset)).toEqual(place)
})
