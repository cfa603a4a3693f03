import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** The sample repository of the project. */
export const SAMPLE = fileURLToPath(new URL('../../../../packages/templates/sample', import.meta.url))

/** An empty folder that goes away with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stage0-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A copy of a repository that the test may change. */
export async function copyOf(repository: string): Promise<string> {
  const folder = join(await temporaryFolder(), 'repository')
  await cp(repository, folder, { recursive: true })
  return folder
}

/** Replaces a text that must be there, once, in a file of a copy. */
export async function replaceIn(folder: string, path: string, from: string, to: string): Promise<void> {
  const file = join(folder, path)
  const text = await readFile(file, 'utf8')
  if (text.split(from).length !== 2) throw new Error(`${path} does not hold exactly once: ${from}`)
  await writeFile(file, text.replace(from, to))
}
