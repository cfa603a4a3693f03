import { doc, isDoc, readExtendedJson, type Doc } from '@stage0/bson-schema'
import { FailureTally } from '@stage0/core'
import { isDeep } from '@stage0/testkit'
import { describe, expect, it } from 'vitest'
import { MongoServerError, type Document } from 'mongodb'
import { COLLECTION, evidenceScratch, MAX_MS } from '../testing/evidence-scratch.ts'
import { value } from '../testing/scratch.ts'

const DOCUMENTS = isDeep ? 100_000 : 20_000
const at = evidenceScratch()

const SCHEMA = {
  bsonType: 'object',
  required: ['name', 'age'],
  additionalProperties: false,
  properties: {
    _id: { bsonType: 'int' },
    name: { bsonType: 'string' },
    age: { bsonType: 'int', minimum: 0 },
    state: { enum: ['active', 'archived'], description: 'one of the states' },
    email: { bsonType: 'string', pattern: '^[^@]+@[^@]+$' },
    tags: { bsonType: 'array', items: { bsonType: 'string' } },
  },
}
const good = (id: number) => ({
  _id: id,
  name: `name ${id}`,
  age: id % 90,
  state: 'active',
  email: `a${id}@b.c`,
  tags: ['x'],
})
type Good = ReturnType<typeof good>

/**
 * The seven kinds of defects, how often each is seeded, and how a failing document is explained. The explanations were written by hand.
 * Sources: mongodb-facts, section 3 (structure of errInfo), and the manual, $jsonSchema (what each keyword asks for).
 */
const DEFECTS = {
  missing: {
    every: 211,
    spoil: ({ name: _gone, ...rest }: Good): object => rest,
    path: 'name',
    keyword: 'required',
    explained: { path: 'name', rule: 'required', expected: 'a value', actual: 'nothing' },
  },
  type: {
    every: 307,
    spoil: (one: Good): object => ({ ...one, name: 5 }),
    path: 'name',
    keyword: 'bsonType',
    explained: { path: 'name', rule: 'bsonType', expected: '"string"', actual: '5 (int)' },
  },
  enum: {
    every: 401,
    spoil: (one: Good): object => ({ ...one, state: 'gone' }),
    path: 'state',
    keyword: 'enum',
    explained: {
      path: 'state',
      rule: 'enum',
      expected: '["active", "archived"]',
      actual: '"gone" (string)',
      description: 'one of the states',
    },
  },
  pattern: {
    every: 503,
    spoil: (one: Good): object => ({ ...one, email: 'nobody' }),
    path: 'email',
    keyword: 'pattern',
    explained: { path: 'email', rule: 'pattern', expected: '"^[^@]+@[^@]+$"', actual: '"nobody" (string)' },
  },
  bound: {
    every: 601,
    spoil: (one: Good): object => ({ ...one, age: -1 }),
    path: 'age',
    keyword: 'minimum',
    explained: { path: 'age', rule: 'minimum', expected: '0', actual: '-1 (int)' },
  },
  additional: {
    every: 701,
    spoil: (one: Good): object => ({ ...one, nick: 'x' }),
    path: '',
    keyword: 'additionalProperties',
    explained: { path: 'nick', rule: 'additionalProperties', expected: 'no other fields', actual: '"x" (string)' },
  },
  item: {
    every: 809,
    spoil: (one: Good): object => ({ ...one, tags: ['x', 7] }),
    path: 'tags[]',
    keyword: 'bsonType',
    explained: { path: 'tags.1', rule: 'bsonType', expected: '"string"', actual: '7 (int)' },
  },
} as const
const KINDS = Object.values(DEFECTS)

const failing = async (schema: Doc, options: { limit?: number; stages?: readonly Doc[] } = {}) => {
  const tally = new FailureTally(schema, 20)
  const query = { collection: COLLECTION, schema, stages: options.stages ?? [], limit: options.limit, maxMs: MAX_MS }
  const ended = value(await at.evidence.findFailing({ ...query, onDocument: (one) => tally.add(one) }))
  return { ended, tally }
}

describe(`${DOCUMENTS} documents with seven seeded kinds of defect`, () => {
  it('are counted exactly, by kind, and explained as the table says', async () => {
    const expected = new Map<string, number>()
    const documents = Array.from({ length: DOCUMENTS }, (_, id) => {
      const kind = KINDS.find(({ every }) => id % every === every - 1)
      if (kind === undefined) return good(id)
      const rule = `${kind.path} ${kind.keyword}`
      expected.set(rule, (expected.get(rule) ?? 0) + 1)
      return kind.spoil(good(id))
    })
    await at.insert(documents)
    const { ended, tally } = await failing(doc(SCHEMA))
    const found = new Map(tally.rules().map(({ path, keyword, documents: count }) => [`${path} ${keyword}`, count]))
    expect(ended).toBe('end')
    expect(found).toEqual(expected)
    expect(tally.documents).toBe([...expected.values()].reduce((a, b) => a + b))
    expect(tally.unexplained).toBe(0)
    const explanations = tally.samples().flatMap(({ violations }) => violations)
    for (const { explained } of KINDS) expect(explanations).toContainEqual(explained)
    // Every one of them is one of the table: nothing else is told.
    for (const one of explanations) expect(KINDS.map(({ explained }) => explained)).toContainEqual(one)
    expect(tally.samples().every(({ violations }) => violations.length === 1)).toBe(true)
  })
})

