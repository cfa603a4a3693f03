import { rm } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { checkRepository, readRepository, renderSchema } from '@stage0/core'
import { loadSettings, readWorkspace, workspaceOptions } from '@stage0/workspace'
import { copyOf, SAMPLE } from './testing/temporary-folder.ts'

describe('a snapshot', () => {
  it('is read once: everything else works although the files are gone (W-31)', async () => {
    const folder = await copyOf(SAMPLE)
    const settings = loadSettings({ env: {}, repository: folder })
    if (!settings.ok) throw new Error(JSON.stringify(settings.error))
    const read = await readWorkspace(folder, workspaceOptions(settings.value))
    await rm(folder, { recursive: true })
    if (!read.ok) throw new Error(JSON.stringify(read.error))
    const paths = read.value.files.map(({ path }) => path)
    expect(new Set(paths).size).toBe(paths.length)

    const repository = readRepository(read.value)
    const { problems, wanted } = checkRepository(repository, { loadTestData: true })
    expect(problems).toEqual([])
    expect(wanted?.collections.map(({ name, versions }) => [name, versions.length])).toEqual([
      ['organization', 2],
      ['user', 2],
    ])
    expect(renderSchema(repository, 'user', '1.0.0.1', 'bson').ok).toBe(true)
  })
})
