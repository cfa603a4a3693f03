import { planChanges, type PlanOptions, type Wanted } from '@stage0/core'
import { startEmbedded } from '@stage0/embedded'
import { applyPlan, observeAndPlan, type TargetPort } from '@stage0/engine'
import { openTarget } from '@stage0/mongo'
import type { RunEvent } from '@stage0/types'
import { holderOf, loadSettings, readSnapshot, systemClock } from '@stage0/workspace'
import { describe, expect, it, onTestFinished } from 'vitest'
import { repositoryOfEveryStep } from './testing/every-step.ts'
import { copyOf, replaceIn, SAMPLE } from './testing/temporary-folder.ts'

const options: PlanOptions = { environment: 'local', loadTestData: true }
const recordNames = { versions: 'CollectionVersions', enumerators: 'DatabaseEnumerators' }
type Privilege = readonly [collection: string, action: string]
/** On a replica set migrations run online, with other commands. */
type Kind = 'standalone' | 'replica set'

/** The sample, with an index that its second version changes in place: every kind of step. */
async function everyKind(): Promise<Wanted> {
  const folder = await copyOf(SAMPLE)
  const at = 'add_indexes:\n      # Two fields'
  const hides = '- { name: slugIndex, key: { slug: 1 }, options: { unique: true, hidden: true } }'
  await replaceIn(
    folder,
    'configurations/organization.yaml',
    at,
    `drop_indexes: [slugIndex]\n    add_indexes:\n      ${hides}\n      # Two fields`,
  )
  return wantedOf(folder)
}

async function wantedOf(folder: string): Promise<Wanted> {
  const settings = loadSettings({ env: {}, overrides: { INPUT_FOLDER: folder } })
  if (!settings.ok) throw new Error(settings.error[0]?.text)
  const { wanted } = await readSnapshot(folder, settings.value)
  if (wanted === undefined) throw new Error('the changed sample is not valid')
  return wanted
}

/** One user for each name, who may do what is listed; and to list collections, without which nothing can be observed. */
async function serverWith(users: Readonly<Record<string, readonly Privilege[]>>, kind: Kind) {
  const server = await startEmbedded({
    ...(kind === 'replica set' && { replicaSet: 'rs0' }),
    users: Object.entries(users).map(([user, privileges]) => ({
      user,
      password: 'secret',
      privileges: [
        { resource: { db: 'shop', collection: '' }, actions: ['listCollections'] },
        ...privileges.map(([collection, action]) => ({ resource: { db: 'shop', collection }, actions: [action] })),
      ],
    })),
  })
  onTestFinished(() => server.close())
  return async <T>(user: string, use: (target: TargetPort) => Promise<T>): Promise<T> => {
    const uri = server.uri.replace('://', `://${user}:secret@`)
    const target = await openTarget({ uri, database: 'shop', recordNames })
    if (!target.ok) throw new Error(target.error.message)
    try {
      return await use(target.value)
    } finally {
      await target.value.close()
    }
  }
}

/** Collections and actions as the problems of a plan name them. */
async function missing(wanted: Wanted, target: TargetPort): Promise<Privilege[]> {
  const planned = await observeAndPlan({ target, wanted, options })
  if (!planned.ok) throw new Error(planned.error.message)
  return planned.value.plan.problems
    .filter(({ code, severity }) => code === 'TARGET_NOT_PERMITTED' && severity === 'error')
    .flatMap(({ text }) => {
      const [, actions = '', collection = ''] = /may not (.+) on shop\.(\S+)$/.exec(text) ?? []
      return actions.split(', ').map((action): Privilege => [collection, action])
    })
}

async function applyAs(target: TargetPort, wanted: Wanted): Promise<RunEvent | undefined> {
  const run = applyPlan({
    ...{ target, wanted, options, clock: systemClock, leaseMs: 30_000, toolVersion: '0' },
    ...{ holder: holderOf('test'), signal: new AbortController().signal, expectedPlanHash: undefined },
  })
  let last: RunEvent | undefined
  for await (const event of run) last = event
  return last
}

