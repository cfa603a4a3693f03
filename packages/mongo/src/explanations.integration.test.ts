import { compileSchema, doc, isDoc, readExtendedJson, violations, type Doc, type Plain } from '@stage0/bson-schema'
import { FailureTally } from '@stage0/core'
import { EJSON } from 'bson'
import { MongoServerError } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EXPLANATIONS, type Explanation } from './server-assumptions/explanations.ts'
import { startScratch, type Scratch, type ScratchServer } from './testing/scratch.ts'

let server: ScratchServer
let scratch: Scratch
beforeAll(async () => {
  server = await startScratch()
  scratch = await server.database()
})
afterAll(async () => {
  await scratch.drop()
  await server.close()
})

const asDoc = (value: object): Doc => {
  const read = readExtendedJson(EJSON.stringify(value, { relaxed: false }))
  if (!read.ok || !isDoc(read.value)) throw new Error('unreadable')
  return read.value
}
const cases = EXPLANATIONS.map((one, i) => ({ ...one, i, what: JSON.stringify([one.schema, one.document]) }))

/** Where and how rules are broken, by what a server or our own evaluator says. */
const places = (details: Doc | undefined) =>
  violations(details).map(({ path, rule, expected, actual, reason }) => [
    path.join('.'),
    rule,
    expected,
    actual,
    reason,
  ])

async function serverSays({ schema, document, i }: Explanation & { readonly i: number }): Promise<Doc> {
  await scratch.db.createCollection(`c${i}`, { validator: { $jsonSchema: schema } })
  const cause: unknown = await scratch.db
    .collection(`c${i}`)
    .insertOne({ _id: i as never, ...document })
    .catch((error: unknown) => error)
  if (!(cause instanceof MongoServerError) || cause.code !== 121) throw new Error('the server took the document')
  return asDoc(cause.errInfo ?? {})
}

describe('a document that breaks a rule', () => {
  it.each(cases)('is explained as the table says: $what', ({ schema, document, told }) => {
    const tally = new FailureTally(doc(schema as { readonly [key: string]: Plain }), 1)
    tally.add(asDoc({ _id: 1, ...document }))
    expect(tally.samples()).toEqual([{ id: '1', violations: told, more: 0 }])
  })

  it.each(cases)('is explained as the server explains it: $what', async (one) => {
    const compiled = compileSchema(doc(one.schema as { readonly [key: string]: Plain }))
    if (!compiled.ok) throw new Error('the schema is not valid')
    const own = places(compiled.value.explain(asDoc({ _id: one.i, ...one.document })))
    expect(own.map(([path, rule]) => [path, rule])).toEqual(one.told.map(({ path, rule }) => [path, rule]))
    expect(own).toEqual(places(await serverSays(one)))
  })
})