describe('samples', () => {
  it.each(Object.entries(DEFECTS))(
    'of the kind %s are explained as the server explains them',
    async (_kind, { spoil }) => {
      await at.insert([spoil(good(1))])
      const { tally } = await failing(doc(SCHEMA))
      await at.db.createCollection('scratch', { validator: { $jsonSchema: SCHEMA } })
      const refusal = await at.db
        .collection('scratch')
        .insertOne(spoil(good(1)) as Document)
        .then(
          () => undefined,
          (cause: unknown) => cause,
        )
      if (!(refusal instanceof MongoServerError)) throw new Error('the server took the document')
      const told = JSON.stringify(refusal.errInfo)
      const [violation] = tally.samples()[0]?.violations ?? []
      expect(refusal.code).toBe(121)
      expect(told).toContain(`"operatorName":"${violation?.rule}"`)
      for (const step of violation?.path.split('.') ?? [])
        expect(told).toContain(/^\d+$/.test(step) ? `"itemIndex":${step}` : `"${step}"`)
      expect(
        told.match(/"operatorName":"(required|bsonType|enum|pattern|minimum|additionalProperties)"/g),
      ).toHaveLength(1)
    },
  )

  it('keep BSON types: a long is no int', async () => {
    const read = readExtendedJson('{"_id": {"$numberLong": "7"}, "name": "x", "age": {"$numberLong": "5"}}')
    if (!read.ok || !isDoc(read.value)) throw new Error('unreadable')
    await at.scratch.target.insertDocuments('c', [read.value], {
      signal: new AbortController().signal,
      onProgress: () => {},
    })
    const [sample] = (await failing(doc(SCHEMA))).tally.samples()
    expect(sample).toMatchObject({ id: '{"$numberLong":"7"}' })
    expect(sample?.violations).toContainEqual({
      path: 'age',
      rule: 'bsonType',
      expected: '"int"',
      actual: '{"$numberLong":"5"} (long)',
    })
  })
})

describe('a scan', () => {
  it('of a collection that matches finds nothing', async () => {
    await at.insert(Array.from({ length: 50 }, (_, id) => good(id)))
    const { ended, tally } = await failing(doc(SCHEMA))
    expect([ended, tally.documents, tally.rules(), tally.samples()]).toEqual(['end', 0, [], []])
  })

  it('looks at no more documents than it may', async () => {
    await at.insert(Array.from({ length: 50 }, (_, id) => ({ _id: id })))
    expect((await failing(doc(SCHEMA), { limit: 10 })).tally.documents).toBe(10)
  })

  it('looks at the documents as pending migrations will make them', async () => {
    await at.insert([
      { _id: 1, name: 'a', old: 5 },
      { _id: 2, name: 'b', old: 'x' },
    ])
    const stages = [doc({ $set: { age: '$old' } }), doc({ $unset: 'old' })]
    const { tally } = await failing(doc(SCHEMA), { stages })
    expect(tally.rules()).toEqual([{ path: 'age', keyword: 'bsonType', expected: '"int"', documents: 1 }])
  })

  it('changes nothing', async () => {
    await at.insert([{ _id: 1 }])
    at.scratch.sent.length = 0
    await failing(doc(SCHEMA))
    value(await at.evidence.size('c'))
    value(await at.evidence.count({ collection: COLLECTION, upTo: 5, isSharded: false, maxMs: MAX_MS }))
    expect(new Set(at.scratch.sent.map(({ name }) => name))).toEqual(new Set(['aggregate', 'count']))
  })

  it('that is out of time says so, and a question that the server refuses is a failure', async () => {
    await at.insert(Array.from({ length: 20_000 }, (_, id) => good(id)))
    const late = await at.evidence.findFailing({
      collection: COLLECTION,
      schema: doc(SCHEMA),
      stages: [],
      limit: undefined,
      maxMs: 1,
      onDocument: () => {},
    })
    expect(late).toEqual({ ok: true, value: 'time' })
    const refused = await at.evidence.findFailing({
      collection: COLLECTION,
      schema: doc({ nonsense: 1 }),
      stages: [],
      limit: undefined,
      maxMs: MAX_MS,
      onDocument: () => {},
    })
    expect(refused).toMatchObject({ ok: false, error: { code: 'TARGET_REFUSED', serverCode: 9 } })
  })

  it('counts and sizes', async () => {
    await at.insert(Array.from({ length: 12 }, (_, id) => good(id)))
    for (const isSharded of [true, false]) {
      const count = (upTo: number) => at.evidence.count({ collection: COLLECTION, upTo, isSharded, maxMs: MAX_MS })
      expect([value(await count(100)), value(await count(5))]).toEqual([12, 5])
    }
    const size = value(await at.evidence.size('c'))
    expect(size?.documents).toBe(12)
    expect(size?.bytes).toBeGreaterThan(12 * 50)
  })
})
