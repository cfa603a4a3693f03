import { appendFile, cp } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from '../program.ts'
import { filesIn, SHELF } from '../testing/products.ts'
import { recordingIo } from '../testing/recording-io.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'

const MADE_OF_A_READER = [
  'configurations/Reader.yaml',
  'dictionaries/Reader.0.1.0.yaml',
  'test_data/Reader.0.1.0.0.json',
]

/** The product of the sample and its specifications, side by side, and the command in the folder of both. */
async function shelf() {
  const folder = await temporaryFolder()
  await cp(SHELF.specifications, join(folder, 'specifications'), { recursive: true })
  const stage0 = async (...args: readonly string[]) => {
    const io = recordingIo({ folder })
    return { code: await run(args, io, '1.2.3'), ...io.written }
  }
  const merge = (...more: readonly string[]) =>
    stage0('merge', '--template', 'mongodb-api', '--specifications', 'specifications', '--output', 'product', ...more)
  expect((await merge()).code).toBe(0)
  return {
    merge,
    check: () => stage0('check', '--repository', 'product'),
    files: () => filesIn(join(folder, 'product')),
    append: (path: string, text: string) => appendFile(join(folder, path), text),
    addReader: () =>
      appendFile(
        join(folder, 'specifications/catalog.yaml'),
        '  - name: Reader\n    description: Who may take books\n',
      ),
  }
}

describe('a product of the template mongodb-api that is merged again', () => {
  it('gets what is new in the catalog, and keeps what people changed', async () => {
    const { merge, check, files, append, addReader } = await shelf()
    const nextVersion = '  - version: 0.2.0.0\n'
    await append('product/configurations/Book.yaml', nextVersion)
    await append(
      'product/dictionaries/Book.0.2.0.yaml',
      filesIn(SHELF.product).get('dictionaries/Book.0.1.0.yaml') ?? '',
    )
    const before = files()
    await addReader()
    expect((await merge('--update')).code).toBe(0)

    const after = files()
    expect([...after.keys()].filter((path) => !before.has(path))).toEqual(MADE_OF_A_READER)
    const changed = [...before].filter(([path, text]) => after.get(path) !== text).map(([path]) => path)
    expect(changed).toEqual(['.stage0_merge.json', 'README.md'])
    expect(after.get('README.md')).toContain('- [Reader](configurations/Reader.yaml): Who may take books\n')
    expect(after.get('configurations/Book.yaml')?.endsWith(nextVersion)).toBe(true)
    expect(await check()).toMatchObject({ code: 0, out: 'no problems\n' })
  })

  it('is not touched where people changed what the merge would change, until they say whose file counts', async () => {
    const { merge, files, append, addReader } = await shelf()
    await append('product/README.md', '\nAsk Ruth first.\n')
    await addReader()
    const before = files()
    const refused = await merge('--update')
    expect(refused.code).not.toBe(0)
    expect(refused.err).toContain('MERGE_CONFLICT')
    expect(refused.err).toContain('README.md')
    expect(files()).toEqual(before)

    expect((await merge('--update', '--keep-mine')).code).toBe(0)
    expect(files().get('README.md')).toBe(before.get('README.md'))
    expect([...files().keys()]).toEqual(expect.arrayContaining(MADE_OF_A_READER))
  })

  it('stays as it is byte for byte where nothing is new', async () => {
    const { merge, files } = await shelf()
    const before = files()
    expect((await merge('--update')).code).toBe(0)
    expect(files()).toEqual(before)
  })
})
