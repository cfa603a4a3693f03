import { existsSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { isDeep, PATIENCE } from '@stage0/testkit'
import { stage0 } from '../testing/run-command.ts'
import { PRODUCT, templateFolders, textsIn } from '../testing/template-folders.ts'

const PRELOAD = fileURLToPath(new URL('../testing/kill-at-write.mjs', import.meta.url))
const SERVICE_NAME = 'shop'

/** Runs a merge that is killed right before it calls something for so many times. */
const killedAt = (call: string, args: readonly string[]) =>
  stage0(['merge', ...args], {
    environment: { SERVICE_NAME, NODE_OPTIONS: `--import ${PRELOAD}`, STAGE0_TEST_KILL_AT: call },
  })
const merge = (args: readonly string[]) => stage0(['merge', ...args], { environment: { SERVICE_NAME } })

/** Holds that a folder is the same afterwards, what a merge left in it included. */
async function folderAsItIs<T>(folder: string, act: () => Promise<T>): Promise<T> {
  const names = async () => (await readdir(folder, { recursive: true })).sort()
  const before = [await names(), await textsIn(folder)]
  const result = await act()
  expect([await names(), await textsIn(folder)]).toEqual(before)
  return result
}

const upTo = (name: string, times: number): readonly string[] =>
  Array.from({ length: times }, (_, at) => `${name}:${at + 1}`)

/** The files of the product, its provenance among them. */
const FILES = Object.keys(PRODUCT).length + 1
/** While everything is written beside its place: stage and tree, folders, files. */
const STAGING = isDeep
  ? [
      ...upTo('mkdtempSync', 1),
      ...upTo('mkdirSync', 3),
      ...upTo('openSync', FILES),
      ...upTo('writeFileSync', FILES),
      ...upTo('fchmodSync', FILES),
      ...upTo('fsyncSync', FILES + 2),
    ]
  : ['writeFileSync:3', `fsyncSync:${FILES}`]

/** In the folder itself: the files that are generated and the provenance, then the journal. */
const PUTS = 5
const BEFORE_COMMIT = isDeep
  ? [
      ...upTo('mkdtempSync', 1),
      ...upTo('mkdirSync', 1),
      ...upTo('openSync', PUTS),
      ...upTo('writeFileSync', PUTS + 1),
      ...upTo('fsyncSync', PUTS + 2),
      'renameSync:1',
    ]
  : ['writeFileSync:3', `writeFileSync:${PUTS + 1}`, 'renameSync:1']
/** Renames of the files, removals of two templates and of .stage0_template, of the stage. */
const AFTER_COMMIT = isDeep
  ? [...upTo('renameSync', PUTS + 1).slice(1), 'mkdirSync:2', ...upTo('rmSync', 4)]
  : ['renameSync:2', `renameSync:${PUTS + 1}`, 'rmSync:2', 'rmSync:3']

describe('a merge that is killed', PATIENCE, () => {
  it.each([...STAGING, 'renameSync:1'])('at %s has made no folder, and the next one makes it', async (call) => {
    const { root, template, specifications, output } = await templateFolders()
    const args = ['--template', template, '--specifications', specifications, '--output', output]
    expect(await killedAt(call, args)).toMatchObject({ signal: 'SIGKILL', stdout: '' })
    expect(existsSync(output)).toBe(false)
    const next = await merge(args)
    expect([next.code, next.stderr]).toEqual([0, ''])
    expect(await textsIn(output)).toEqual(PRODUCT)
    expect((await readdir(root)).sort()).toEqual(['product', 'specifications', 'template'])
  })

  it('when the folder is made has made it whole, and the next one takes away what is left beside it', async () => {
    const { root, template, specifications, output } = await templateFolders()
    const args = ['--template', template, '--specifications', specifications, '--output']
    expect(await killedAt('rmSync:1', [...args, output])).toMatchObject({ signal: 'SIGKILL' })
    expect(await textsIn(output)).toEqual(PRODUCT)
    expect((await merge([...args, `${output}2`])).code).toBe(0)
    expect((await readdir(root)).sort()).toEqual(['product', 'product2', 'specifications', 'template'])
  })

  it.each(BEFORE_COMMIT)('in place at %s has changed nothing, and the next one merges', async (call) => {
    const { template, specifications } = await templateFolders()
    const before = await textsIn(template)
    const args = ['--template', template, '--specifications', specifications]
    expect(await killedAt(call, args)).toMatchObject({ signal: 'SIGKILL', stdout: '' })
    expect(await textsIn(template)).toEqual(before)
    expect(await merge(args)).toMatchObject({ code: 0, stderr: '' })
    expect(await textsIn(template)).toEqual(PRODUCT)
    expect((await readdir(template)).filter((name) => name.startsWith('.stage0-merge'))).toEqual([])
  })

  it.each(AFTER_COMMIT)('in place at %s is finished by the next, whatever that was to do', async (call) => {
    const { template, specifications } = await templateFolders()
    expect(await killedAt(call, ['--template', template, '--specifications', specifications])).toMatchObject({
      signal: 'SIGKILL',
    })
    // As it was planned then, whatever the specifications are now.
    await writeFile(join(specifications, 'title.yaml'), 'Other')
    const next = await merge(['--template', template, '--specifications', specifications, '--json'])
    expect(JSON.parse(next.stdout)).toEqual({ ok: true, exit_code: 0, output: template, finished: true })
    expect(await textsIn(template)).toEqual(PRODUCT)
    expect((await readdir(template)).filter((name) => /^\.stage0(-merge|_template)/.test(name))).toEqual([])
  })

  it('after the point of commit is no template for another merge', async () => {
    const { template, specifications, output } = await templateFolders()
    await killedAt('renameSync:3', ['--template', template, '--specifications', specifications])
    const other = await merge(['--template', template, '--specifications', specifications, '--output', output])
    expect(other).toMatchObject({ code: 6 })
    expect(other.stderr).toContain('MERGE_INTERRUPTED')
    expect(existsSync(output)).toBe(false)
  })

  it('while files are taken for expected ones is finished by the next take, which says so', async () => {
    const { template } = await templateFolders()
    const take = ['template', 'take', template, '--all', '--json']
    const environment = { NODE_OPTIONS: `--import ${PRELOAD}`, STAGE0_TEST_KILL_AT: 'renameSync:3' }
    expect(await stage0(take, { environment })).toMatchObject({ signal: 'SIGKILL' })
    const next = await stage0(take, { environment: {} })
    expect(next).toMatchObject({ code: 0, stderr: expect.stringContaining('is finished, as it was planned then.\n') })
    expect(JSON.parse(next.stdout)).toEqual({
      ok: true,
      exit_code: 0,
      finished: true,
      taken: [],
      removed: [],
      problems: [],
    })
    expect((await stage0(['template', 'test', template], { environment: {} })).code).toBe(0)
  })

  it('while files are taken is finished, which a take that has to be agreed with says as well', async () => {
    const { template } = await templateFolders()
    const take = ['template', 'take', template, '--all', '--json']
    const environment = { NODE_OPTIONS: `--import ${PRELOAD}`, STAGE0_TEST_KILL_AT: 'renameSync:3' }
    expect(await stage0(take, { environment })).toMatchObject({ signal: 'SIGKILL' })
    await writeFile(join(template, '.stage0_template/test_expected/old.txt'), 'no longer made')
    const next = await stage0(take, { environment: {} })
    expect(JSON.parse(next.stdout)).toMatchObject({
      ok: false,
      finished: true,
      problems: [{ code: 'CONFIRMATION_NEEDED' }],
    })
  })

  it('into a folder that has .git is finished by the next', async () => {
    const { template, specifications, output } = await templateFolders()
    await mkdir(join(output, '.git'), { recursive: true })
    const args = ['--template', template, '--specifications', specifications, '--output', output]
    expect(await killedAt('renameSync:4', args)).toMatchObject({ signal: 'SIGKILL' })
    const again = await merge(args)
    expect([again.code, again.stderr]).toEqual([0, ''])
    expect(again.stdout).toContain('is finished, as it was planned then; nothing else was written.')
    expect(await textsIn(output)).toEqual(PRODUCT)
  })

  it('into a folder that has .git is finished by one that asks for something else, which is refused then', async () => {
    const { template, specifications, output } = await templateFolders()
    await mkdir(join(output, '.git'), { recursive: true })
    const args = ['--template', template, '--specifications', specifications, '--output', output]
    await killedAt('renameSync:4', args)
    await writeFile(join(specifications, 'title.yaml'), 'Other')
    const other = await merge([...args, '--json'])
    expect(other).toMatchObject({ code: 6, stderr: expect.stringContaining('is finished, as it was planned then.\n') })
    expect(JSON.parse(other.stdout)).toMatchObject({
      ok: false,
      exit_code: 6,
      finished: true,
      problems: [{ code: 'MERGE_OUTPUT_NOT_EMPTY' }],
    })
    expect(await textsIn(output)).toEqual(PRODUCT)
    expect(JSON.parse((await merge([...args, '--json'])).stdout)).not.toHaveProperty('finished')
  })

  it('while a product is merged again is finished, and then the next is done with what there is by now', async () => {
    const { template, specifications, output } = await templateFolders()
    const args = ['--template', template, '--specifications', specifications, '--output', output]
    await merge(args)
    const product = { ...PRODUCT, 'README.md': '# Third\n\nText.\n', 'settings.env': 'TITLE=Third\n' }
    await writeFile(join(specifications, 'title.yaml'), 'Other')
    await killedAt('renameSync:3', [...args, '--update'])
    await writeFile(join(specifications, 'title.yaml'), 'Third')
    const dry = await folderAsItIs(output, () => merge([...args, '--update', '--dry-run', '--json']))
    expect(JSON.parse(dry.stdout)).toMatchObject({ ok: false, exit_code: 6, problems: [{ code: 'MERGE_INTERRUPTED' }] })
    const next = await merge([...args, '--update', '--json'])
    expect(next).toMatchObject({ code: 0, stderr: expect.stringContaining('is finished, as it was planned then.\n') })
    expect(JSON.parse(next.stdout)).toMatchObject({
      ok: true,
      finished: true,
      update: { written: ['README.md', 'settings.env'], removed: [], kept: [] },
    })
    expect(await textsIn(output)).toEqual(product)
    const last = await merge([...args, '--update', '--json'])
    expect(JSON.parse(last.stdout)).not.toHaveProperty('finished')
    expect(last.stderr).toBe('')
  })

  it('in place is not planned anew by --dry-run, which says why and changes nothing', async () => {
    const { template, specifications } = await templateFolders()
    const args = ['--template', template, '--specifications', specifications]
    await killedAt('renameSync:3', args)
    const dry = await folderAsItIs(template, () => merge([...args, '--dry-run']))
    expect(dry).toMatchObject({ code: 6, stdout: '' })
    expect(dry.stderr).toContain('MERGE_INTERRUPTED')
    expect(dry.stderr).toContain('Merge without --dry-run')
  })

  it.each(isDeep ? ['renameSync:1', 'renameSync:2', 'renameSync:3', 'rmSync:1'] : ['renameSync:1', 'renameSync:3'])(
    'while a product is merged again, at %s, leaves it as it was or is finished',
    async (call) => {
      const { template, specifications, output } = await templateFolders()
      const args = ['--template', template, '--specifications', specifications, '--output', output]
      await merge(args)
      await writeFile(join(specifications, 'title.yaml'), 'Other')
      await writeFile(join(output, 'src/mine.ts'), 'mine')
      expect(await killedAt(call, [...args, '--update'])).toMatchObject({ signal: 'SIGKILL' })
      if (call === 'renameSync:1') expect(await textsIn(output)).toEqual({ ...PRODUCT, 'src/mine.ts': 'mine' })
      await merge([...args, '--update'])
      expect(await textsIn(output)).toEqual({
        ...PRODUCT,
        'README.md': '# Other\n\nText.\n',
        'settings.env': 'TITLE=Other\n',
        'src/mine.ts': 'mine',
      })
    },
  )

  it.each(['rmSync:1', 'rmSync:2', 'rmdirSync:1', 'rmSync:3'])(
    'while files of a product go, at %s, loses them and their folder with the next merge',
    async (call) => {
      const { template, specifications, output } = await templateFolders()
      const args = ['--template', template, '--specifications', specifications, '--output', output]
      await merge(args)
      await writeFile(join(specifications, 'names.yaml'), '[]')
      expect(await killedAt(call, [...args, '--update'])).toMatchObject({ signal: 'SIGKILL' })
      await merge([...args, '--update'])
      expect(Object.keys(await textsIn(output))).toEqual(['README.md', 'settings.env', 'src/plain.ts'])
      expect((await readdir(output)).filter((name) => name === 'each' || name.startsWith('.stage0-merge-'))).toEqual([])
    },
  )
})
