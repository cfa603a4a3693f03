import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { run } from '../program.ts'
import { recordingIo } from '../testing/recording-io.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { workTreeAround } from './work-tree.ts'

const ENVIRONMENT = {
  PATH: process.env['PATH'],
  GIT_CONFIG_NOSYSTEM: '1',
  ...{ GIT_AUTHOR_NAME: 'T', GIT_AUTHOR_EMAIL: 't@x.example' },
  ...{ GIT_COMMITTER_NAME: 'T', GIT_COMMITTER_EMAIL: 't@x.example' },
}
const bash = async (script: string, cwd: string): Promise<string> =>
  (await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { cwd, env: { ...ENVIRONMENT, HOME: cwd } }))
    .stdout

async function gitRepository(): Promise<string> {
  const root = await realpath(await temporaryFolder())
  await bash('git init --quiet', root)
  return root
}

async function initIn(folder: string, ...args: readonly string[]) {
  const io = recordingIo({ folder })
  expect(await run(['init', ...args], io, '1.2.3')).toBe(0)
  return io.written.out
}

describe('the git work tree around a folder', () => {
  it('is the next one above, also through a link, and for a folder that is yet to be made', async () => {
    const root = await gitRepository()
    await mkdir(join(root, 'data/db'), { recursive: true })
    await symlink(join(root, 'data'), join(root, 'link'))
    expect(workTreeAround(join(root, 'data/db'))).toEqual({ root, path: 'data/db' })
    expect(workTreeAround(join(root, 'link/new'))).toEqual({ root, path: 'data/new' })
  })

  it('is one whose `.git` is a file, as of a submodule', async () => {
    const root = await realpath(await temporaryFolder())
    await writeFile(join(root, '.git'), 'gitdir: elsewhere\n')
    expect(workTreeAround(join(root, 'db'))).toEqual({ root, path: 'db' })
  })

  it('is none for the root of one, nor below a folder that is called .git and holds nothing', async () => {
    expect(workTreeAround(await gitRepository())).toBeUndefined()
    const root = await temporaryFolder()
    await mkdir(join(root, '.git'))
    expect(workTreeAround(join(root, 'db'))).toBeUndefined()
  })
})

describe('init inside of a git work tree', () => {
  it('makes files that its README brings into that repository, with a workflow that GitHub reads', async () => {
    const root = await gitRepository()
    await mkdir(join(root, 'data'))
    await writeFile(join(root, 'other.txt'), 'of others')
    const out = await initIn(root, 'data/shop')
    expect(out).toContain(`a part of the git repository ${root},`)
    const folder = join(root, 'data/shop')
    const readme = await readFile(join(folder, 'README.md'), 'utf8')
    const [, commit = ''] = /^### Commit\n.*?```sh\n(.*?)^```$/ms.exec(readme) ?? []
    await bash(commit, folder)
    const committed = (await bash('git ls-files', root)).split('\n')
    expect(committed).toContain('data/shop/configurations/user.yaml')
    expect(committed).not.toContain('other.txt')
    expect(committed.filter((path) => path.includes('workflows'))).toEqual(['.github/workflows/stage0-shop.yml'])
    expect(await readdir(folder)).not.toContain('.git')
    const text = await readFile(join(root, '.github/workflows/stage0-shop.yml'), 'utf8')
    const { jobs } = load(text) as { jobs: { plan: { steps: readonly { with?: { repository?: string } }[] } } }
    expect(jobs.plan.steps.at(-1)?.with?.repository).toBe('data/shop')
  })

  it('says as next command what puts the workflow there', async () => {
    const root = await gitRepository()
    await mkdir(join(root, 'a'))
    const { next, work_tree } = JSON.parse(await initIn(root, 'a/db', '--json')) as {
      next: readonly string[]
      work_tree: unknown
    }
    expect(work_tree).toBe(root)
    await bash(next.slice(0, 2).join('\n'), root)
    expect(await readdir(join(root, '.github/workflows'))).toEqual(['stage0-db.yml'])
  })

  it('speaks of no workflow where there is none', async () => {
    const root = await gitRepository()
    expect(await initIn(root, 'db', '--no-workflow')).not.toMatch(/workflow/)
    expect(await readFile(join(root, 'db/README.md'), 'utf8')).not.toMatch(/workflow|git init/)
  })
})
