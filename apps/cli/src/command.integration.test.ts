import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { testDatabase } from './testing/test-database.ts'
import { stage0, startStage0 } from './testing/run-command.ts'
import { copyOf, replaceIn, SAMPLE, temporaryFolder } from './testing/temporary-folder.ts'

const VERBS = ['check', 'render', 'status', 'plan', 'apply', 'embedded', 'serve', 'start']

describe('the command line', () => {
  it.each([
    { args: ['aply'], hint: 'apply' },
    { args: ['check', '--repositry', 'x'], hint: '--repository' },
    { args: ['render', 'xml', 'user'], hint: 'json' },
    { args: ['embedded', '--port', 'http'], hint: 'from 0 to 65535' },
    { args: ['apply', '--wait', 'soon'], hint: 'Seconds' },
    { args: [], hint: 'Usage' },
  ])('$args is wrong use: exit 64, and says what was meant', async ({ args, hint }) => {
    const ended = await stage0(args)
    expect([ended.code, ended.stdout]).toEqual([64, ''])
    expect(ended.stderr).toContain(hint)
  })

  it.each(VERBS)('%s explains itself with examples', async (verb) => {
    const ended = await stage0([verb, '--help'])
    expect([ended.code, ended.stderr]).toEqual([0, ''])
    expect(ended.stdout).toMatch(/Examples:\n {2}\$ pnpm/)
  })

  it('says its version', async () => {
    expect((await stage0(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it('takes relative paths from where the person stands, not from where the script runs', async () => {
    const [elsewhere, here] = [await temporaryFolder(), await temporaryFolder()]
    await mkdir(join(here, 'repository'))
    await cp(SAMPLE, join(here, 'repository'), { recursive: true })
    const ended = await stage0(['check', '--repository', 'repository'], {
      folder: elsewhere,
      environment: { INIT_CWD: here },
    })
    expect([ended.code, ended.stdout]).toEqual([0, 'no problems\n'])
  })

  it('goes on when its reader goes away', async () => {
    const running = startStage0(['render', 'json', 'user', '--repository', SAMPLE])
    running.child.stdout?.destroy()
    expect((await running.ended).code).toBe(0)
  })

  it('prints colours only when told to, where nobody watches', async () => {
    const folder = await temporaryFolder()
    expect((await stage0(['check', '--repository', folder])).stdout).not.toContain('\u001b[')
    expect((await stage0(['check', '--repository', folder], { environment: { FORCE_COLOR: '1' } })).stdout).toContain(
      '\u001b[',
    )
  })
})

describe('check', () => {
  it('finds nothing in the sample', async () => {
    const ended = await stage0(['check', '--repository', SAMPLE])
    expect([ended.code, ended.stdout, ended.stderr]).toEqual([0, 'no problems\n', ''])
  })

  it('shows all problems of all files at once, as text, JSON and SARIF', async () => {
    const repository = await copyOf(SAMPLE)
    await replaceIn(repository, 'dictionaries/user.1.1.0.yaml', 'enums: user_role', 'enums: user_rule')
    await replaceIn(repository, 'dictionaries/organization.1.0.0.yaml', 'type: slug', 'type: slugg')
    const text = await stage0(['check', '--repository', repository])
    expect([text.code, text.stdout]).toEqual([
      4,
      expect.stringMatching(/dictionaries\/user\.1\.1\.0\.yaml:\d+:\d+ {2}error/),
    ])
    expect(text.stdout).toMatch(/dictionaries\/organization\.1\.0\.0\.yaml:\d+:\d+ {2}error/)

    const json = await stage0(['check', '--repository', repository, '--json'])
    const { ok, problems } = JSON.parse(json.stdout) as { ok: boolean; problems: { file: string }[] }
    expect([json.code, ok]).toEqual([4, false])
    expect(problems.map(({ file }) => file)).toEqual(
      expect.arrayContaining(['dictionaries/user.1.1.0.yaml', 'dictionaries/organization.1.0.0.yaml']),
    )

    const markdown = await stage0(['check', '--repository', repository, '--markdown', '--markdown-limit', '1024'])
    expect(markdown.code).toBe(4)
    expect(markdown.stdout).toMatch(/^## \d+ errors?[^\n]*\n\n- \*\*error\*\* `[A-Z_]+`/)
    const sarif = await stage0(['check', '--repository', repository, '--sarif'])
    expect(sarif.code).toBe(4)
    expect(JSON.parse(sarif.stdout)).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'stage0' } },
          originalUriBaseIds: { REPOSITORY: { uri: `${pathToFileURL(repository).href}/` } },
        },
      ],
    })
  })
})

