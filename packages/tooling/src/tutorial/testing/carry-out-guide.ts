import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { inProject } from '../../docs/run-stage0.ts'
import { changed } from '../change-file.ts'
import { missingLine } from '../compare-output.ts'
import { readBlocks, type Block } from '../read-blocks.ts'
import { Shell, type Ran } from '../shell.ts'

/** What of a guide was carried out, for a test that wants to know that it was all of it. */
export interface CarriedOut {
  /** Outputs that were compared with what came. */
  readonly compared: number
  /** Reasons of blocks that nobody runs here. */
  readonly skipped: readonly string[]
}

/**
 * Does in an empty folder what a guide says, from its first block to the last, within the test that calls it: files are written and changed,
 * commands run, and what they print is what the guide shows.
 *
 * @param page Path in the project.
 */
export async function carryOutGuide(page: string): Promise<CarriedOut> {
  const root = await mkdtemp(join(tmpdir(), 'stage0-guide-'))
  const shell = await shellIn(root)
  onTestFinished(async () => {
    await shell.close()
    await rm(root, { recursive: true, force: true })
  })
  let last: Ran | undefined
  let compared = 0
  const skipped: string[] = []
  for (const block of readBlocks(await readFile(inProject(page), 'utf8'))) {
    if (block.kind === 'file' || block.kind === 'change') await write(join(root, 'home'), block)
    if (block.kind === 'skipped') skipped.push(block.why)
    if (block.kind === 'commands') {
      last = await shell.run(block.text)
      expect(last.exit, `the commands of line ${block.line} print\n${last.output}`).toBe(block.exit)
    }
    if (block.kind === 'output') {
      const output = last?.output ?? ''
      expect(missingLine(block.text, output), `of line ${block.line}, where this came:\n${output}`).toBeUndefined()
      compared += 1
    }
  }
  return { compared, skipped }
}

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
