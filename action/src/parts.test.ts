import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { annotations, type Problem } from './annotations.mjs'
import { inCheckout } from './check.mjs'
import { isWithin, readInputs } from './inputs.mjs'
import { command, output, quoted } from './log.mjs'
import { hostOf } from './plan.mjs'
import { forChildren } from './stage0.mjs'

describe('lines for the runner', () => {
  it('hold text of unknown origin as data', () => {
    expect(command('error', 'a\n::set-output name=x::y\r100%', { file: 'a,b:c\n.yaml', line: 3, col: undefined })).toBe(
      '::error file=a%2Cb%3Ac%0A.yaml,line=3::a%0A::set-output name=x::y%0D100%25',
    )
  })

  it('quote what a program prints, so that none of it is a command', () => {
    const lines = quoted('::error::mine\n').split('\n')
    const [, end] = /^::stop-commands::([0-9a-f-]{36})$/.exec(lines[0] ?? '') ?? []
    expect(lines).toEqual([`::stop-commands::${end}`, '::error::mine', `::${end}::`])
  })

  it('give an output to its end, whatever stands in it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stage0-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'output')
    output(file, 'plan', 'a\nEOF\nother=1')
    const [first = '', ...rest] = readFileSync(file, 'utf8').trimEnd().split('\n')
    expect(rest).toEqual(['a', 'EOF', 'other=1', first.slice('plan<<'.length)])
  })
})

describe('annotations', () => {
  const problem = (severity: Problem['severity'], more: Partial<Problem> = {}): Problem => ({
    ...{ code: 'YAML_SYNTAX', severity, text: 'Odd.' },
    ...more,
  })

  it('stand at the lines of the checkout, the worst first', () => {
    const place = { file: 'types/a.yaml', line: 2, column: 5 }
    expect(annotations([problem('warning'), problem('error', { ...place, hint: 'Look.' })], 'db/')).toEqual([
      '::error file=db/types/a.yaml,line=2,col=5,title=YAML_SYNTAX::Odd.%0ALook.',
      '::warning title=YAML_SYNTAX::Odd.',
    ])
  })

  it('are as many as are shown, and say what is left', () => {
    const lines = annotations(
      Array.from({ length: 14 }, () => problem('error')),
      '',
    )
    expect(lines).toHaveLength(11)
    expect(lines.at(-1)).toMatch(/^4 more of kind error /)
  })
})

describe('the problems as SARIF', () => {
  const sarif = (uri: string, more: object = {}) => ({
    runs: [{ results: [{ locations: [{ physicalLocation: { artifactLocation: { uri, ...more } } }] }, {}] }],
  })

  it('name files as seen from the checkout, and no folder that nobody explains', () => {
    const printed = JSON.stringify(sarif('types/a%20b.yaml', { uriBaseId: 'REPOSITORY' }))
    expect(JSON.parse(inCheckout(printed, 'db of us/'))).toEqual(sarif('db%20of%20us/types/a%20b.yaml'))
    expect(JSON.parse(inCheckout(printed, ''))).toEqual(sarif('types/a%20b.yaml'))
    const root = JSON.stringify(sarif('.', { uriBaseId: 'REPOSITORY' }))
    expect([inCheckout(root, ''), inCheckout(root, 'db of us/')].map((text) => JSON.parse(text) as unknown)).toEqual([
      ...[sarif('.'), sarif('db%20of%20us')],
    ])
    const { runs } = sarif('types/a.yaml')
    const based = {
      runs: runs.map((one) => ({ ...one, originalUriBaseIds: { REPOSITORY: { uri: 'file:///work/' } } })),
    }
    expect(JSON.parse(inCheckout(JSON.stringify(based), ''))).toEqual({ runs })
  })
})

describe('the inputs', () => {
  const workspace = { GITHUB_WORKSPACE: '/work tree', RUNNER_TEMP: '/tmp' }

  it('have a value without being given', () => {
    expect(readInputs(workspace)).toMatchObject({
      ...{ folder: '/work tree', place: '', uri: undefined, version: undefined, command: undefined },
      ...{ loadTestData: false, comment: true, samples: '0', author: 'github-actions[bot]' },
    })
  })

  it('name a folder of the checkout, each with a comment of its own', () => {
    const of = (more: Record<string, string>) => readInputs({ ...workspace, ...more })
    expect(of({ ACTION_REPOSITORY: './db/shop' })).toMatchObject({ folder: '/work tree/db/shop', place: 'db/shop/' })
    const markers = [
      ...[{}, { ACTION_REPOSITORY: 'db' }, { ACTION_DATABASE: 'db' }],
      { ACTION_REPOSITORY: 'db', ACTION_DATABASE: 'db' },
    ].map((one) => of(one).marker)
    expect(new Set(markers).size).toBe(4)
    expect(of({ ACTION_REPOSITORY: 'db/' }).marker).toBe(of({ ACTION_REPOSITORY: './db' }).marker)
  })

  it.each([
    ['a folder outside of the checkout', { ACTION_REPOSITORY: '../else' }, '`repository`'],
    ['a version that npm would take for something else', { ACTION_VERSION: 'file:../x' }, '`version`'],
    ['a version with an option', { ACTION_VERSION: '1 --registry=x' }, '`version`'],
    ['a flag that is neither', { ACTION_COMMENT: 'yes' }, '`comment`'],
    ['samples that are no number', { ACTION_EVIDENCE_SAMPLES: 'all' }, '`evidence-samples`'],
  ])('are refused where they name %s', (_what, environment, name) => {
    expect(() => readInputs({ ...workspace, ...environment })).toThrow(name)
  })
})

describe('a folder', () => {
  it('is within another where its path leads there, with links followed', () => {
    const root = mkdtempSync(join(tmpdir(), 'stage0-'))
    onTestFinished(() => rmSync(root, { recursive: true }))
    for (const name of ['work/db', 'workshop']) mkdirSync(join(root, name), { recursive: true })
    symlinkSync('../workshop', join(root, 'work/out'))
    symlinkSync('db', join(root, 'work/in'))
    symlinkSync('loop', join(root, 'work/loop'))
    const within = ['.', 'db', 'in', 'none', 'out', '../workshop', 'loop'].filter((name) =>
      isWithin(join(root, 'work'), join(root, 'work', name)),
    )
    expect(within).toEqual(['.', 'db', 'in', 'none'])
  })
})

describe('the environment of the command', () => {
  it('has the settings of the workflow and no token', () => {
    const environment = {
      ...{ PATH: '/bin', INPUT_FOLDER: 'x', ENVIRONMENT_NAME: 'test', GITHUB_SERVER_URL: 'https://host.test' },
      ...{ ACTION_TOKEN: 'secret', GITHUB_TOKEN: 'secret', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret', INPUT_X: 'y' },
    }
    expect(Object.keys(forChildren(environment))).toEqual([
      ...['PATH', 'INPUT_FOLDER', 'ENVIRONMENT_NAME', 'GITHUB_SERVER_URL'],
    ])
  })
})

describe('the name of an environment that the workflow does not name', () => {
  it.each([
    ['mongodb://user:pa@ss/word@db.test:27017,other.test/shop?tls=true', 'db.test'],
    ['mongodb+srv://cluster.test', 'cluster.test'],
    ['mongodb://[2001:db8::1]:27017/', '2001:db8::1'],
    ['mongodb://user:secret@127.0.0.1:1/', 'local'],
    ['mongodb://[::1]/', 'local'],
  ])('is the host of %s', (uri, name) => {
    expect(hostOf(uri)).toBe(name)
  })
})
