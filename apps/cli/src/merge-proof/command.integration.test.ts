import { cp, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from '../program.ts'
import { filesIn, MENTORHUB, SHELF, TEMPLATE } from '../testing/products.ts'
import { recordingIo } from '../testing/recording-io.ts'
import { replaceIn, temporaryFolder } from '../testing/temporary-folder.ts'

const PROVENANCE = '.stage0_merge.json'

/** Runs the command in a folder. */
async function stage0(folder: string, ...args: readonly string[]) {
  const io = recordingIo({ folder })
  const code = await run(args, io, '1.2.3')
  return { code, ...io.written }
}
const productIn = (folder: string) => new Map([...filesIn(folder)].filter(([path]) => path !== PROVENANCE))

describe('the template mongodb-api, by the command', () => {
  it.each([
    ['mentorhub', MENTORHUB],
    ['its sample', SHELF],
  ])('makes a repository of %s, found by its name', async (_what, { specifications, product }) => {
    const folder = await temporaryFolder()
    const merged = await stage0(
      ...[folder, 'merge', '--template', 'mongodb-api', '--specifications', specifications, '--output', 'product'],
    )
    expect([merged.code, merged.err]).toEqual([0, ''])
    expect(productIn(join(folder, 'product'))).toEqual(filesIn(product))
    expect(await stage0(folder, 'check', '--repository', 'product')).toMatchObject({ code: 0, out: 'no problems\n' })
    expect(await readdir(folder)).toEqual(['product'])
  })

  it('makes the same in the place of a copy of it, as a template on a code host is used', async () => {
    const folder = join(await temporaryFolder(), 'shelf_mongodb_api')
    await cp(TEMPLATE, folder, { recursive: true })
    const merged = await stage0(folder, 'merge', '--template', '.', '--specifications', SHELF.specifications)
    expect([merged.code, merged.err]).toEqual([0, ''])
    expect(productIn(folder)).toEqual(filesIn(SHELF.product))
  })

  it('is not made into a product itself where it came with the command', async () => {
    const folder = await temporaryFolder()
    const before = filesIn(TEMPLATE)
    const args = ['merge', '--template', 'mongodb-api', '--specifications', SHELF.specifications, '--yes']
    expect(await stage0(folder, ...args)).toMatchObject({
      code: 64,
      err: expect.stringContaining('--output') as string,
    })
    expect(filesIn(TEMPLATE)).toEqual(before)
  })

  it('passes its own test, and fails it where a file becomes another one', async () => {
    expect(await stage0('/', 'template', 'test', TEMPLATE)).toMatchObject({ code: 0, err: '' })
    const folder = join(await temporaryFolder(), 'template')
    await cp(TEMPLATE, folder, { recursive: true })
    await replaceIn(folder, 'dictionaries/collection.template.yaml', 'type: word', 'type: sentence')
    const failed = await stage0(folder, 'template', 'test', '.')
    expect(failed.code).toBe(1)
    for (const name of ['Book', 'Loan']) expect(failed.out + failed.err).toContain(`dictionaries/${name}.0.1.0.yaml`)
    expect((await stage0(folder, 'template', 'take', '.', '--all')).code).toBe(0)
    expect((await stage0(folder, 'template', 'test', '.')).code).toBe(0)
  })

  it.each([MENTORHUB, SHELF])(
    'is merged with specifications that are without a problem: $specifications',
    async (one) => {
      expect(await stage0('/', 'specs', 'check', one.specifications)).toMatchObject({ code: 0, out: 'no problems\n' })
    },
  )
})