describe('the reports of a check that cannot begin', () => {
  const wrong = async (): Promise<string> => {
    const repository = await copyOf(SAMPLE)
    await mkdir(join(repository, 'api_config'), { recursive: true })
    await writeFile(join(repository, 'api_config/TYPE_FOLDER'), '../types')
    return repository
  }
  const located = (uri: string) => ({ locations: [{ physicalLocation: { artifactLocation: { uri } } }] })

  it('name the file of a setting that cannot be used, as SARIF, JSON and Markdown', async () => {
    const repository = await wrong()
    const ask = (form: string) => stage0(['check', '--repository', repository, form])
    const [sarif, json, markdown] = await Promise.all(['--sarif', '--json', '--markdown'].map(ask))
    expect([sarif?.code, json?.code, markdown?.code]).toEqual([64, 64, 64])
    const base = { REPOSITORY: { uri: `${pathToFileURL(repository).href}/` } }
    const result = { ruleId: 'SETTING_INVALID', ...located('api_config/TYPE_FOLDER') }
    expect(JSON.parse(sarif?.stdout ?? '')).toMatchObject({ runs: [{ originalUriBaseIds: base, results: [result] }] })
    expect(JSON.parse(json?.stdout ?? '')).toMatchObject({ problems: [{ file: 'api_config/TYPE_FOLDER' }] })
    expect(markdown?.stdout).toMatch(/^## 1 error\n\n- \*\*error\*\* `SETTING_INVALID` api\\_config\/TYPE\\_FOLDER /)
  })

  it.each([
    ['REPOSITORY_NOT_FOUND', 'nowhere'],
    ['REPOSITORY_EMPTY', '.'],
  ])('name the folder where there is no file: %s', async (code, name) => {
    const folder = await temporaryFolder()
    const { code: exit, stdout } = await stage0(['check', '--repository', join(folder, name), '--sarif'])
    expect(exit).toBe(4)
    expect(JSON.parse(stdout)).toMatchObject({ runs: [{ results: [{ ruleId: code, ...located('.') }] }] })
  })
})

describe('render', () => {
  it('prints the newest version, or the one that is named', async () => {
    const newest = await stage0(['render', 'bson', 'user', '--repository', SAMPLE])
    expect(JSON.parse(newest.stdout)).toMatchObject({
      bsonType: 'object',
      properties: { _id: { bsonType: 'objectId' }, role: { enum: ['editor', 'member', 'owner'] } },
    })
    const first = await stage0(['render', 'json', 'user', '1.0.0.1', '--repository', SAMPLE])
    expect(JSON.parse(first.stdout)).toMatchObject({ type: 'object', properties: { first_name: { type: 'string' } } })
  })

  it('keeps the properties in declared order (W-32)', async () => {
    const { stdout } = await stage0(['render', 'bson', 'user', '--repository', SAMPLE])
    const { properties } = JSON.parse(stdout) as { properties: object }
    expect(Object.keys(properties)).toEqual([
      '_id',
      'display_name',
      'email',
      'organization_id',
      'status',
      'role',
      'logins',
      'created',
    ])
  })

  it.each([
    { args: ['people'], code: 'COLLECTION_UNKNOWN' },
    { args: ['user', '9.9.9.9'], code: 'VERSION_UNKNOWN' },
  ])('does not know $args: exit 64', async ({ args, code }) => {
    const ended = await stage0(['render', 'bson', ...args, '--repository', SAMPLE])
    expect([ended.code, ended.stderr]).toEqual([64, expect.stringContaining(code)])
  })
})

describe('embedded', () => {
  it('says where it listens, answers, and ends on a signal with 0', async () => {
    const running = startStage0(['embedded', '--memory', '--json'])
    await running.saying(/"uri":"mongodb:\/\/127\.0\.0\.1:\d+\/"/)
    running.child.kill('SIGTERM')
    expect((await running.ended).code).toBe(0)
  })

  it('says so when the port is taken: exit 64', async () => {
    const database = await testDatabase()
    const ended = await stage0(['embedded', '--port', new URL(database.uri).port])
    expect([ended.code, ended.stderr]).toEqual([64, expect.stringContaining('PORT_UNUSABLE')])
  })
})

describe('start', () => {
  it('configures an embedded database from the sample, shows it, and ends by itself without a terminal', async () => {
    const ended = await stage0(['start'])
    expect([ended.code, ended.stdout]).toEqual([0, expect.stringMatching(/organization[^]*user/)])
    expect(ended.stdout).toContain('1.1.0.2')
  })

  it('takes the repository that INPUT_FOLDER names, and stops at its problems', async () => {
    const repository = await copyOf(SAMPLE)
    await replaceIn(repository, 'dictionaries/user.1.1.0.yaml', 'enums: user_role', 'enums: user_rule')
    expect((await stage0(['start'], { environment: { INPUT_FOLDER: repository } })).code).toBe(4)
  })

  it('changes a database of somebody only with consent', async () => {
    const database = await testDatabase()
    const environment = { MONGO_CONNECTION_STRING: database.uri, MONGO_DB_NAME: database.name }
    expect((await stage0(['start'], { environment })).code).toBe(6)
    expect(await database.collections()).toEqual([])
    expect((await stage0(['start'], { environment: { ...environment, AUTO_PROCESS: 'true' } })).code).toBe(0)
    expect(await database.documents('user')).toEqual([])
  })
})
