import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { testDatabase, type TestDatabase } from './testing/test-database.ts'
import { stage0, type Ended } from './testing/run-command.ts'
import { copyOf, replaceIn, SAMPLE, temporaryFolder } from './testing/temporary-folder.ts'

/** A failure is a sentence with a code, never a stack. */
function expectRefusal(ended: Ended, exit: number, code: string): void {
  expect(ended.stdout + ended.stderr).toContain(code)
  expect(ended.stdout + ended.stderr).not.toMatch(/\n\s+at .*\.(ts|js):\d+/)
  expect(ended.code).toBe(exit)
}

const apply = (repository: string, { uri, name }: Pick<TestDatabase, 'uri' | 'name'>, ...more: readonly string[]) =>
  stage0(['apply', '--yes', '--load-test-data', '--repository', repository, '--uri', uri, '--database', name, ...more])

/** A port of this machine on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

describe('a repository that cannot be used', () => {
  it('is not there: exit 4', async () => {
    expectRefusal(await stage0(['check', '--repository', 'nowhere']), 4, 'REPOSITORY_NOT_FOUND')
  })

  it('is a folder without any of the known sub-folders: exit 4', async () => {
    expectRefusal(await stage0(['check', '--repository', await temporaryFolder()]), 4, 'REPOSITORY_EMPTY')
  })

  it('may not be read: exit 4', async () => {
    const folder = await copyOf(SAMPLE)
    await chmod(folder, 0)
    onTestFinished(() => chmod(folder, 0o700))
    const ended = await stage0(['check', '--repository', folder], { obeyPermissions: true })
    expectRefusal(ended, 4, 'FILE_UNREADABLE')
  })

  it('holds a data file above MAX_FILE_MB: exit 4, and nothing is changed', async () => {
    const folder = await copyOf(SAMPLE)
    await writeFile(join(folder, 'test_data', 'user.1.0.0.1.json'), `[${' '.repeat(1_200_000)}]`)
    const database = await testDatabase()
    const ended = await stage0(
      ['apply', '--yes', '--repository', folder, '--uri', database.uri, '--database', database.name],
      {
        environment: { MAX_FILE_MB: '1' },
      },
    )
    expectRefusal(ended, 4, 'FILE_TOO_LARGE')
    expect(await database.collections()).toEqual([])
  })

  it('holds aliases that would expand without bound: exit 4', async () => {
    const folder = await copyOf(SAMPLE)
    const levels = Array.from(
      { length: 30 },
      (_, level) => `l${level + 1}: &l${level + 1} [*l${level}, *l${level}, *l${level}, *l${level}]`,
    )
    await writeFile(join(folder, 'types', 'bomb.yaml'), ['l0: &l0 [a, b]', ...levels, 'root: *l30', ''].join('\n'))
    expectRefusal(await stage0(['check', '--repository', folder]), 4, 'types/bomb.yaml')
  })

  it('names a file outside of it: exit 4', async () => {
    const folder = await copyOf(SAMPLE)
    await replaceIn(folder, 'configurations/user.yaml', 'test_data: user.1.0.0.1.json', 'test_data: ../../secret.json')
    expectRefusal(await stage0(['check', '--repository', folder]), 4, '../../secret.json')
  })

  it('holds a symbolic link that leaves it: exit 4', async () => {
    const folder = await copyOf(SAMPLE)
    const outside = join(await temporaryFolder(), 'word.yaml')
    await writeFile(outside, 'root: {name: word, type: simple, schema: {type: string}}\n')
    await rm(join(folder, 'types', 'email.yaml'))
    await symlink(outside, join(folder, 'types', 'email.yaml'))
    expectRefusal(await stage0(['check', '--repository', folder]), 4, 'types/email.yaml')
  })

  it('is a file: exit 4', async () => {
    const file = join(await temporaryFolder(), 'file')
    await writeFile(file, '')
    expectRefusal(await stage0(['check', '--repository', file]), 4, 'REPOSITORY_NOT_FOUND')
  })
})

describe('a database that cannot be used', () => {
  it('does not answer: exit 7', async () => {
    const uri = `mongodb://127.0.0.1:${await closedPort()}/?serverSelectionTimeoutMS=300`
    expectRefusal(await apply(SAMPLE, { uri, name: 'shop' }), 7, 'TARGET_UNREACHABLE')
  })

  it('does not know the password: exit 7, and the password is not shown', async () => {
    const database = await testDatabase({ users: [{ user: 'ada', password: 'right-one', roles: ['root'] }] })
    const ended = await apply(SAMPLE, { ...database, uri: database.uriFor('ada', 'wrong-one') })
    expectRefusal(ended, 7, 'TARGET_AUTHENTICATION_FAILED')
    expect(ended.stdout + ended.stderr).not.toContain('wrong-one')
  })

  it('does not permit what is needed: exit 7, before anything is changed', async () => {
    const database = await testDatabase({
      users: [
        { user: 'reader', password: 'reader-secret', roles: [{ role: 'read', db: 'shop' }] },
        { user: 'ada', password: 'ada-secret', roles: ['root'] },
      ],
    })
    const ended = await apply(SAMPLE, { ...database, uri: database.uriFor('reader', 'reader-secret') })
    expect(ended.stdout + ended.stderr).not.toContain('reader-secret')
    expect(ended.code).toBe(7)
    expect(await database.collections()).toEqual([])
  })

  it('holds an index of that name with other options: refused as unsafe, nothing half done', async () => {
    const database = await testDatabase()
    await database.run({ createIndexes: 'user', indexes: [{ name: 'emailIndex', key: { email: -1 } }] })
    const before = await database.collections()
    const ended = await apply(SAMPLE, database)
    expectRefusal(ended, 6, 'INDEX_CONFLICT')
    expect(await database.collections()).toEqual(before)
  })

  it('holds two version documents for one collection: told before anything else (W-09)', async () => {
    const database = await testDatabase()
    const documents = ['user.1.0.0.1', 'user.1.1.0.2'].map((current_version) => ({
      collection_name: 'user',
      current_version,
    }))
    await database.run({ insert: 'CollectionVersions', documents })
    const ended = await apply(SAMPLE, database)
    expect(ended.stdout + ended.stderr).toContain('user.1.0.0.1')
    expect(ended.code).toBe(6)
    expect(await database.collections()).toEqual(['CollectionVersions'])
  })
})

describe('a file that the plan cannot be written to', () => {
  it('is a usage error, and leaves nothing behind', async () => {
    const database = await testDatabase()
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'taken'))
    const args = ['plan', '--repository', SAMPLE, '--uri', database.uri, '--out', 'taken']
    expectRefusal(await stage0(args, { folder }), 64, 'OUTPUT_NOT_WRITABLE')
  })
})
