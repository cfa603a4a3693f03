import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { testDatabase, type Document, type TestDatabase } from './testing/test-database.ts'
import { stage0 } from './testing/run-command.ts'
import { copyOf, replaceIn, SAMPLE } from './testing/temporary-folder.ts'

const apply = ({ uri, name }: TestDatabase, repository = SAMPLE, ...more: readonly string[]) =>
  stage0(['apply', '--yes', '--repository', repository, '--uri', uri, '--database', name, ...more])

/** The sample as it was before its second version. */
async function firstVersionOnly(): Promise<string> {
  const repository = await copyOf(SAMPLE)
  for (const name of ['user', 'organization']) {
    const file = join(repository, 'configurations', `${name}.yaml`)
    const [head = '', first = ''] = (await readFile(file, 'utf8')).split(/^(?= {2}- version)/m)
    await writeFile(file, `${head}${first}`)
  }
  return repository
}

async function validatorOf(database: TestDatabase, name: string): Promise<Document> {
  const reply = await database.run({ listCollections: 1, filter: { name } })
  const { cursor } = reply as { cursor: { firstBatch: { options: Document }[] } }
  return cursor.firstBatch[0]?.options ?? {}
}

describe('apply', () => {
  it('leaves the validator in force when a run fails (W-04)', async () => {
    const database = await testDatabase()
    expect((await apply(database, await firstVersionOnly())).code).toBe(0)
    const before = await validatorOf(database, 'user')
    expect(before['validator']).toBeDefined()
    // A name that is no string makes the migration's $concat fail.
    const document = { first_name: 1, last_name: 'x' }
    await database.run({ insert: 'user', documents: [document], bypassDocumentValidation: true })

    const failed = await apply(database)
    expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining('user_display_name.json')])
    expect(await validatorOf(database, 'user')).toEqual(before)
  })

  it('lets one of two runs change a database; the other one is told who does (W-11)', async () => {
    const database = await testDatabase()
    const ended = await Promise.all([apply(database), apply(database)])
    const codes = ended.map(({ code }) => code)
    expect(codes).toContain(0)
    expect(codes.every((code) => code === 0 || code === 3 || code === 6)).toBe(true)
    expect((await apply(database)).code).toBe(0)
    expect(await database.documents('CollectionVersions')).toHaveLength(2)
  })

  it('keeps a history: which version, by whom, when, with which tool (W-15)', async () => {
    const database = await testDatabase()
    await apply(database)
    const history = await database.documents('stage0_history')
    expect(history.map(({ collection, version }) => `${String(collection)} ${String(version)}`).sort()).toEqual([
      'organization 1.0.0.1',
      'organization 1.1.0.2',
      'user 1.0.0.1',
      'user 1.1.0.2',
    ])
    expect(history[0]).toMatchObject({
      applied_by: expect.any(String) as string,
      tool_version: expect.any(String) as string,
      run_id: expect.any(String) as string,
    })
  })

  it('honours the validation level and action of a version (W-17)', async () => {
    const database = await testDatabase()
    const repository = await copyOf(SAMPLE)
    await replaceIn(
      repository,
      'configurations/organization.yaml',
      '- version: 1.1.0.2\n',
      '- version: 1.1.0.2\n    validation: { level: strict, action: warn }\n',
    )
    expect((await apply(database, repository)).code).toBe(0)
    expect(await validatorOf(database, 'organization')).toMatchObject({
      validationLevel: 'strict',
      validationAction: 'warn',
    })
    expect(await validatorOf(database, 'user')).toMatchObject({
      validationLevel: 'moderate',
      validationAction: 'error',
    })
  })

  it('closes its connections (W-19)', async () => {
    const database = await testDatabase()
    const connections = async () =>
      ((await database.run({ serverStatus: 1 })) as { connections: { current: number } }).connections.current
    const before = await connections()
    await apply(database)
    expect(await connections()).toBe(before)
  })

  it('checks test data against a unique index before it builds it (W-02)', async () => {
    const database = await testDatabase()
    const repository = await copyOf(SAMPLE)
    await replaceIn(repository, 'test_data/organization.1.0.0.1.json', '"slug": "old-mill"', '"slug": "harbour-choir"')
    const ended = await apply(database, repository, '--load-test-data')
    expect([ended.code, ended.stderr]).toEqual([4, expect.stringContaining('slugIndex')])
    expect(await database.collections()).toEqual([])
  })
})
