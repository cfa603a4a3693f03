import fc from 'fast-check'
import type { ClientSession, Collection } from 'mongodb'
import { describe, expect, it } from 'vitest'
import {
  IsolationModel,
  serially,
  type ModelDocument,
  type ModelResult,
  type Write,
} from '../testing/isolation-model.ts'
import { failureOf, useServer } from '../testing/test-server.ts'

type Step =
  | { readonly kind: 'write'; readonly by: string; readonly write: Write }
  | { readonly kind: 'read'; readonly by: string; readonly from: number }
  | { readonly kind: 'end'; readonly by: string; readonly commits: boolean }

const PLAIN = 'plain'
const by = fc.constantFrom('one', 'two', 'three', PLAIN)
const id = fc.nat(4)
const u = fc.nat(6)
const write: fc.Arbitrary<Write> = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), id, a: fc.nat(3), u }),
  fc.record({ kind: fc.constant('add' as const), id, a: fc.nat(2) }),
  fc.record({ kind: fc.constant('unique' as const), id, u }),
  fc.record({ kind: fc.constant('delete' as const), id }),
)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('write' as const), by, write }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('read' as const), by, from: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('end' as const), by, commits: fc.boolean() }) },
)

type Options = { readonly session: ClientSession } | { readonly maxTimeMS: number } | Record<string, never>

function carryOut(c: Collection<ModelDocument>, write: Write, options: Options): Promise<unknown> {
  const filter = { _id: write.id }
  if (write.kind === 'insert') return c.insertOne({ _id: write.id, a: write.a, u: write.u }, options)
  if (write.kind === 'delete') return c.deleteOne(filter, options)
  if (write.kind === 'add') return c.updateOne(filter, { $inc: { a: write.a } }, options)
  return c.updateOne(filter, { $set: { u: write.u } }, options)
}

const RESULT_OF: Readonly<Record<number, ModelResult>> = { 11000: 'duplicate', 112: 'conflict', 50: 'blocked' }

async function resultOf(work: Promise<unknown>): Promise<ModelResult> {
  let isDone = false
  const failure = await failureOf(work.then(() => void (isDone = true))).catch((cause: unknown) => {
    if (!isDone) throw cause
    return undefined
  })
  if (failure === undefined) return 'done'
  return RESULT_OF[failure['code'] as number] ?? fail(failure)
}

const fail = (failure: unknown): never => {
  throw new Error(`unexpected: ${JSON.stringify(failure)}`)
}

describe('transactions in any order', () => {
  const use = useServer({ replicaSet: 'rs' })
  let round = 0

  it('see and do what snapshot isolation says, and what is committed is what a serial order gives', async () => {
    const outcomes = new Map<ModelResult, number>()
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const c = use().db.collection<ModelDocument>(`i${round++}`)
        await c.createIndexes([{ key: { u: 1 }, unique: true }, { key: { a: -1, u: 1 } }])
        const model = new IsolationModel()
        const sessions = new Map<string, ClientSession>()
        const sessionOf = (name: string): ClientSession | undefined => {
          if (name === PLAIN) return undefined
          const session = sessions.get(name) ?? use().client.startSession()
          sessions.set(name, session)
          if (!model.isOpen(name)) {
            model.begin(name)
            session.startTransaction()
          }
          return session
        }
        const check = async (name: string, from: number): Promise<void> => {
          const session = sessionOf(name)
          const options = session === undefined ? {} : { session }
          const seen = model.view(name)
          expect(await c.find({}, options).sort({ _id: 1 }).toArray()).toEqual(seen)
          const some = seen.filter(({ a }) => a >= from)
          const order = (x: ModelDocument, y: ModelDocument): number => y.a - x.a || x.u - y.u
          const sorted = c.find({ a: { $gte: from } }, options).sort({ a: -1, u: 1 })
          expect(await sorted.toArray()).toEqual(some.toSorted(order))
          expect(await c.countDocuments({ u: { $lt: 3 } }, options)).toBe(seen.filter((each) => each.u < 3).length)
          const behind = c.find({}, options).sort({ _id: 1 }).skip(from).limit(2)
          expect(await behind.toArray()).toEqual(seen.slice(from, from + 2))
          const one = seen.find(({ _id }) => _id === from) ?? null
          expect(await c.findOne({ _id: from }, options)).toEqual(one)
        }
        for (const next of steps) {
          if (next.kind === 'read') await check(next.by, next.from)
          else if (next.kind === 'write') {
            const session = sessionOf(next.by)
            const expected = model.write(next.by, next.write)
            // A write that must wait is given up at once: it must leave nothing.
            const options = session === undefined ? (expected === 'blocked' ? { maxTimeMS: 1 } : {}) : { session }
            const result = await resultOf(carryOut(c, next.write, options))
            expect([next, result]).toEqual([next, expected])
            outcomes.set(result, (outcomes.get(result) ?? 0) + 1)
            if (session !== undefined && result !== 'done') await session.abortTransaction()
          } else if (model.isOpen(next.by)) {
            const session = sessionOf(next.by)
            if (next.commits) await session?.commitTransaction()
            else await session?.abortTransaction()
            model.end(next.by, next.commits)
          }
        }
        for (const [name, session] of sessions) {
          model.end(name, false)
          await session.endSession()
        }
        await check(PLAIN, 0)
        expect(await c.find().sort({ _id: 1 }).toArray()).toEqual(serially(model.serial))
        await c.drop()
      }),
      { numRuns: 150 },
    )
    // The steps meet each of the cases.
    expect([...outcomes.keys()].sort()).toEqual(['blocked', 'conflict', 'done', 'duplicate'])
  })
})
