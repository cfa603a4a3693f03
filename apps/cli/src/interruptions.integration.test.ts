import { connect } from '@stage0/mongo'
import { startEmbedded } from '@stage0/embedded'
import { isDeep, PATIENCE } from '@stage0/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { applying, contentOf, holdRun, leftOpen, serverProcess, SHORT_LEASE } from './testing/interrupted-run.ts'
import { testDatabase, type Document, type TestDatabase } from './testing/test-database.ts'
import { stage0, startStage0 } from './testing/run-command.ts'
import { SAMPLE } from './testing/temporary-folder.ts'

/** The migration of the sample joins two names and removes them: a second execution would leave nothing of either. */
const MIGRATION = 'user/1.1.0.2/migrate/migrations/user_display_name.json'

const args = (uri: string, database = 'shop', ...more: readonly string[]) => applying(SAMPLE, uri, database, ...more)

const AWAY = /The database does not answer\. The run waits for it until its lock ends, in \d+ s\./
const BACK = /The database answers again; the run goes on\./

async function server(options: Parameters<typeof startEmbedded>[0] = {}): Promise<string> {
  const { uri, close } = await startEmbedded(options)
  onTestFinished(close)
  return uri
}

describe('a run whose database', PATIENCE, () => {
  it('is gone for good tells that it waits, and at the end of its lease what state it leaves: exit 7', async () => {
    const { uri, running } = await serverProcess()
    const ended = startStage0(args(uri), { environment: SHORT_LEASE })
    await ended.saying(/\[ ?3\//)
    running.child.kill('SIGKILL')
    await ended.saying(AWAY)
    const { code, stderr } = await ended.ended
    expect([code, stderr]).toEqual([7, expect.stringMatching(/error {2}TARGET_UNREACHABLE\n.*lease of the lock ended/)])
    expect(stderr).toMatch(/so the run stopped: \d+ of \d+ steps are done/)
    expect(stderr).toContain('The next `stage0 apply` finds out by looking what was done, and goes on from there.')
    expect(stderr).not.toMatch(/LOCK_LOST|DEFECT/)
  })

  it.each([
    { label: 'create organization', occurrence: 1 },
    { label: 'update stage0_runs journal', occurrence: 4 },
    ...(isDeep ? [{ label: 'update CollectionVersions', occurrence: 2 }] : []),
  ])('is away for a moment at $label goes on when it is back, as if nothing had been', async (point) => {
    const uri = await server()
    expect((await stage0(args(uri, 'whole'))).code).toBe(0)
    const { running, gate } = await holdRun(uri, (to) => args(to), { point, when: 'before' })
    gate.shut()
    await running.saying(AWAY)
    gate.open()
    const ended = await running.ended
    expect([ended.code, ended.stderr]).toEqual([0, expect.stringMatching(BACK)])
    expect(await contentOf(uri, 'shop')).toEqual(await contentOf(uri, 'whole'))
    // The event is recorded too, with those that waited.
    const run = /; run (\S+)/.exec(ended.stdout)?.[1] ?? ''
    const database = await recordsOf(uri)
    const told = database.flatMap(({ events }) => (events ?? []) as Document[])
    expect(told.filter(({ type }) => type === 'run.contact').map(({ answers, run_id }) => [answers, run_id])).toEqual([
      [false, run],
      [true, run],
    ])
  })
})

describe('a run that is suspended while it claims the lock', PATIENCE, () => {
  const CLAIM = { label: 'claim', occurrence: 1 }

  it('for longer than its lease claims it anew: nothing was begun, so nothing is lost', async () => {
    const uri = await server()
    const { running, gate } = await holdRun(uri, args, { point: CLAIM, when: 'after' }, { environment: SHORT_LEASE })
    running.child.kill('SIGSTOP')
    gate.release()
    await leaseEnd(uri)
    running.child.kill('SIGCONT')
    const ended = await running.ended
    expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)])
  })

  it('while another takes it is told who holds it: exit 3', async () => {
    const uri = await server()
    const { running, gate } = await holdRun(uri, args, { point: CLAIM, when: 'after' }, { environment: SHORT_LEASE })
    running.child.kill('SIGSTOP')
    gate.release()
    await leaseEnd(uri)
    const other = await holdRun(uri, args, { point: { label: 'create organization', occurrence: 1 }, when: 'before' })
    running.child.kill('SIGCONT')
    const ended = await running.ended
    expect([ended.code, ended.stderr]).toEqual([3, expect.stringMatching(/LOCK_(HELD|LOST)/)])
    other.gate.release()
    expect((await other.running.ended).code).toBe(0)
  })
})

describe('a run whose lock `unlock` takes away', PATIENCE, () => {
  it('tells who took it, not a run that is not there: exit 3', async () => {
    const uri = await server()
    const point = { label: 'update CollectionVersions', occurrence: 1 }
    const { running, gate } = await holdRun(uri, args, { point, when: 'before' })
    const [lock] = await documentsOf(uri, 'stage0_lock')
    const runId = String((lock?.['holder'] as Document)['run_id'])
    const at = ['--uri', uri, '--database', 'shop']
    expect((await stage0(['unlock', '--if-owner', runId, '--force', '--yes', ...at])).code).toBe(0)
    gate.release()
    const ended = await running.ended
    expect([ended.code, ended.stderr]).toEqual([
      3,
      expect.stringMatching(/error {2}LOCK_LOST\n.*@.* took the lock away with `stage0 unlock` at \d{4}-/),
    ])
    expect(ended.stderr).not.toContain('taken over')
  })
})

const recordsOf = (uri: string) => documentsOf(uri, 'stage0_runs')

async function documentsOf(uri: string, collection: string): Promise<Document[]> {
  const opened = await connect({ uri, database: 'shop' })
  if (!opened.ok) throw new Error(opened.error.message)
  try {
    return await opened.value.db.collection(collection).find<Document>({}).toArray()
  } finally {
    await opened.value.close()
  }
}

/** Resolves when the lock of the database has run out by the server's clock. */
async function leaseEnd(uri: string): Promise<void> {
  await expect.poll(async () => (await leftOpen(uri, 'shop')).locks, { interval: 100, timeout: 60_000 }).toBe(0)
}

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
    expect(misspelt.code).toBe(64)
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
