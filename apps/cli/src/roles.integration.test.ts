import { runInNewContext } from 'node:vm'
import { rolesFor, stepsOfEveryWay, type PlanOptions, type Role, type Wanted } from '@stage0/core'
import { applyPlan, gatherEvidence, listRuns, observeAndPlan, type TargetPort } from '@stage0/engine'
import { startEmbedded } from '@stage0/embedded'
import { openTarget } from '@stage0/mongo'
import { isDeep } from '@stage0/testkit'
import { ok, type Result, type RunEvent } from '@stage0/types'
import { holderOf, loadSettings, readSnapshot, systemClock } from '@stage0/workspace'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { renderRoles } from './present/roles.ts'
import { run } from './program.ts'
import { repositoryOfEveryStep } from './testing/every-step.ts'
import { recordingIo } from './testing/recording-io.ts'
import { copyOf, SAMPLE, temporaryFolder } from './testing/temporary-folder.ts'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const options: PlanOptions = { environment: 'local', loadTestData: true }
const recordNames = { versions: 'CollectionVersions', enumerators: 'DatabaseEnumerators' }
const NEWEST = { offset: 0, limit: 20 }
type Kind = 'standalone' | 'replica set'
const KINDS: readonly Kind[] = ['standalone', 'replica set']
type Privileges = Role['privileges']

async function wantedOf(folder: string): Promise<Wanted> {
  const settings = loadSettings({ env: {}, overrides: { INPUT_FOLDER: folder } })
  if (!settings.ok) throw new Error(settings.error[0]?.text)
  const { wanted, problems } = await readSnapshot(folder, settings.value)
  if (wanted === undefined) throw new Error(problems.map(({ text }) => text).join('; '))
  return wanted
}

const namesOf = (wanted: Wanted) => ({ database: 'shop', collections: wanted.collections.map(({ name }) => name) })

const byName = (roles: readonly Role[]): Readonly<Record<string, Privileges>> =>
  Object.fromEntries(roles.map(({ createRole, privileges }) => [createRole.replace('stage0-', ''), privileges]))

const rolesOf = (wanted: Wanted): Readonly<Record<string, Privileges>> =>
  byName(rolesFor({ ...namesOf(wanted), steps: stepsOfEveryWay(wanted, options) }))

/** "deployer: collMod on user" */
const actionsOf = (roles: Readonly<Record<string, Privileges>>): readonly string[] =>
  Object.entries(roles).flatMap(([name, privileges]) =>
    privileges.flatMap(({ resource, actions }) => actions.map((one) => `${name}: ${one} on ${resource.collection}`)),
  )

/** A server where each user has one of the roles, and somebody else a collection beside ours. */
async function serverWith(users: Readonly<Record<string, Privileges>>, kind: Kind) {
  const owner = [{ resource: { anyResource: true } as const, actions: ['anyAction'] }]
  const server = await startEmbedded({
    ...(kind === 'replica set' && { replicaSet: 'rs0' }),
    users: Object.entries({ ...users, owner }).map(([user, privileges]) => ({ user, password: 'secret', privileges })),
  })
  const as = async <T>(user: string, use: (target: TargetPort) => Promise<T>): Promise<T> => {
    const target = await openTarget({ uri: uriFor(user), database: 'shop', recordNames })
    if (!target.ok) throw new Error(target.error.message)
    try {
      return await use(target.value)
    } finally {
      await target.value.close()
    }
  }
  const uriFor = (user: string): string => server.uri.replace('://', `://${user}:secret@`)
  await as('owner', (target) => target.createCollection('of_others', undefined, new AbortController().signal))
  return { as, uriFor, close: () => server.close() }
}

