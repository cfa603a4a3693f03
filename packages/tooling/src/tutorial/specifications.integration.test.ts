import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { inProject } from '../docs/run-stage0.ts'
import { changed } from './change-file.ts'
import { missingLine } from './compare-output.ts'
import { readBlocks, type Block } from './read-blocks.ts'
import { Shell, type Ran } from './shell.ts'

/** A shell in an empty folder in which `stage0` is the command of this project. */
async function shellIn(root: string): Promise<Shell> {
  const command = join(root, 'bin', 'stage0')
  for (const folder of ['bin', 'home']) await mkdir(join(root, folder))
  await writeFile(command, `#!/bin/sh\nexec '${process.execPath}' '${inProject('apps/cli/dist/main.js')}' "$@"\n`)
  await chmod(command, 0o755)
  return Shell.start(join(root, 'home'), join(root, 'state'), {
    PATH: `${join(root, 'bin')}:${process.env['PATH'] ?? ''}`,
    HOME: join(root, 'home'),
  })
}

async function write(folder: string, block: Extract<Block, { kind: 'file' | 'change' }>): Promise<void> {
  const path = join(folder, block.path)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, block.kind === 'file' ? block.text : changed(await readFile(path, 'utf8'), block.text))
}

it('the guide to specifications is carried out as it stands, and shows what comes of it', async () => {
  const root = await mkdtemp(join(tmpdir(), 'stage0-specifications-'))
  const shell = await shellIn(root)
  onTestFinished(async () => {
    await shell.close()
    await rm(root, { recursive: true, force: true })
  })
  let last: Ran | undefined
  let compared = 0
  for (const block of readBlocks(await readFile(inProject('docs/guides/specifications.md'), 'utf8'))) {
    if (block.kind === 'file' || block.kind === 'change') await write(join(root, 'home'), block)
    if (block.kind === 'commands') {
      last = await shell.run(block.text)
      expect({ line: block.line, ...last }).toMatchObject({ exit: block.exit })
    }
    if (block.kind === 'output') {
      const output = last?.output ?? ''
      expect({ line: block.line, missing: missingLine(block.text, output), output }).toMatchObject({
        missing: undefined,
      })
      compared += 1
    }
  }
  expect(compared).toBe(2)
})
