import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { readSpecificationFolder } from './read-folder.ts'

it('refuses a pipe as a specification, and does not wait for somebody to write into it', async ({ skip }) => {
  skip(process.platform === 'win32', 'this system has no pipes with names in folders')
  const folder = await temporaryFolder()
  execFileSync('mkfifo', [join(folder, 'catalog.yaml'), join(folder, 'notes.txt')])
  await writeFile(join(folder, 'product.yaml'), 'name: Shop\n')
  expect(await readSpecificationFolder(folder)).toMatchObject({
    files: [{ path: 'product.yaml', text: 'name: Shop\n' }],
    problems: [
      { code: 'SPECIFICATIONS_UNUSABLE', file: 'catalog.yaml', text: 'catalog.yaml is neither a file nor a folder.' },
    ],
  })
})
