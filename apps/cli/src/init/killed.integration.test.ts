import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { isDeep } from '@stage0/testkit'
import { stage0 } from '../testing/run-command.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { planFiles } from './plan-files.ts'
import { PROJECT } from './published.ts'

const PRELOAD = fileURLToPath(new URL('../testing/kill-at-write.mjs', import.meta.url))
const CHOICES = {
  name: 'shop',
  database: 'shop',
  project: PROJECT,
  sample: true,
  docker: true,
  compose: true,
  workflow: true,
}
const WANTED = planFiles(CHOICES, '1.2.3').map(({ path }) => path)
const LAST = WANTED.length
/** The folders that these files are in, with those around them. */
const FOLDERS = new Set(
  WANTED.flatMap((path) => path.split('/').map((_, at, parts) => parts.slice(0, at).join('/'))).filter(Boolean),
).size

/** Runs an init that is killed right before it calls something for so many times. */
const killedAt = (call: string, args: readonly string[]) =>
  stage0(['init', ...args], { environment: { NODE_OPTIONS: `--import ${PRELOAD}`, STAGE0_TEST_KILL_AT: call } })

/** The files below a folder; what init itself puts there for a while is told apart by its name. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}
const sorted = (paths: readonly string[]): string[] => [...paths].sort()
const isOfInit = (path: string): boolean => path.startsWith('.stage0-init')

/** Each fourth time up to the last: a kill takes two processes to look at. */
const every = (name: string, times: number) =>
  Array.from({ length: times }, (_, at) => at + 1)
    .filter((at) => at % 4 === 1 || at === times)
    .map((at) => `${name}:${at}`)
/** Up to where everything is on the disk, in both cases. */
const STAGING = isDeep
  ? [
      // The stage has one more, around all of them.
      ...every('mkdirSync', FOLDERS + 1),
      ...every('openSync', LAST),
      ...every('writeSync', LAST),
      ...every('fchmodSync', LAST),
      ...every('fsyncSync', LAST),
    ]
  : [`fsyncSync:${LAST}`]
const LINKS = isDeep ? every('linkSync', LAST) : ['linkSync:9']

describe('init that is killed', () => {
  it.each([...STAGING, 'renameSync:1', 'renameSync:2'])('at %s has made no folder', async (call) => {
    const root = await temporaryFolder()
    const folder = join(root, 'shop')
    expect(await killedAt(call, [folder])).toMatchObject({ signal: 'SIGKILL', stdout: '' })
    expect(existsSync(folder)).toBe(false)
    const next = await stage0(['init', folder])
    expect([next.code, next.stderr]).toEqual([0, ''])
    expect([await filesIn(folder), await readdir(root)]).toEqual([sorted(WANTED), ['shop']])
  })

  it('when the folder is made has made it whole, and the next one takes away what is left beside it', async () => {
    const root = await temporaryFolder()
    const folder = join(root, 'shop')
    expect(await killedAt('rmSync:1', [folder])).toMatchObject({ signal: 'SIGKILL' })
    expect(await filesIn(folder)).toEqual(sorted(WANTED))
    expect((await readdir(root)).filter(isOfInit)).toHaveLength(1)
    expect((await stage0(['init', join(root, 'other')])).code).toBe(0)
    expect(await readdir(root)).toEqual(['other', 'shop'])
  })

  it.each([...STAGING, 'renameSync:1'])('at %s has put nothing into a folder that is there', async (call) => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, '.git'))
    expect(await killedAt(call, [folder])).toMatchObject({ signal: 'SIGKILL' })
    expect((await filesIn(folder)).filter((path) => !isOfInit(path))).toEqual([])
    const next = await stage0(['init', folder, '--empty'])
    expect([next.code, next.stderr]).toEqual([0, ''])
    expect((await filesIn(folder)).filter((path) => isOfInit(path) || path.startsWith('configurations/'))).toEqual([])
  })

  it.each([...LINKS, 'renameSync:2'])(
    'at %s, in a folder that is there, is brought to an end by the next',
    async (call) => {
      const folder = await temporaryFolder()
      await writeFile(join(folder, 'LICENSE'), 'ours')
      expect(await killedAt(call, [folder, '--add', '--name', 'shop'])).toMatchObject({ signal: 'SIGKILL' })
      const next = await stage0(['init', folder, '--add', '--name', 'other', '--json'])
      expect(JSON.parse(next.stdout)).toEqual({ ok: true, exit_code: 0, folder, finished: true })
      expect(await filesIn(folder)).toEqual(sorted([...WANTED, 'LICENSE']))
      expect(await readFile(join(folder, 'LICENSE'), 'utf8')).toBe('ours')
      expect(await readFile(join(folder, 'README.md'), 'utf8')).toMatch(/^# shop\n/)
    },
  )

  it.each(isDeep ? ['rmSync:1', 'unlinkSync:9', 'rmdirSync:9'] : ['unlinkSync:9'])(
    'at %s had put everything into a folder that is there: the next takes away only what init needed itself',
    async (call) => {
      const folder = await temporaryFolder()
      expect(await killedAt(call, [folder])).toMatchObject({ signal: 'SIGKILL' })
      expect((await filesIn(folder)).filter((path) => !isOfInit(path))).toEqual(sorted(WANTED))
      expect(await stage0(['init', folder])).toMatchObject({ code: 6 })
      expect(await filesIn(folder)).toEqual(sorted(WANTED))
    },
  )
})
