import { spawnSync } from 'node:child_process'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { filesIn, TEMPLATE } from '../testing/products.ts'

const packed = (): readonly string[] => {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts']
  const { stdout } = spawnSync('npm', args, { cwd: dirname(TEMPLATE), encoding: 'utf8' })
  const [one] = JSON.parse(stdout) as [{ readonly files: readonly { readonly path: string }[] }]
  return one.files.map(({ path }) => path)
}

describe('the template as it goes to npm', () => {
  it('is all that a merge reads, and its sample; what becomes of the sample stays here', () => {
    const EXPECTED = '.stage0_template/test_expected/'
    const files = [...filesIn(TEMPLATE).keys()].filter((path) => !path.startsWith(EXPECTED))
    const inPackage = packed().filter((path) => path.startsWith('mongodb-api/'))
    expect(inPackage.map((path) => path.slice('mongodb-api/'.length)).sort()).toEqual(files.sort())
    // A package comes without files of these names, and those beside them that they list.
    expect(files.filter((path) => /(^|\/)\.(git|npm)ignore$/.test(path))).toEqual([])
  })
})
