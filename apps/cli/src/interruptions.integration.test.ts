import { describe, expect, it } from 'vitest'
import { applying, serverProcess } from './testing/interrupted-run.ts'
import { testDatabase, type Document, type TestDatabase } from './testing/test-database.ts'
import { stage0, startStage0 } from './testing/run-command.ts'
import { SAMPLE } from './testing/temporary-folder.ts'

/** The migration of the sample joins two names and removes them: a second execution would leave nothing of either. */
const MIGRATION = 'user/1.1.0.2/migrate/migrations/user_display_name.json'

const args = (uri: string, database = 'shop', ...more: readonly string[]) => applying(SAMPLE, uri, database, ...more)

describe('a run that is interrupted from outside', () => {
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
