import { describe, expect, it, onTestFinished } from 'vitest'
import { connect } from '@stage0/mongo'
import { isDeep } from '@stage0/testkit'
import { testDatabase, type Document, type TestDatabase } from './testing/test-database.ts'
import { stage0, startStage0, type Running } from './testing/run-command.ts'
import { SAMPLE } from './testing/temporary-folder.ts'

/** A plan of the sample has so many steps; the last ends too soon after it is told to be interrupted. */
const STEPS = Array.from({ length: 19 }, (_, index) => index + 1)

/** The migration of the sample joins two names and removes them: a second execution would leave nothing of either. */
const MIGRATION = 'user/1.1.0.2/migrate/migrations/user_display_name.json'
const SHORT_LEASE = { STAGE0_LEASE_MS: '500' }

const args = (uri: string, database = 'shop', ...more: readonly string[]) => [
  ...['apply', '--yes', '--load-test-data', '--repository', SAMPLE, '--uri', uri, '--database', database],
  ...more,
]

/** The embedded server in a process of its own, as `stage0 embedded` starts it. */
async function serverProcess(): Promise<{ readonly uri: string; readonly running: Running }> {
  const running = startStage0(['embedded', '--json'])
  onTestFinished(async () => {
    running.child.kill('SIGKILL')
    await running.ended
  })
  let text = ''
  running.child.stdout?.on('data', (part: string) => (text += part))
  await running.saying(/mongodb:\/\/[^"]+"[^}]*\}/)
  return { uri: /mongodb:\/\/[^"]+/.exec(text)?.[0] ?? '', running }
}

/** What a person sees of a database: documents, indexes, validators and records without times and identities of runs. */
async function contentOf(uri: string, database: string): Promise<unknown> {
  const opened = await connect({ uri, database })
  if (!opened.ok) throw new Error(opened.error.message)
  const { db } = opened.value
  try {
    const listed = (await db.listCollections().toArray()) as unknown as { name: string; options: unknown }[]
    const names = listed.filter(({ name }) => !['stage0_runs', 'stage0_lock'].includes(name)).sort(byName)
    const projection = { run_id: 0, applied_at: 0 }
    return await Promise.all(
      names.map(async ({ name, options }) => {
        const isRecord = name.startsWith('stage0_') || name === 'CollectionVersions' || name === 'DatabaseEnumerators'
        const documents = await db
          .collection(name)
          .find({}, { projection: isRecord ? { ...projection, _id: 0 } : projection })
          .toArray()
        const indexes = (await db.collection(name).indexes()) as { name?: string }[]
        return {
          name,
          options,
          documents: documents.map((one) => JSON.stringify(one)).sort(),
          indexes: indexes.sort(byName),
        }
      }),
    )
  } finally {
    await opened.value.close()
  }
}

const byName = (a: { name?: string }, b: { name?: string }) => (String(a.name) < String(b.name) ? -1 : 1)

describe('a run that is interrupted from outside', () => {
  it('by SIGKILL at any step is finished by the next one: equal to a run that nobody interrupted (W-03)', async () => {
    const { uri } = await serverProcess()
    expect((await stage0(args(uri, 'whole'))).code).toBe(0)
    const whole = await contentOf(uri, 'whole')
    for (const step of isDeep ? STEPS : [5, 12]) {
      const database = `killed${step}`
      const running = startStage0(args(uri, database), { environment: SHORT_LEASE })
      await running.saying(new RegExp(`\\[ ?${step}/`))
      running.child.kill('SIGKILL')
      await running.ended
      const next = await stage0(args(uri, database, '--wait', '10'), { environment: SHORT_LEASE })
      expect([step, next.code, next.stderr]).toEqual([step, 0, expect.any(String)])
      expect([step, await contentOf(uri, database)]).toEqual([step, whole])
    }
  })

  it('by SIGSTOP beyond its lease is taken over, and woken up it changes nothing any more (W-11)', async () => {
    const { uri } = await serverProcess()
    expect((await stage0(args(uri, 'whole'))).code).toBe(0)
    const whole = await contentOf(uri, 'whole')
    for (const step of isDeep ? STEPS : [6]) {
      const database = `suspended${step}`
      const suspended = startStage0(args(uri, database), { environment: SHORT_LEASE })
      await suspended.saying(new RegExp(`\\[ ?${step}/`))
      suspended.child.kill('SIGSTOP')
      const second = await stage0(args(uri, database, '--wait', '10'), { environment: SHORT_LEASE })
      expect([step, second.code, second.stderr]).toEqual([step, 0, expect.any(String)])
      suspended.child.kill('SIGCONT')
      expect([0, 3]).toContain((await suspended.ended).code)
      expect([step, await contentOf(uri, database)]).toEqual([step, whole])
    }
  })

  it('by nobody, but started three times at once: one works, the others name it or find nothing to do (W-11)', async () => {
    const { uri } = await serverProcess()
    expect((await stage0(args(uri, 'whole'))).code).toBe(0)
    const whole = await contentOf(uri, 'whole')
    for (let round = 1; round <= (isDeep ? 10 : 1); round++) {
      const database = `raced${round}`
      const ended = await Promise.all([1, 2, 3].map(() => stage0(args(uri, database))))
      expect(ended.map(({ code }) => code)).toContain(0)
      for (const { code, stderr } of ended) {
        expect([0, 3]).toContain(code)
        if (code === 3) expect(stderr).toMatch(/LOCK_HELD[^]*\(process \d+\) holds the lock/)
      }
      expect([round, await contentOf(uri, database)]).toEqual([round, whole])
    }
  })

  it('by the end of the server tells that it lost the database: exit 7', async () => {
    const { uri, running } = await serverProcess()
    const applying = startStage0(args(`${uri}?serverSelectionTimeoutMS=500`))
    await applying.saying(/\[ ?3\//)
    running.child.kill('SIGKILL')
    const ended = await applying.ended
    expect([ended.code, ended.stderr]).toEqual([7, expect.not.stringContaining('DEFECT')])
  })
})

/** As after a death between the end of the migration and its entry in the journal. */
async function cutOff(database: TestDatabase, change: (entry: Document) => Document): Promise<void> {
  expect((await stage0(args(database.uri, database.name))).code).toBe(0)
  const [run] = (await database.documents('stage0_runs')).filter(({ kind }) => kind === 'run')
  const journal = (run?.['journal'] as Document[])
    .filter(({ step_id, state }) => step_id !== MIGRATION || state !== 'done')
    .map((entry) => (entry['step_id'] === MIGRATION ? change(entry) : entry))
  expect(journal.filter(({ step_id }) => step_id === MIGRATION)).toHaveLength(1)
  const set = (collection: string, q: Document, fields: Document) =>
    database.run({ update: collection, updates: [{ q, u: fields }] })
  await set('stage0_runs', { _id: run?.['_id'] }, { $set: { journal, outcome: null } })
  const back = { $set: { current_version: 'user.1.0.0.1' }, $unset: { schema_hash: '' } }
  await set('CollectionVersions', { collection_name: 'user' }, back)
}

describe('a migration whose outcome was not written down', () => {
  it('is known by the UUID of the collection that $out replaced, and not run again', async () => {
    const database = await testDatabase()
    await cutOff(database, (entry) => entry)
    const before = await database.documents('user')
    const next = await stage0(args(database.uri, database.name))
    expect([next.code, next.stderr]).toEqual([0, expect.any(String)])
    expect(await database.documents('user')).toEqual(before)
  })

  it('and cannot be known is refused with the way on, which --resolve takes', async () => {
    const database = await testDatabase()
    await cutOff(database, (entry) => ({ ...entry, target_uuid: null }))
    const before = await database.documents('user')
    const refused = await stage0(args(database.uri, database.name))
    expect([refused.code, refused.stderr]).toEqual([6, expect.stringContaining('MIGRATION_UNCERTAIN')])
    expect(refused.stderr).toContain(MIGRATION)
    expect(refused.stderr).toContain(`--resolve ${MIGRATION}=done`)
    expect(await database.documents('user')).toEqual(before)

    const misspelt = await stage0(args(database.uri, database.name, '--resolve', 'user=done'))
    expect(misspelt.code).toBe(6)
    const resolved = await stage0(args(database.uri, database.name, '--resolve', `${MIGRATION}=done`))
    expect([resolved.code, resolved.stderr]).toEqual([0, expect.any(String)])
    expect(await database.documents('user')).toEqual(before)
  })

  it.each(['user', '=done', 'user=maybe'])('cannot be resolved with "%s": exit 64', async (outcome) => {
    const ended = await stage0(['apply', '--resolve', outcome])
    expect([ended.code, ended.stderr]).toEqual([64, expect.stringContaining('STEP=repeat')])
  })
})

describe('outside of local', () => {
  it('tells in the log which grave risks --yes has covered', async () => {
    const database = await testDatabase()
    const ended = await stage0(args(database.uri, database.name), { environment: { ENVIRONMENT_NAME: 'production' } })
    expect([ended.code, ended.stderr]).toEqual([0, expect.stringMatching(/Risk in environment production: TD /)])
    const other = await testDatabase()
    const quiet = await stage0(args(other.uri, other.name))
    expect(quiet.stderr).not.toContain('Risk in environment')
  })

  it('a plan tells how many documents its steps meet', async () => {
    const database = await testDatabase()
    const documents = [{ slug: 'a' }, { slug: 'b' }]
    await database.run({ insert: 'organization', documents })
    const ended = await stage0(['plan', '--repository', SAMPLE, '--uri', database.uri, '--database', database.name])
    expect(ended.stdout).toMatch(/organization.*about 2 documents/)
  })
})
