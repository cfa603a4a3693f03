import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { withSourcePlaces } from './source-places.ts'

/** Line 1, column 1 of the built file is line 3, column 5 of the source. */
const MAP = { version: 3, sources: ['../src/plan.ts'], names: [], mappings: 'AAEI' }

async function built(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stage0-places-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'plan.js.map'), JSON.stringify(MAP))
  return folder
}

describe('the places of a stack trace', () => {
  it('are those of the sources where a map tells', async () => {
    const folder = await built()
    const stack = `Error: no\n    at plan (${pathToFileURL(join(folder, 'plan.js')).href}:1:1)\n    at node:internal/x:2:3`
    expect(withSourcePlaces(stack)).toBe(
      `Error: no\n    at plan (${join(folder, '../src/plan.ts')}:3:5)\n    at node:internal/x:2:3`,
    )
  })

  it('stay as they are without a map, and with one that is damaged', async () => {
    const folder = await built()
    await writeFile(join(folder, 'damaged.js.map'), '{')
    const stack = ['other.js', 'damaged.js']
      .map((name) => `at ${pathToFileURL(join(folder, name)).href}:1:1`)
      .join('\n')
    expect(withSourcePlaces(stack)).toBe(stack)
  })
})
