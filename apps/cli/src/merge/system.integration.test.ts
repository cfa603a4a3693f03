import { chmod, mkdir, readdir, symlink } from 'node:fs/promises'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { stage0 } from '../testing/run-command.ts'
import { PRODUCT, templateFolders, textsIn, writeFiles } from '../testing/template-folders.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'

const environment = { SERVICE_NAME: 'shop' }
const merge = (args: readonly string[], folder?: string) =>
  stage0(['merge', ...args], { environment, obeyPermissions: true, ...(folder === undefined ? {} : { folder }) })

/** A small disk; undefined where none may be mounted. */
async function smallDisk(kib: number): Promise<string | undefined> {
  const folder = await temporaryFolder()
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k`, 'tmpfs', folder]).status !== 0) return undefined
  onTestFinished(() => void spawnSync('umount', [folder]))
  return folder
}

describe('a merge that the system refuses', () => {
  it('where nothing may be made tells why, and changes nothing', async () => {
    const { root, template, specifications } = await templateFolders()
    const locked = join(root, 'locked')
    await mkdir(locked, { mode: 0o555 })
    const args = ['--template', template, '--specifications', specifications]
    const result = await merge([...args, '--output', join(locked, 'product')])
    expect([result.code, result.stdout]).toEqual([64, ''])
    expect(result.stderr).toContain('MERGE_OUTPUT_UNUSABLE')
    expect(result.stderr).toContain('permission denied. Nothing was changed.')
    expect(await readdir(locked)).toEqual([])
  })

  it.each(['src', 'each', '.stage0_template/test', '.'])(
    'in place with %s that may only be read changes nothing',
    async (path) => {
      const { template, specifications } = await templateFolders()
      await writeFiles(template, {
        '.stage0_template/process.yaml':
          'templates: [{ path: src/plain.ts, merge: true }, { path: one.template, mergeFor: { items: specifications.names, output: "each/{{ item }}" } }]',
        'src/plain.ts': 'x',
        'each/other': 'x',
        '.stage0_template/test/x': 'x',
      })
      const before = await textsIn(template)
      await chmod(join(template, path), 0o555)
      const result = await merge(['--template', template, '--specifications', specifications])
      await chmod(join(template, path), 0o755)
      expect([result.code, result.stdout]).toEqual([64, ''])
      expect(result.stderr).toContain('permission denied')
      expect(await textsIn(template)).toEqual(before)
    },
  )

  it('on a full disk tells so, and leaves nothing', async (context) => {
    const disk = await smallDisk(64)
    if (disk === undefined) return context.skip('no disk may be mounted here')
    const { template, specifications } = await templateFolders()
    await writeFiles(template, { 'large.txt': 'x'.repeat(80_000) })
    const args = ['--template', template, '--specifications', specifications, '--output', join(disk, 'product')]
    const result = await merge(args)
    expect([result.code, result.stdout]).toEqual([64, ''])
    expect(result.stderr).toContain('the disk is full. Nothing was changed.')
    expect(await readdir(disk)).toEqual([])
  })

  it('fills a folder that another disk is mounted on, since that cannot be replaced', async (context) => {
    const disk = await smallDisk(1024)
    if (disk === undefined) return context.skip('no disk may be mounted here')
    const { template, specifications } = await templateFolders()
    const result = await merge(['--template', template, '--specifications', specifications, '--output', disk])
    expect([result.code, result.stderr]).toEqual([0, ''])
    expect(await textsIn(disk)).toEqual(PRODUCT)
  })

  it('fills the empty folder that the person stands in, also through a link', async () => {
    const { root, template, specifications, output } = await templateFolders()
    await mkdir(output)
    await symlink('product', join(root, 'link'))
    const result = await merge(
      ['--template', template, '--specifications', specifications, '--output', '.'],
      join(root, 'link'),
    )
    expect([result.code, result.stderr]).toEqual([0, ''])
    expect(await textsIn(output)).toEqual(PRODUCT)
    expect((await readdir(root)).sort()).toEqual(['link', 'product', 'specifications', 'template'])
  })
})
