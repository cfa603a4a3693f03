import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fingerprintWorkspace } from './fingerprint.ts'
import { loadSettings } from './settings/load-settings.ts'
import { workspaceOptions } from './read-workspace.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stage0-fingerprint-'))
  mkdirSync(join(folder, 'types'))
  sameTime('one')
  symlinkSync(join(folder, 'nowhere'), join(folder, 'types/link.yaml'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const settings = loadSettings({ env: {} })
if (!settings.ok) throw new Error('the defaults are wrong')
const options = workspaceOptions(settings.value)
const FUTURE = Date.now() + 3_600_000
const look = () => fingerprintWorkspace(folder, options, FUTURE)

describe('the fingerprint of a repository', () => {
  it('stays while nothing changes', async () => {
    expect(await look()).toEqual(await look())
  })

  it.each<[string, () => void]>([
    ['a file has other content of the same length and time', () => sameTime('two')],
    ['a file is longer', () => writeFileSync(join(folder, 'types/word.yaml'), 'three')],
    ['a file is new', () => writeFileSync(join(folder, 'types/other.yaml'), '')],
    ['a file is gone', () => unlinkSync(join(folder, 'types/word.yaml'))],
    ['a file has another name', () => renameSync(join(folder, 'types/word.yaml'), join(folder, 'types/w.yaml'))],
    ['a link leads somewhere at last', () => writeFileSync(join(folder, 'nowhere'), 'here')],
    ['a folder is new', () => mkdirSync(join(folder, 'dictionaries'))],
    ['the folder itself is gone', () => renameSync(folder, `${folder}-away`)],
  ])('changes when %s', async (what, change) => {
    const before = await look()
    change()
    expect((await look()).text).not.toBe(before.text)
    if (what.startsWith('the folder')) renameSync(`${folder}-away`, folder)
  })

  it('says when the last change is so recent that another might not show', async () => {
    const of = (nowMs: number) => fingerprintWorkspace(folder, options, nowMs)
    expect((await of(Date.now())).isFresh).toBe(true)
    expect((await of(FUTURE)).isFresh).toBe(false)
  })
})

function sameTime(content: string): void {
  const path = join(folder, 'types/word.yaml')
  const time = new Date(1_700_000_000_000)
  writeFileSync(path, content)
  utimesSync(path, time, time)
}
