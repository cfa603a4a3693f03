import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sharedFolder } from '@stage0/testkit'
import { testDatabase, type TestDatabase } from './testing/test-database.ts'
import { stage0 } from './testing/run-command.ts'
import { copyOf, replaceIn } from './testing/temporary-folder.ts'
import { comparable, verifiedDatabase } from './testing/verified-database.ts'

const fixtures = sharedFolder('fixtures')
if (fixtures === undefined) console.log('skipped: the fixtures are absent (STAGE0_FIXTURES)')
const fixture = (name: string) => join(fixtures ?? '', name)

const apply = (repository: string, { uri, name }: TestDatabase) =>
  stage0(['apply', '--yes', '--load-test-data', '--repository', repository, '--uri', uri, '--database', name])

/** Applies a repository, compares the database with the verified one, and applies again. */
async function expectVerified(name: string, repository: string): Promise<void> {
  const database = await testDatabase()
  const first = await apply(repository, database)
  expect([first.code, first.stderr]).toEqual([0, expect.any(String)])

  const verified = await verifiedDatabase(fixture(name))
  expect(await database.collections()).toEqual([...verified.keys()].sort())
  for (const [collection, documents] of verified) {
    const compared = comparable(collection, await database.documents(collection), documents)
    expect(compared.actual, collection).toEqual(compared.verified)
  }

  const before = await database.everything()
  const second = await apply(repository, database)
  expect([second.code, second.stdout]).toEqual([0, expect.stringContaining('Nothing to do')])
  expect(await database.everything()).toEqual(before)
}

describe.skipIf(fixtures === undefined)('conformance: apply', () => {
  it.each(['passing_template', 'passing_empty'])(
    '%s gives the verified database, and a second run changes nothing',
    async (name) => {
      await expectVerified(name, fixture(name))
    },
  )

  it('passing_process is refused before anything is changed: its data collide on a unique index', async () => {
    const database = await testDatabase()
    const ended = await apply(fixture('passing_process'), database)
    expect([ended.code, ended.stderr]).toEqual([4, expect.stringMatching(/nameIndex/)])
    expect(await database.collections()).toEqual([])
  })

  it('passing_process without that option gives the verified database, and a second run changes nothing', async () => {
    const repository = await copyOf(fixture('passing_process'))
    await replaceIn(
      repository,
      'configurations/user.yaml',
      'userName: 1\n    options:\n      unique: true',
      'userName: 1\n    options:\n      unique: false',
    )
    await expectVerified('passing_process', repository)
  })

  it.each([
    {
      name: 'failing_refs',
      named: ['circular_ref', 'missing_ref', 'missing_type', 'test_data', 'test_migrations'].map((file) => `${file}`),
    },
    {
      name: 'failing_not_parsable',
      named: [
        'configurations/invalid_configuration.yaml:',
        'dictionaries/invalid_dictionary.yaml:',
        'enumerators/invalid_enumerators.yaml:',
        'migrations/invalid_migrations.json:',
        'test_data/invalid_test_data.json:',
      ],
    },
  ])('$name ends with 4, names each broken file, and changes nothing', async ({ name, named }) => {
    const database = await testDatabase()
    const ended = await apply(fixture(name), database)
    expect(ended.code).toBe(4)
    for (const file of named) expect(ended.stdout + ended.stderr).toContain(file)
    expect(await database.collections()).toEqual([])
  })

  it('failing_refs lists the chain of its circular reference', async () => {
    const ended = await stage0(['check', '--repository', fixture('failing_refs'), '--json'])
    expect(ended.code).toBe(4)
    expect(ended.stdout).toMatch(/circular_ref.*circular_ref/)
  })
})
