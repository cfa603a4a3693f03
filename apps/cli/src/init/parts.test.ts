import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { templateFolder } from '../wiring/sample.ts'
import { fill } from './fill.ts'
import { planFiles, type Choices } from './plan-files.ts'
import { actionOf, imageOf, isProject, PACKAGE, PROJECT } from './published.ts'

const CHOICES: Choices = {
  name: 'shop',
  database: 'shop_data',
  project: 'acme/stage0',
  sample: true,
  docker: true,
  compose: true,
  workflow: true,
}
const files = new Map(planFiles(CHOICES, '1.2.3').map(({ path, text }) => [path, text]))
const textOf = (path: string): string => files.get(path) ?? ''
/** All that init could write, of whatever choice. */
const everything = [true, false].flatMap((flag) =>
  planFiles({ ...CHOICES, sample: flag, docker: flag, compose: flag, workflow: flag }, '1.2.3'),
)

// That each compose file is one by the specification, and sets what there is, is shown for all of the project: docker/compose.test.ts.
describe('the compose file of a new repository', () => {
  const compose = load(textOf('compose.yaml')) as { readonly name: unknown; readonly services: object }

  it('has the database and the console for work, and a batch job that waits to be asked for', () => {
    expect([compose.name, Object.keys(compose.services)]).toEqual(['shop', ['mongodb', 'stage0', 'batch']])
    expect(compose.services).toMatchObject({
      stage0: { image: 'ghcr.io/acme/stage0:1.2.3', volumes: ['.:/input:ro'] },
      batch: { image: 'ghcr.io/acme/stage0-batch:1.2.3', profiles: ['batch'], volumes: ['.:/input:ro'] },
    })
  })
})

describe('the workflow of a new repository', () => {
  const workflow = load(textOf('.github/workflows/stage0.yml')) as {
    readonly on: unknown
    readonly permissions: unknown
    readonly jobs: Readonly<
      Record<
        string,
        { readonly steps: readonly { readonly uses: string; readonly with?: Readonly<Record<string, unknown>> }[] }
      >
    >
  }
  const steps = workflow.jobs['plan']?.steps ?? []

  it('runs on pull requests, with no more rights than a comment needs', () => {
    expect(workflow.on).toEqual({ pull_request: null })
    expect(workflow.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' })
  })

  it('uses the action of Stage0 with inputs that it has', () => {
    const action = load(readFileSync(new URL('../../../../action/action.yml', import.meta.url), 'utf8')) as {
      readonly inputs: Readonly<Record<string, unknown>>
    }
    const step = steps.find(({ uses }) => uses === 'acme/stage0/action@v1.2.3')
    expect(step).toBeDefined()
    for (const name of Object.keys(step?.with ?? {})) expect(Object.keys(action.inputs)).toContain(name)
  })
})

describe('a new repository inside of a git repository', () => {
  const tree = { root: '/work', path: "data/bob's" }
  const made = new Map(planFiles(CHOICES, '1.2.3', tree).map(({ path, text }) => [path, text]))

  it('has a workflow for its own folder, and no other file than elsewhere', () => {
    const folderOf = (text = '') => /repository: (.*)/.exec(text)?.[1]
    expect(folderOf(made.get('.github/workflows/stage0.yml'))).toBe("'data/bob''s'")
    expect(folderOf(textOf('.github/workflows/stage0.yml'))).toBe("'.'")
    expect([...made.keys()]).toEqual([...files.keys()])
  })

  it('makes no second git repository', () => {
    expect(made.get('README.md')).not.toContain('git init')
    expect(textOf('README.md')).toContain('git init')
  })
})

describe('the Dockerfile of a new repository', () => {
  it('is three lines from our image, as the project packages its own', () => {
    const lines = textOf('Dockerfile').trimEnd().split('\n')
    expect(lines).toHaveLength(3)
    expect(lines[0]).toBe('FROM ghcr.io/acme/stage0:1.2.3')
    const ours = readFileSync(new URL('../../../../docker/repository.Dockerfile', import.meta.url), 'utf8')
    for (const line of lines.slice(1)) expect(ours.split('\n')).toContain(line)
  })

  it('packages what is read, and neither records nor plans', () => {
    const ignored = textOf('.dockerignore').trimEnd().split('\n')
    expect(ignored).toEqual(expect.arrayContaining(['.git', '.stage0', 'plan.json']))
    for (const folder of [
      'configurations',
      'dictionaries',
      'types',
      'enumerators',
      'migrations',
      'test_data',
      'api_config',
    ])
      expect(ignored).not.toContain(folder)
  })
})

describe('the place of Stage0', () => {
  it('is one that nobody else can register, until the project has its own', () => {
    expect(isProject(PROJECT)).toBe(true)
    expect(PROJECT).toMatch(/^[a-z]+--/)
    expect([imageOf(PROJECT), actionOf(PROJECT, '1.2.3')]).toEqual([`ghcr.io/${PROJECT}`, `${PROJECT}/action@v1.2.3`])
  })

  it('names the package of the command as it is published', () => {
    const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
    expect((JSON.parse(manifest) as { readonly name: unknown }).name).toBe(PACKAGE)
  })

  it.each([
    '',
    'acme',
    'Acme/stage0',
    'acme/stage0/',
    '../stage0',
    'acme/st age',
    "acme/'x",
    'acme//x',
    '@acme/x',
    'a/b:c',
  ])('is never %j', (project) => expect(isProject(project)).toBe(false))
})

describe('what init writes', () => {
  it('has no placeholder left', () => {
    expect(everything.filter(({ text }) => text.includes('@@'))).toEqual([])
  })

  it('has placeholders in quotes wherever quotes decide how a name is read', () => {
    const folder = templateFolder('init')
    const trees = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    const yaml = trees.filter((name) => /\.ya?ml$/.test(name))
    expect(yaml.length).toBeGreaterThan(2)
    for (const name of yaml)
      for (const line of readFileSync(`${folder}/${name}`, 'utf8').split('\n'))
        if (line.includes('@@')) expect(line, name).toMatch(/^[^']*'[^']*@@[^']*'$/)
  })

  it('refuses a placeholder that means nothing, and looks at no value twice', () => {
    const values = {
      NAME: '@@VERSION@@',
      DATABASE: "a'b",
      VERSION: '1',
      PACKAGE: 'p',
      IMAGE: 'i',
      ACTION: 'a',
      FOLDER: '.',
    }
    expect(() => fill('x.txt', '@@NAMES@@', values)).toThrow('x.txt has a placeholder without a value: @@NAMES@@')
    expect(() => fill('x.txt', '@@CONSTRUCTOR@@', values)).toThrow('without a value')
    expect(fill('x.txt', '@@NAME@@', values)).toBe('@@VERSION@@')
    expect(fill('x.yaml', "'@@DATABASE@@'", values)).toBe("'a''b'")
    expect(fill('x.json', '"@@DATABASE@@"', { ...values, DATABASE: 'a"\\' })).toBe('"a\\"\\\\"')
  })

  it('comes whole with the published package, where npm leaves out files such as .gitignore', async () => {
    const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: templateFolder('.'),
    })
    const packed = (JSON.parse(stdout) as [{ readonly files: readonly { readonly path: string }[] }])[0].files
    const there = ['init', 'sample'].flatMap((name) =>
      readdirSync(templateFolder(name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => `${entry.parentPath}/${entry.name}`.slice(templateFolder('.').length + 1)),
    )
    expect(packed.map(({ path }) => path)).toEqual(expect.arrayContaining(there))
  })
})