const got = <T>(result: Result<T, { readonly message: string }>): T => {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

async function applyAs(target: TargetPort, wanted: Wanted): Promise<RunEvent | undefined> {
  const events = applyPlan({
    ...{ target, wanted, options, clock: systemClock, leaseMs: 30_000, toolVersion: '0' },
    ...{ holder: holderOf('test'), signal: new AbortController().signal },
  })
  let last: RunEvent | undefined
  for await (const event of events) last = event
  return last
}

async function planFor(target: TargetPort, wanted: Wanted, forReview: boolean) {
  const planned = got(await observeAndPlan({ target, wanted, options: { ...options, forReview } }))
  const limits = { ms: 10_000, documents: 1000, samples: 5 }
  const { plan, observed } = planned
  const evidence = got(await gatherEvidence({ target, plan, observed, limits, looked: undefined, clock: systemClock }))
  return { plan, evidence }
}

let everyStep: Wanted
beforeAll(async () => {
  const { folder, remove } = await repositoryOfEveryStep()
  await writeFile(join(folder, 'migrations/organization_closed.json'), JSON.stringify([{ $set: { status: 'closed' } }]))
  everyStep = await wantedOf(folder)
  await remove()
})

describe.each(KINDS)('the roles that a repository needs, on a %s', (kind) => {
  it('let the reviewer plan what the deployer applies, each beside collections of others', async () => {
    const { as, close } = await serverWith(rolesOf(everyStep), kind)
    onTestFinished(close)
    const reviewed = await as('reviewer', (target) => planFor(target, everyStep, true))
    const deployed = await as('deployer', (target) => planFor(target, everyStep, false))
    expect([reviewed.plan.problems, deployed.plan.problems]).toEqual([[], []])
    expect(reviewed.plan.hash).toBe(deployed.plan.hash)
    expect(await as('reviewer', (target) => applyAs(target, everyStep))).toMatchObject({
      error: { code: 'PLAN_REFUSED' },
    })
    expect(await as('deployer', (target) => applyAs(target, everyStep))).toMatchObject({ status: 'succeeded' })
    const after = await as('reviewer', (target) => planFor(target, everyStep, true))
    expect(after.plan.collections.map(({ state }) => state)).toEqual(['in sync', 'in sync'])
    expect(await as('reviewer', async (target) => got(await listRuns(target, NEWEST)).total)).toBe(1)
  })

  it('let the deployer take over a collection that others made without a validator', async () => {
    const first = everyStep.collections.map((one) => ({ ...one, versions: one.versions.slice(0, 1) }))
    const wanted = { ...everyStep, collections: first }
    const { as, close } = await serverWith(rolesOf(wanted), kind)
    onTestFinished(close)
    const signal = new AbortController().signal
    for (const { name } of first)
      await as('owner', async (target) => got(await target.createCollection(name, undefined, signal)))
    expect(await as('deployer', (target) => applyAs(target, wanted))).toMatchObject({ status: 'succeeded' })
  })

  const rest = isDeep ? 1 : 7
  it(`have no privilege too many: without ${isDeep ? 'any' : 'each seventh'} of them something fails`, async () => {
    const { as: asOwner, close: closeOwner } = await serverWith({}, kind)
    const { steps } = (await asOwner('owner', (target) => planFor(target, everyStep, true))).plan
    await closeOwner()
    const deployer = rolesFor({ ...namesOf(everyStep), steps })[2]?.privileges ?? []
    const each = deployer.flatMap(({ resource, actions }) => actions.map((action) => ({ resource, action })))
    const whole = await serverWith({ whole: deployer }, kind)
    expect(await whole.as('whole', (target) => failing(blind(target), everyStep))).toBeUndefined()
    await whole.close()
    const looked = each
      // Asked for where a database that is taken over has another index in the place of ours.
      .filter(({ resource, action }) => !(resource.collection === 'CollectionVersions' && action === 'listIndexes'))
      .filter((_, at) => at % rest === 0)
    for (const { resource, action } of looked) {
      const without = deployer.map((one) =>
        one.resource.collection === resource.collection
          ? { ...one, actions: one.actions.filter((other) => other !== action) }
          : one,
      )
      const name = `${action} on ${resource.collection}`
      const { as, close } = await serverWith({ less: without }, kind)
      const failure = await as('less', (target) => failing(blind(target), everyStep))
      await close()
      expect([name, failure]).not.toEqual([name, undefined])
    }
    expect(looked.length).toBeGreaterThan(5)
  })
})

/** Such a target tells nothing of privileges, so that only the server refuses. */
const blind = (target: TargetPort): TargetPort => ({
  ...target,
  observe: async (given) => {
    const observed = await target.observe(given)
    return observed.ok ? ok({ ...observed.value, privileges: undefined }) : observed
  },
})

/** What refuses any of all that a deployer does: plan with evidence, apply, look again, see the history. */
async function failing(target: TargetPort, wanted: Wanted): Promise<string | undefined> {
  try {
    await planFor(target, wanted, false)
    const first = await applyAs(target, wanted)
    if (first?.type !== 'run.finished') return 'no outcome'
    if (first.status !== 'succeeded') return first.error?.message ?? first.status
    const { plan } = await planFor(target, wanted, false)
    if (plan.steps.length > 0 || plan.problems.length > 0) return 'a second plan has steps'
    got(await listRuns(target, NEWEST))
    return got(await gatherSizes(target, wanted)) ? undefined : 'no sizes'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function gatherSizes(target: TargetPort, wanted: Wanted): Promise<Result<boolean, { readonly message: string }>> {
  for (const { name } of wanted.collections) {
    const size = await target.evidence.size(name)
    if (!size.ok) return size
  }
  return ok(true)
}

describe('the verb roles', () => {
  it('prints a script that makes the roles, or changes those that are there', async () => {
    const io = recordingIo()
    expect(await run(['roles', '--repository', SAMPLE, '--database', 'shop'], io, '0')).toBe(0)
    const known: Record<string, unknown> = { 'stage0-operator': 'an old one' }
    const changed: string[] = []
    const db = {
      getRole: (name: string) => known[name] ?? null,
      createRole: ({ role, ...more }: { role: string }) => void (known[role] = more),
      updateRole: (name: string, more: unknown) => void (changed.push(name), (known[name] = more)),
    }
    const names: string[] = []
    runInNewContext(io.written.out, { db: { getSiblingDB: (name: string) => (names.push(name), db) } })
    const json = recordingIo()
    await run(['roles', '--repository', SAMPLE, '--database', 'shop', '--json'], json, '0')
    const roles = JSON.parse(json.written.out) as readonly Role[]
    expect([names, changed]).toEqual([['shop'], ['stage0-operator']])
    for (const { createRole, privileges } of roles) expect(known[createRole]).toEqual({ privileges, roles: [] })
  })

  it('for a plan names what that plan changes, and connects as somebody who may look', async () => {
    const sample = await wantedOf(await copyOf(SAMPLE))
    const { as, uriFor, close } = await serverWith(rolesOf(sample), 'standalone')
    onTestFinished(close)
    const roles = async () => {
      const io = recordingIo()
      const args = ['roles', '--for-plan', '--json', '--repository', SAMPLE, '--database', 'shop', '--load-test-data']
      expect(await run([...args, '--uri', uriFor('reviewer')], io, '0')).toBe(0)
      return JSON.parse(io.written.out) as readonly Role[]
    }
    const before = await roles()
    const needed = new Set(actionsOf(rolesOf(sample)))
    expect(actionsOf(byName(before)).filter((one) => !needed.has(one))).toEqual([])
    expect(actionsOf(byName(before))).toContain('deployer: collMod on organization')
    await as('deployer', (target) => applyAs(target, sample))
    const after = actionsOf(byName(await roles()))
    expect(after.filter((one) => /collMod|dropIndex|remove|(insert|update) on (user|organization)/.test(one))).toEqual(
      [],
    )
  })

  it('makes a reviewer whose plan is written to a file, and a deployer who applies it', async () => {
    const folder = await temporaryFolder()
    const { uriFor, close } = await serverWith(rolesOf(await wantedOf(SAMPLE)), 'standalone')
    onTestFinished(close)
    const stage0 = async (user: string, ...args: readonly string[]) => {
      const io = recordingIo({ folder })
      const exit = await run([...args, '--repository', SAMPLE, '--database', 'shop', '--uri', uriFor(user)], io, '0')
      return [exit, io.written.err]
    }
    const [refused, why] = await stage0('reviewer', 'plan', '--json')
    expect([refused, why]).toEqual([7, ''])
    expect(await stage0('reviewer', 'plan', '--for-review', '--out', 'plan.json')).toEqual([
      0,
      expect.stringContaining('Written to plan.json'),
    ])
    expect((await stage0('deployer', 'apply', '--plan', 'plan.json'))[0]).toBe(0)
  })

  it('lets the operator ask runs to pause, and nothing more', async () => {
    const sample = await wantedOf(SAMPLE)
    const { as, close } = await serverWith(rolesOf(sample), 'standalone')
    onTestFinished(close)
    await as('deployer', (target) => applyAs(target, sample))
    const id = await as('operator', async (target) => got(await listRuns(target, NEWEST)).runs[0]?.run_id ?? '')
    const ask = (user: string) => as(user, (target) => target.runs.requestPause(id, true))
    expect(await ask('reviewer')).toMatchObject({ ok: false, error: { kind: 'not-permitted' } })
    expect(await ask('operator')).toMatchObject({ ok: true })
    expect(await as('operator', (target) => target.lock.revoke(1, holderOf('test')))).toMatchObject({ ok: true })
    expect(await as('operator', (target) => applyAs(target, everyStep))).toMatchObject({
      error: { code: 'PLAN_REFUSED' },
    })
  })

  it('refuses a collection that the repository does not have', async () => {
    const io = recordingIo()
    expect(await run(['roles', '--repository', SAMPLE, '--collections', 'usr'], io, '0')).toBe(64)
    expect(io.written.err).toContain('COLLECTION_UNKNOWN')
  })
})

it('keeps a name with quotes inside its string', () => {
  const roles = rolesFor({ database: 'a"b', collections: ['x`${1}'], steps: [] })
  expect(() =>
    runInNewContext(renderRoles(roles), {
      db: { getSiblingDB: () => ({ getRole: () => ({}), updateRole: () => {} }) },
    }),
  ).not.toThrow()
})
