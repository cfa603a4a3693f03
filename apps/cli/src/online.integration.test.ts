import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { stage0, startStage0 } from './testing/run-command.ts'
import { copyOf, SAMPLE } from './testing/temporary-folder.ts'
import { testDatabase, type TestDatabase } from './testing/test-database.ts'

const USERS = 300
let database: TestDatabase
let args: (verb: string, ...more: readonly string[]) => string[]
let connection: string[]

/** The sample at the first version of its users, 300 more of them, one that no version accepts; the second version is pending. */
async function begin(skip: (condition: boolean, note: string) => void): Promise<void> {
  database = await testDatabase({ replicaSet: 'rs0' })
  const hello = await database.run({ hello: 1 })
  const isStandalone = hello['setName'] === undefined && hello['msg'] !== 'isdbgrid'
  skip(isStandalone, 'the given server is standalone: it has no transactions')
  const folder = await copyOf(SAMPLE)
  connection = ['--repository', folder, '--uri', database.uri, '--database', database.name]
  args = (verb, ...more) => [verb, ...connection, '--collections', 'user', ...more]
  const file = join(folder, 'configurations/user.yaml')
  const whole = await readFile(file, 'utf8')
  await writeFile(file, whole.slice(0, whole.indexOf('  - version: 1.1.0.2')))
  expect((await stage0(args('apply', '--yes', '--load-test-data'))).code).toBe(0)
  await writeFile(file, whole)
  const more = [
    { $limit: 1 },
    { $set: { k: { $range: [0, USERS] } } },
    { $unwind: '$k' },
    {
      $set: {
        _id: { $toObjectId: { $concat: ['6600000000000000000', { $toString: { $add: ['$k', 10_000] } }] } },
        email: { $concat: ['u', { $toString: '$k' }, '@x.example'] },
      },
    },
    { $unset: 'k' },
    { $merge: 'user' },
  ]
  await database.run({ aggregate: 'user', pipeline: more, cursor: {} })
  expect(await database.documents('user')).toHaveLength(USERS + 3)
  await database.run({ insert: 'user', documents: [{ _id: 'odd' }], bypassDocumentValidation: true })
}

const migrated = async () => (await database.documents('user')).filter((one) => one['display_name'] === 'Mira Okonkwo')

describe('a migration on a replica set', () => {
  it('runs online: planned so, paused, resumed, told with what does not match, and done', async ({ skip }) => {
    await begin(skip)
    const planned = await stage0(args('plan'))
    expect(planned.stdout).toContain('user into user, online: in ranges of documents by _id')
    expect(planned.stdout).toContain('MIGRATION_ONLINE')
    const running = startStage0(args('apply', '--yes', '--batch-size', '10', '--pause-ms', '400'))
    // The step is at work as soon as the step before it is told.
    await running.saying(/drop index nameIndex/)
    const paused = await stage0(['pause', ...connection])
    expect([paused.code, paused.stdout]).toEqual([0, expect.stringContaining('has been asked to wait')])
    await running.saying(/Paused; stage0 resume lets it go on\./)
    expect((await migrated()).length).toBeLessThan(USERS)
    const resumed = await stage0(['resume', ...connection, '--json'])
    expect(JSON.parse(resumed.stdout)).toMatchObject({ ok: true, state: 'asked', run: { status: 'running' } })
    const { code, stdout, stderr } = await running.ended
    expect([code, stdout]).toEqual([9, expect.stringContaining('Run succeeded with leftovers')])
    expect(stderr).toContain('1 document does not match')
    expect(stderr).toContain('_id "odd": ')
    expect(stderr).toContain('LEFTOVERS_FOUND')
    expect(await migrated()).toHaveLength(USERS + 1)
    expect((await stage0(['pause', ...connection])).stderr).toContain('there is no run to pause')
  }, 180_000)

  it('cancelled goes on with the next run where it stopped, and tells leftovers as JSON', async ({ skip }) => {
    await begin(skip)
    const running = startStage0(args('apply', '--yes', '--batch-size', '10', '--pause-ms', '400'))
    await running.saying(/drop index nameIndex/)
    running.child.kill('SIGINT')
    const first = await running.ended
    expect(first.code).toBe(8)
    const { code, stdout } = await stage0(args('apply', '--yes', '--json'))
    expect([code, JSON.parse(stdout)]).toEqual([
      9,
      expect.objectContaining({
        status: 'succeeded_with_leftovers',
        leftovers: [expect.objectContaining({ collection: 'user', version: '1.1.0.2', count: 1 })],
      }),
    ])
    expect(await migrated()).toHaveLength(USERS + 1)
  }, 180_000)

  it.each([
    { option: '--batch-size', text: '0' },
    { option: '--pause-ms', text: 'soon' },
  ])('with $option $text is refused as wrong use', async ({ option, text }) => {
    const { code, stderr } = await stage0(['apply', '--yes', '--repository', SAMPLE, option, text])
    expect([code, stderr]).toEqual([64, expect.stringContaining('SETTING_INVALID')])
  })
})