describe('a privilege that is missing', () => {
  it.each<Kind>(['standalone', 'replica set'])(
    'on a %s, each one in turn, refuses the plan by its name; what a plan asks for is enough',
    async (kind) => {
      const wanted = await everyKind()
      const kinds = new Set(planChanges(wanted, await emptyShop(kind), options).steps.map(({ kind }) => kind))
      expect([...kinds].sort()).toEqual([
        ...['buildIndexes', 'changeIndex', 'createCollection', 'dropIndex', 'loadData'],
        ...['migrate', 'recordEnumerators', 'recordVersion', 'setValidator'],
      ])
      const nobody = await serverWith({ nobody: [] }, kind)
      const needed = await nobody('nobody', (target) => missing(wanted, target))
      expect(needed.length).toBeGreaterThan(30)
      const name = ([collection, action]: Privilege): string => `without-${action}-on-${collection}`
      const without = needed.map((one) => [name(one), needed.filter((other) => other !== one)] as const)
      const as = await serverWith({ everything: needed, ...Object.fromEntries(without) }, kind)
      for (const one of needed)
        expect([name(one), await as(name(one), (target) => missing(wanted, target))]).toEqual([name(one), [one]])
      const refused = await as(name(needed.find(([collection]) => collection === 'user') ?? ['', '']), (target) =>
        applyAs(target, wanted),
      )
      expect(refused).toMatchObject({ type: 'run.finished', status: 'failed', error: { code: 'PLAN_REFUSED' } })
      const applied = await as('everything', (target) => applyAs(target, wanted))
      expect(applied).toMatchObject({ type: 'run.finished', status: 'succeeded' })
    },
  )
})

describe('a look at what an earlier run left', () => {
  it('asks for no more than to read them: it only counts', async () => {
    const { folder, remove } = await repositoryOfEveryStep()
    onTestFinished(remove)
    const wanted = await wantedOf(folder)
    const newest = wanted.collections.find(({ name }) => name === 'organization')?.versions.at(-1)
    if (newest === undefined) throw new Error('the repository has no organization')
    const records = ['find', 'insert', 'update', 'createCollection', 'createIndex', 'listIndexes']
    const enough: Privilege[] = [
      ...['stage0_history', 'stage0_runs', 'stage0_lock', 'CollectionVersions', 'DatabaseEnumerators'].flatMap((name) =>
        records.map((action): Privilege => [name, action]),
      ),
      ...['user', 'organization'].flatMap((name) => ['find', 'listIndexes'].map((action): Privilege => [name, action])),
    ]
    const as = await serverWith({ owner: [['', 'anyAction']], enough }, 'standalone')
    await as('owner', async (target) => {
      expect(await applyAs(target, wanted)).toMatchObject({ status: 'succeeded' })
      const { version, stored, schema, schemaHash, migrations } = newest
      const by = { runId: 'r0', appliedBy: 'ada', toolVersion: '0', leftovers: 1 }
      const record = { collection: 'organization', version, stored, schema, schemaHash, migrations, indexes: [], ...by }
      const recorded = await target.recordVersion(
        { ...record, enumeratorsHash: undefined },
        new AbortController().signal,
      )
      expect(recorded).toMatchObject({ ok: true })
    })
    const planned = await as('enough', (target) => observeAndPlan({ target, wanted, options }))
    expect(planned).toMatchObject({ value: { plan: { steps: [{ kind: 'findLeftovers', again: { runId: 'r0' } }] } } })
    expect(await as('enough', (target) => missing(wanted, target))).toEqual([])
    expect(await as('enough', (target) => applyAs(target, wanted))).toMatchObject({ status: 'succeeded' })
  })
})

async function emptyShop(kind: Kind) {
  const open = await serverWith({ looker: [] }, kind)
  const observed = await open('looker', (target) => target.observe({}))
  if (!observed.ok) throw new Error(observed.error.message)
  return observed.value
}
