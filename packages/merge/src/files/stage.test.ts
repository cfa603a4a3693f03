import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { markOf } from './maker.ts'
import { makeStage, removeLeftBehind } from './stage.ts'
import { temporaryFolder } from './testing/folders.ts'

const HOUR_MS = 3_600_000

const makeOld = (path: string): void => {
  const then = new Date(Date.now() - HOUR_MS)
  utimesSync(path, then, then)
}

/** A stage with a file in a folder, and everything of it an hour old. */
function oldStage(parent: string, name: string): string {
  const stage = join(parent, name)
  mkdirSync(join(stage, 'product/a/b'), { recursive: true })
  writeFileSync(join(stage, 'product/a/b/c'), '')
  for (const path of ['product/a/b/c', 'product/a/b', 'product/a', 'product', '']) makeOld(join(stage, path))
  return stage
}

describe('a stage that another machine made beside a folder', () => {
  it.each(['.stage0-merge-new-7-aaaaaaaaaaaa-5-x', '.stage0-merge-new-7-x'])(
    'goes away when nothing happens in it any more: %s',
    (name) => {
      const parent = temporaryFolder()
      oldStage(parent, name)
      removeLeftBehind(parent)
      expect(readdirSync(parent)).toEqual([])
    },
  )

  it('stays while files are written in it, however deep', () => {
    const parent = temporaryFolder()
    const stage = oldStage(parent, '.stage0-merge-new-7-aaaaaaaaaaaa-5-x')
    writeFileSync(join(stage, 'product/a/b/d'), '')
    removeLeftBehind(parent)
    expect(existsSync(join(stage, 'product/a/b/d'))).toBe(true)
  })
})

describe('a stage of this machine', () => {
  it('goes away at once when its process is not there any more', () => {
    const parent = temporaryFolder()
    // More than any system gives.
    makeStage(parent, 'new', 2 ** 30)
    removeLeftBehind(parent)
    expect(readdirSync(parent)).toEqual([])
  })

  it('stays as long as its process is there', ({ skip }) => {
    skip(process.platform !== 'linux', 'only Linux tells everybody when a process began')
    const parent = temporaryFolder()
    const name = `.stage0-merge-new-${markOf(process.ppid)}x`
    oldStage(parent, name)
    removeLeftBehind(parent)
    expect(readdirSync(parent)).toEqual([name])
  })
})
