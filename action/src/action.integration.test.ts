import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startEmbedded } from '@stage0/embedded'
import { codeHost, type CodeHost } from './testing/code-host.ts'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const COMMAND = at('../../apps/cli/dist/main.js')
const SAMPLE = at('../../packages/templates/sample')

/** A checkout as a job for a pull request has it: the merge of a change into the base. */
function checkout(change: (repository: string) => void, base: (repository: string) => void = () => {}) {
  const root = mkdtempSync(join(tmpdir(), 'stage0-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const workspace = join(root, 'checkout')
  const repository = join(workspace, 'db')
  const git = (...args: string[]): string => {
    const identity = ['-c', 'user.name=A', '-c', 'user.email=a@b.test', '-c', 'commit.gpgsign=false']
    const { status, stdout, stderr } = spawnSync('git', [...identity, ...args], { cwd: workspace, encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
    return stdout.trim()
  }
  const commit = (message: string): string => {
    git('add', '--all')
    git('commit', '--quiet', '--allow-empty', '--message', message)
    return git('rev-parse', 'HEAD')
  }
  mkdirSync(workspace)
  git('init', '--quiet', '--initial-branch=main')
  commit('nothing yet')
  cpSync(SAMPLE, repository, { recursive: true })
  base(repository)
  const before = commit('base')
  git('checkout', '--quiet', '-b', 'change')
  change(repository)
  const head = commit('change')
  git('checkout', '--quiet', '--detach', before)
  git('merge', '--quiet', '--no-ff', '--no-edit', 'change')
  return { root, workspace, repository, before, head, git }
}

interface Ran {
  readonly code: number | null
  readonly log: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
}

/** Runs the step as the runner does: inputs and what happened in its environment. */
async function act(
  { root, workspace, before, head: sha }: ReturnType<typeof checkout>,
  host: CodeHost,
  { inputs = {}, fork = false }: { inputs?: Readonly<Record<string, string>>; fork?: boolean } = {},
): Promise<Ran> {
  const [event, output, summary] = ['event.json', 'output', 'summary.md'].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ]
  const head = { sha, repo: { full_name: fork ? 'somebody/name' : 'owner/name' } }
  // The event names an older commit than the merge was made with.
  const pull = {
    number: 7,
    title: '`$(id)` <b>',
    base: { sha: '0'.repeat(39) + '1', repo: { full_name: 'owner/name' } },
    head,
  }
  writeFileSync(event, JSON.stringify({ pull_request: pull }))
  writeFileSync(output, '')
  writeFileSync(summary, '')
  const env = {
    ...{ PATH: process.env['PATH'], HOME: root, GIT_CONFIG_NOSYSTEM: '1' },
    ...{ GITHUB_WORKSPACE: workspace, RUNNER_TEMP: join(root, 'temp'), GITHUB_REPOSITORY: 'owner/name' },
    ...{ GITHUB_EVENT_PATH: event, GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary, GITHUB_API_URL: host.url },
    ...{ GITHUB_RUN_ID: '100', GITHUB_RUN_ATTEMPT: '1' },
    ...{ ACTION_REPOSITORY: 'db', ACTION_COMMAND: COMMAND, ACTION_TOKEN: 'the-token' },
    // None of it may lead the plan to another database than the one that the step starts.
    ...{ MONGO_CONNECTION_STRING: 'mongodb://127.0.0.1:1/', ENVIRONMENT_NAME: 'production' },
    ...inputs,
  }
  const child = spawn(process.execPath, [at('main.mjs')], { cwd: workspace, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (log += text))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  expect(before).toMatch(/^[0-9a-f]{40}$/)
  const blocks = readFileSync(output, 'utf8').matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n?\2\n/gm)
  const outputs = Object.fromEntries([...blocks].map(([, name = '', , value = '']) => [name, value]))
  return { code, log, outputs, summary: readFileSync(summary, 'utf8') }
}

const edit = (repository: string, path: string, from: string, to: string): void => {
  const file = join(repository, path)
  const text = readFileSync(file, 'utf8')
  if (text.split(from).length !== 2) throw new Error(`${path} does not hold exactly once: ${from}`)
  writeFileSync(file, text.replace(from, to))
}
/** A file of settings of the repository. */
const setting = (repository: string, name: string, value: string): void => {
  mkdirSync(join(repository, 'api_config'), { recursive: true })
  writeFileSync(join(repository, 'api_config', name), value)
}
/** A new version of the users, which makes an index. */
const addVersion = (repository: string): void => {
  cpSync(join(repository, 'dictionaries/user.1.1.0.yaml'), join(repository, 'dictionaries/user.1.1.1.yaml'))
  edit(
    repository,
    'configurations/user.yaml',
    '    test_data: user.1.1.0.2.json\n',
    '    test_data: user.1.1.0.2.json\n  - version: 1.1.1.2\n    add_indexes:\n      - name: newIndex\n        key: { role: 1 }\n',
  )
}

describe('the action on a pull request', () => {
  it('says what the pull request changes, and writes its comment anew at the next push', async () => {
    const place = checkout(addVersion)
    const host = await codeHost()
    const first = await act(place, host)
    expect(first.log).not.toContain('::error')
    expect(first.code).toBe(0)
    expect(first.outputs).toMatchObject({ errors: '0', refused: 'false', 'comment-url': `${host.url}/comment/1` })
    const body = host.comments[0]?.body ?? ''
    expect(body).toMatch(/^<!-- stage0 plan [0-9a-f]{16} -->\n<!-- run 100\.1 -->\nCommit `/)
    expect(body).toContain(`\nCommit \`${place.head.slice(0, 12)}\`: planned from the files of the base branch (`)
    expect(body).toContain(`(\`${place.before.slice(0, 12)}\`), applied to an embedded database with their test data`)
    expect(body).toContain('newIndex')
    // What the base has already is not told again.
    expect(body).not.toMatch(/slugIndex|\| organization \|/)
    expect(body).toContain('1 collection stays as it is.')
    expect(body).toContain(first.summary.trim())
    expect(JSON.parse(readFileSync(first.outputs['sarif'] ?? '', 'utf8'))).toMatchObject({ version: '2.1.0' })
    expect(place.git('worktree', 'list').split('\n')).toHaveLength(1)

    await act(place, host)
    expect(host.comments).toHaveLength(1)
    expect(host.requests.at(-2)).toBe('PATCH /repos/owner/name/issues/comments/1')

    // Neither an earlier run that ends later, nor one that makes no plan, leaves a plan there as if it were current.
    const earlier = await act(place, host, { inputs: { GITHUB_RUN_ID: '99' } })
    expect(earlier.log).toContain('::notice::A later run has written the comment')
    const uri = 'mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200'
    const failed = { GITHUB_RUN_ID: '101', ACTION_URI: uri, ENVIRONMENT_NAME: '', MONGO_DB_NAME: '' }
    const { code, log, summary } = await act(place, host, { inputs: failed })
    expect([code, host.comments.length]).toEqual([1, 1])
    const said = `Commit \`${place.head.slice(0, 12)}\`: there is no plan. With \`uri\` the workflow names the database too`
    expect(host.comments[0]?.body).toContain(`<!-- run 101.1 -->\n${said}`)
    expect(summary).toContain(said)
    expect(log).toContain('::error title=Stage0::With `uri` the workflow names the database too, by `database`')
  })

  it('fails on errors, with each at its line, and says that there is no plan', async () => {
    const place = checkout((repository) => writeFileSync(join(repository, 'types/odd.yaml'), 'title: [\n'))
    const host = await codeHost()
    const { code, log, outputs, summary } = await act(place, host)
    expect(code).toBe(1)
    expect(log).toMatch(/^::error file=db\/types\/odd\.yaml,line=2,col=\d+,title=YAML_SYNTAX::This is not YAML/m)
    expect(outputs).toMatchObject({ errors: '1', refused: '', steps: '' })
    expect(summary).toMatch(
      /^Commit `[0-9a-f]{12}`: no plan is made while the check finds errors\.\n\n## 1 error\n\n- \*\*error\*\* `YAML_SYNTAX`/,
    )
    expect(readFileSync(outputs['sarif'] ?? '', 'utf8')).toContain('"uri": "db/types/odd.yaml"')
    expect(host.comments[0]?.body).toContain('## 1 error')
  })

  it('says what is wrong with a setting of the pull request, at its file', async () => {
    const place = checkout((repository) => setting(repository, 'DICTIONARY_FOLDER', '../x'))
    const host = await codeHost()
    const { code, log, outputs, summary } = await act(place, host)
    expect(code).toBe(1)
    const file = 'db/api_config/DICTIONARY_FOLDER'
    expect(log).toMatch(
      /^::error file=db\/api_config\/DICTIONARY_FOLDER,title=SETTING_INVALID::DICTIONARY_FOLDER is "/m,
    )
    expect(outputs).toMatchObject({ errors: '1', warnings: '0', refused: '', steps: '' })
    expect(summary).toMatch(
      /: no plan is made while the check finds errors\.\n\n## 1 error\n\n- \*\*error\*\* `SETTING_INVALID`/,
    )
    expect(readFileSync(outputs['sarif'] ?? '', 'utf8')).toContain(`"uri": "${file}"`)
    expect(host.comments[0]?.body).toContain('## 1 error')
  })

  it('reads nothing outside of the checkout, where the pull request makes a link of the folder', async () => {
    const place = checkout((repository) => {
      const outside = join(repository, '../../outside')
      cpSync(repository, outside, { recursive: true })
      writeFileSync(join(outside, 'types/odd.yaml'), 'private: [\n')
      rmSync(repository, { recursive: true })
      symlinkSync(outside, repository)
    })
    const host = await codeHost()
    const { code, log, summary } = await act(place, host)
    expect(code).toBe(1)
    expect(summary).toContain(': there is no plan. The folder of the repository leads out of the checkout.')
    expect(log).not.toContain('odd.yaml')
  })

  it('goes on without a comment for a fork, says so, and has the plan in the summary', async () => {
    const place = checkout(addVersion)
    const host = await codeHost()
    host.answers.push(() => undefined, { status: 403 })
    const { code, log, summary, outputs } = await act(place, host, { fork: true })
    expect(log).toContain('::notice title=Stage0::A pull request from a fork may not be commented on by this job: ')
    expect(outputs['comment-url']).toBe('')
    expect(summary).toMatch(/^Commit `[0-9a-f]{12}`: planned from the files of the base branch/)
    expect([host.comments, code]).toEqual([[], 0])
  })

  it('makes no comment where nothing changes, and none where that is not wanted', async () => {
    const place = checkout((repository) => writeFileSync(join(repository, '..', 'README.md'), 'words'))
    const host = await codeHost()
    const { code, outputs, summary } = await act(place, host)
    expect([code, outputs['steps'], host.comments]).toEqual([0, '0', []])
    expect(summary).toContain('## Nothing to do for review')
    await act(place, host, { inputs: { ACTION_COMMENT: 'false' } })
    expect(host.requests.filter((line) => !line.startsWith('GET'))).toEqual([])
    expect(host.requests).toHaveLength(1)
  })

  it('plans for an empty database where the base has no such folder, or cannot be applied', async () => {
    const host = await codeHost()
    const other = checkout((repository) => cpSync(repository, join(repository, '..', 'new'), { recursive: true }))
    const without = await act(other, host, { inputs: { ACTION_REPOSITORY: 'new' } })
    expect(without.summary).toMatch(
      /: planned for an empty embedded database, since the base branch has no such folder\./,
    )
    const broken = checkout(
      (repository) => rmSync(join(repository, 'types/odd.yaml')),
      (repository) => writeFileSync(join(repository, 'types/odd.yaml'), 'title: [\n'),
    )
    const mended = await act(broken, host)
    expect(mended.summary).toMatch(
      /: planned for an empty embedded database, since the files of the base branch cannot/,
    )
    expect(mended.log).toMatch(/::stop-commands::[\s\S]*YAML_SYNTAX/)
    expect([without.code, mended.code]).toEqual([0, 0])
  })

  it('plans against the database that the workflow names, and shows none of its stored values', async () => {
    const server = await startEmbedded()
    onTestFinished(() => server.close())
    const place = checkout((repository) => setting(repository, 'ENVIRONMENT_NAME', 'of the pull request'))
    const host = await codeHost()
    const inputs = { ACTION_URI: server.uri, ACTION_DATABASE: 'shop', ENVIRONMENT_NAME: 'test' }
    const { code, outputs, summary } = await act(place, host, { inputs })
    expect([code, outputs['refused']]).toEqual([0, 'false'])
    expect(Number(outputs['steps'])).toBeGreaterThan(5)
    expect(summary).toMatch(/^Commit `[0-9a-f]{12}`: planned against the database that the workflow names\./)
    expect(summary).toContain('environment test')
    const unnamed = { ...inputs, ENVIRONMENT_NAME: '' }
    expect((await act(place, host, { inputs: unnamed })).summary).toContain('environment local')
    expect(summary + JSON.stringify(host.comments)).not.toContain(server.uri)
  })

  it('takes from a file of the pull request neither which database is read nor that it is read without TLS', async () => {
    const place = checkout((repository) => {
      setting(repository, 'MONGODB_REQUIRE_TLS', 'false')
      setting(repository, 'MONGO_DB_NAME', 'salaries')
    })
    const host = await codeHost()
    const elsewhere = { ACTION_URI: 'mongodb://database.invalid/?serverSelectionTimeoutMS=200', MONGO_DB_NAME: 'shop' }
    const { code, log } = await act(place, host, { inputs: elsewhere })
    expect(code).toBe(1)
    expect(log).toMatch(/::stop-commands::[\s\S]*TLS_REQUIRED/)
    const server = await startEmbedded()
    onTestFinished(() => server.close())
    const { summary } = await act(place, host, { inputs: { ACTION_URI: server.uri, MONGO_DB_NAME: 'shop' } })
    expect(summary).toContain('for shop on')
  })

  it('fails with one sentence where the database cannot be reached', async () => {
    const place = checkout(() => {})
    const host = await codeHost()
    const { code, log } = await act(place, host, {
      inputs: { ACTION_URI: 'mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200', ACTION_DATABASE: 'shop' },
    })
    expect(code).toBe(1)
    expect(log).toContain('::error title=Stage0::No plan could be made: the command ended with 7.')
  })
})
