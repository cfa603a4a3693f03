import type { Plan, Wanted } from '@stage0/core'
import { startEmbedded } from '@stage0/embedded'
import { applyPlan, observeAndPlan, type Clock, type TargetPort } from '@stage0/engine'
import { isDeep, PATIENCE } from '@stage0/testkit'
import type { RunEvent } from '@stage0/types'
import fc from 'fast-check'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { repositories } from './testing/repositories.ts'
import { startScratch, value, type Scratch, type ScratchServer } from './testing/scratch.ts'

const RUNS = isDeep ? 60 : 2

/** Two places: the database, and a throw-away one to rehearse on. As a replica set migrations run online there. */
const KINDS = [
  { kind: 'standalone', options: {} },
  { kind: 'replica set', options: { replicaSet: 'rs0' } },
]
const options = { environment: 'local', loadTestData: true }
const never = new AbortController().signal
const clock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal && { signal }).catch(() => undefined),
}

const planFor = async (target: TargetPort, wanted: Wanted): Promise<Plan> =>
  value(await observeAndPlan({ target, wanted, options })).plan

let runs = 0
async function apply(target: TargetPort, wanted: Wanted, hash?: string): Promise<readonly RunEvent[]> {
  const holder = { host: 'here', pid: 1, user: 'ada', runId: `r${(runs += 1)}`, command: 'stage0 apply' }
  const events: RunEvent[] = []
  const run = applyPlan({
    ...{ target, wanted, options, holder, clock, leaseMs: 30_000, toolVersion: '0.1.0', signal: never },
    ...(hash !== undefined && { expectedPlanHash: hash }),
  })
  for await (const event of run) events.push(event)
  return events
}

/** Steps that were carried out, in order; each must have succeeded. */
const carriedOut = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === 'step.finished' ? [`${event.step_id} ${event.status}`] : []))

/** What is there for others to see: documents, indexes, validators. */
async function content({ db }: Scratch): Promise<unknown> {
  const listed = await db.listCollections({ name: /^(alpha|beta|gamma)$/ }).toArray()
  const one = async ({ name, options: collectionOptions }: (typeof listed)[number] & { options?: unknown }) => ({
    name,
    options: collectionOptions,
    documents: await db.collection(name).find().sort({ _id: 1 }).toArray(),
    indexes: (await db.collection(name).listIndexes().toArray()).sort((a, b) =>
      String(a.name) < String(b.name) ? -1 : 1,
    ),
  })
  return Promise.all(listed.sort((a, b) => (a.name < b.name ? -1 : 1)).map(one))
}

describe.each(KINDS)('on a $kind', PATIENCE, ({ options: serverOptions }) => {
  let rehearsalServer: ScratchServer
  let server: ScratchServer
  beforeAll(async () => {
    const embedded = await startEmbedded(serverOptions)
    const other = await startEmbedded(serverOptions)
    server = await startScratch(process.env['MONGO_CONNECTION_STRING'] ?? embedded.uri)
    rehearsalServer = await startScratch(other.uri)
    endings.push(
      () => server.close(),
      () => rehearsalServer.close(),
      () => embedded.close(),
      () => other.close(),
    )
  })
  const endings: (() => Promise<unknown>)[] = []
  afterAll(async () => {
    for (const end of endings) await end()
  })

  it('a plan, its rehearsal and its application agree, and leave nothing to do', async () => {
    const kinds = new Set<string>()
    await fc.assert(
      fc.asyncProperty(repositories, async ({ before, after }) => {
        const [real, rehearsal] = [await server.database(), await rehearsalServer.database()]
        try {
          for (const { target } of [real, rehearsal])
            expect((await apply(target, before)).at(-1)).toMatchObject({ status: 'succeeded' })
          const untouched = await content(real)
          const plan = await planFor(real.target, after)
          expect(plan.problems.filter(({ severity }) => severity === 'error')).toEqual([])
          // Planning once more gives the same, and has changed nothing.
          expect((await planFor(real.target, after)).hash).toBe(plan.hash)
          expect(await content(real)).toEqual(untouched)
          for (const { kind } of plan.steps) kinds.add(kind)
          const promised = plan.steps.map(({ id }) => `${id} succeeded`)
          expect(carriedOut(await apply(rehearsal.target, after))).toEqual(promised)
          expect(carriedOut(await apply(real.target, after, plan.hash))).toEqual(promised)
          expect(await content(real)).toEqual(await content(rehearsal))
          for (const { target } of [real, rehearsal]) {
            const next = await planFor(target, after)
            expect([next.steps, next.problems]).toEqual([[], []])
            expect(next.collections.map(({ state }) => state)).toEqual(after.collections.map(() => 'in sync'))
          }
        } finally {
          await Promise.all([real.drop(), rehearsal.drop()])
        }
      }),
      { numRuns: RUNS },
    )
    // The repositories must have had something to do.
    const expected = ['buildIndexes', 'migrate', 'setValidator', 'loadData', 'recordVersion']
    expect([...kinds]).toEqual(
      expect.arrayContaining(isDeep ? [...expected, 'changeIndex', 'dropIndex'] : expected.slice(-1)),
    )
  })
})
