import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from './testing/test-database.ts'
import { stage0, startStage0 } from './testing/run-command.ts'
import { copyOf, replaceIn, SAMPLE, temporaryFolder } from './testing/temporary-folder.ts'

const target = ({ uri, name }: TestDatabase, repository = SAMPLE) => [
  '--repository',
  repository,
  '--uri',
  uri,
  '--database',
  name,
]
const applySample = (database: TestDatabase, ...more: readonly string[]) =>
  stage0(['apply', '--yes', ...target(database), ...more])

describe('apply', () => {
  it('configures a database from the sample, and the second time changes nothing', async () => {
    const database = await testDatabase()
    const first = await applySample(database, '--load-test-data')
    expect([first.code, first.stdout]).toEqual([0, expect.stringContaining('succeeded')])
    const people = await database.documents('user')
    expect(people).toHaveLength(4)
    expect(people[0]).toMatchObject({ display_name: 'Mira Okonkwo', role: 'editor' })
    const before = await database.everything()

    const second = await applySample(database, '--load-test-data')
    expect([second.code, second.stdout]).toEqual([0, expect.stringContaining('Nothing to do')])
    expect(await database.everything()).toEqual(before)
  })

  it('loads no test data unless asked to (W-01)', async () => {
    const database = await testDatabase()
    expect((await applySample(database)).code).toBe(0)
    expect(await database.documents('user')).toEqual([])
  })

  it('builds indexes with every option (W-02)', async () => {
    const database = await testDatabase()
    expect((await applySample(database)).code).toBe(0)
    const indexes = await database.indexes('user')
    expect(indexes.find(({ name }) => name === 'emailIndex')).toMatchObject({
      unique: true,
      partialFilterExpression: { email: { $exists: true } },
      collation: { locale: 'en', strength: 2 },
    })
  })

  it('refuses without a terminal and without consent, before it changes anything: exit 6', async () => {
    const database = await testDatabase()
    const ended = await stage0(['apply', ...target(database)])
    expect([ended.code, ended.stderr]).toEqual([6, expect.stringContaining('CONFIRMATION_NEEDED')])
    expect(await database.collections()).toEqual([])
  })

  it('is the batch mode: AUTO_PROCESS=true is consent', async () => {
    const database = await testDatabase()
    const environment = {
      INPUT_FOLDER: SAMPLE,
      MONGO_CONNECTION_STRING: database.uri,
      MONGO_DB_NAME: database.name,
      AUTO_PROCESS: 'true',
      EXIT_AFTER_PROCESSING: 'true',
    }
    expect((await stage0(['apply'], { environment })).code).toBe(0)
    expect(await database.collections()).toContain('user')
  })

  it('tells scripts that a step failed, with exit 1 and the status of the run (W-06, W-07)', async () => {
    const database = await testDatabase()
    // A document from elsewhere: no index takes two arrays at once, which only shows when it is built.
    const arrays = { status: ['a', 'b'], created: [{ at: 1 }, { at: 2 }] }
    await database.run({ insert: 'organization', documents: [arrays] })
    const ended = await applySample(database, '--json')
    expect(ended.code).toBe(1)
    expect(JSON.parse(ended.stdout)).toMatchObject({ ok: false, status: 'failed' })
  })

  it('refuses a unique index over documents with equal values before it changes anything: exit 6', async () => {
    const database = await testDatabase()
    const twice = ['a', 'b'].map((name) => ({ _id: name, slug: 'same' }))
    await database.run({ insert: 'organization', documents: twice })
    const before = await database.everything()
    const ended = await applySample(database)
    expect([ended.code, ended.stderr]).toEqual([
      6,
      expect.stringMatching(/INDEX_DUPLICATES[^]*slug "same" in _id "a" and "b"/),
    ])
    expect(await database.everything()).toEqual(before)
  })

  it('applies exactly the plan of a file, and refuses it once the database moved on', async () => {
    const database = await testDatabase()
    const folder = await temporaryFolder()
    const file = join(folder, 'plan.json')
    expect((await stage0(['plan', ...target(database), '--out', 'plan.json'], { folder })).code).toBe(0)

    const applied = await stage0(['apply', ...target(database), '--plan', 'plan.json'], { folder })
    expect([applied.code, applied.stderr]).toEqual([0, expect.not.stringContaining('PLAN_STALE')])
    const again = await stage0(['apply', ...target(database), '--plan', file])
    expect([again.code, again.stderr]).toEqual([6, expect.stringContaining('PLAN_STALE')])
  })

  it.each([
    { what: 'is not there', text: undefined },
    { what: 'is no plan', text: '{"a": 1}' },
    { what: 'is no JSON', text: 'plan' },
  ])('refuses a plan file that $what: exit 64', async ({ text }) => {
    const database = await testDatabase()
    const file = join(await temporaryFolder(), 'plan.json')
    if (text !== undefined) await writeFile(file, text)
    const ended = await stage0(['apply', ...target(database), '--plan', file])
    expect([ended.code, ended.stderr]).toEqual([64, expect.stringContaining('PLAN_FILE_UNREADABLE')])
  })

  it('applies the named collections only', async () => {
    const database = await testDatabase()
    expect((await applySample(database, '--collections', 'organization')).code).toBe(0)
    expect(await database.collections()).toContain('organization')
    expect(await database.collections()).not.toContain('user')
  })

  it('does not know a collection that the repository does not have: exit 64', async () => {
    const database = await testDatabase()
    const ended = await applySample(database, '--collections', 'organisation')
    expect([ended.code, ended.stderr]).toEqual([64, expect.stringContaining('COLLECTION_UNKNOWN')])
    expect(ended.stderr).toContain('organisation')
  })

  it('changes nothing when the repository is invalid: exit 4 (W-05)', async () => {
    const database = await testDatabase()
    const repository = await copyOf(SAMPLE)
    await replaceIn(repository, 'dictionaries/user.1.1.0.yaml', 'enums: user_role', 'enums: user_rule')
    const ended = await stage0(['apply', '--yes', ...target(database, repository)])
    expect([ended.code, ended.stderr]).toEqual([4, expect.stringContaining('dictionaries/user.1.1.0.yaml')])
    expect(await database.collections()).toEqual([])
  })

  it('ends as cancelled on SIGTERM, and a second run completes what was left (W-22)', async () => {
    const database = await testDatabase()
    const running = startStage0(['apply', '--yes', '--load-test-data', ...target(database)])
    await running.saying(/\[ ?1\//)
    running.child.kill('SIGTERM')
    const ended = await running.ended
    expect([0, 8]).toContain(ended.code)
    expect((await applySample(database, '--load-test-data')).code).toBe(0)
    expect(await database.documents('user')).toHaveLength(4)
  })

  it('completes a run that was killed in the middle, as if it had never been interrupted (W-03)', async () => {
    const [interrupted, whole] = [await testDatabase(), await testDatabase()]
    const running = startStage0(['apply', '--yes', '--load-test-data', ...target(interrupted)], {
      environment: { STAGE0_LEASE_MS: '500' },
    })
    await running.saying(/\[ ?3\//)
    running.child.kill('SIGKILL')
    await running.ended

    const resumed = await applySample(interrupted, '--load-test-data', '--wait', '10')
    expect([resumed.code, resumed.stderr]).toEqual([0, expect.any(String)])
    expect((await applySample(whole, '--load-test-data')).code).toBe(0)
    for (const name of ['user', 'organization']) {
      expect(await interrupted.documents(name)).toEqual(await whole.documents(name))
      expect(await interrupted.indexes(name)).toEqual(await whole.indexes(name))
    }
  })
})

describe('plan and status', () => {
  it('plan changes nothing and says with 2 that there are changes (W-13, W-18)', async () => {
    const database = await testDatabase()
    const ended = await stage0(['plan', ...target(database), '--detailed-exitcode'])
    expect([ended.code, ended.stdout]).toEqual([2, expect.stringContaining('emailIndex')])
    expect(await database.collections()).toEqual([])
  })

  it('plan writes the same bytes for the same inputs', async () => {
    const database = await testDatabase()
    const folder = await temporaryFolder()
    for (const file of ['a.json', 'b.json']) await stage0(['plan', ...target(database), '--out', file], { folder })
    expect(await readFile(join(folder, 'a.json'), 'utf8')).toBe(await readFile(join(folder, 'b.json'), 'utf8'))
  })

  it('status says behind before and in sync after', async () => {
    const database = await testDatabase()
    expect((await stage0(['status', ...target(database)])).stdout).toMatch(/user.*behind/)
    await applySample(database)
    const ended = await stage0(['status', ...target(database), '--json'])
    expect(JSON.parse(ended.stdout)).toMatchObject({
      collections: [
        { name: 'organization', state: 'in sync' },
        { name: 'user', state: 'in sync', recorded: '1.1.0.2' },
      ],
    })
  })

  it('status says that a database drifted, and ends with 5 (W-14)', async () => {
    const database = await testDatabase()
    await applySample(database)
    await database.run({ dropIndexes: 'user', index: 'emailIndex' })
    const ended = await stage0(['status', ...target(database)])
    expect([ended.code, ended.stdout]).toEqual([5, expect.stringContaining('emailIndex')])
  })

  it('leaves enumerators that an applied version uses as they are, and warns that the file was edited (W-14)', async () => {
    const database = await testDatabase()
    await applySample(database)
    const before = await database.documents('DatabaseEnumerators')
    const repository = await copyOf(SAMPLE)
    await replaceIn(repository, 'enumerators/enumerations.2.yaml', 'Looks around', 'Looks about')
    const ended = await stage0(['apply', '--yes', ...target(database, repository)])
    expect([ended.code, ended.stderr]).toEqual([0, expect.stringContaining('ENUMERATORS_DRIFT')])
    expect(await database.documents('DatabaseEnumerators')).toEqual(before)
  })
})
