import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeFormer } from './former.ts'

const NOW = new Date('2030-01-01T12:00:00Z')
const HOUR = 3_600_000

describe('what an earlier build left', () => {
  let root = ''
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'stage0-former-'))
    writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'made', version: '1.0.0', files: ['dist'] }))
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  const lay = (name: string, age: number): void => {
    const path = join(root, 'dist', name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, '')
    utimesSync(path, NOW, new Date(NOW.getTime() - age))
  }
  const left = () =>
    readdirSync(join(root, 'dist'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort()
  const packed = (): string[] => {
    const args = ['pack', '--dry-run', '--json', '--ignore-scripts']
    const { stdout } = spawnSync('npm', args, { cwd: root, encoding: 'utf8' })
    const [one] = JSON.parse(stdout) as [{ readonly files: readonly { readonly path: string }[] }]
    return one.files.map(({ path }) => path).sort()
  }

  it('stays an hour for who loads it late, and is not packed', () => {
    lay('main.js', 2 * HOUR)
    lay('chunks/needed-1.js', 2 * HOUR)
    lay('chunks/former-2.js', HOUR - 1)
    lay('chunks/former-3.js', HOUR + 1)
    lay('types/main.d.ts', 2 * HOUR)
    removeFormer(
      join(root, 'dist'),
      new Map([
        ['main.js', ''],
        [join('chunks', 'needed-1.js'), ''],
      ]),
      NOW,
    )
    expect(left()).toEqual(['.npmignore', 'former-2.js', 'main.d.ts', 'main.js', 'needed-1.js'])
    expect(packed()).toEqual(['dist/chunks/needed-1.js', 'dist/main.js', 'dist/types/main.d.ts', 'package.json'])
  })

  it('is packed again when a later build needs it again', () => {
    lay('main.js', 0)
    lay('chunks/once-1.js', 0)
    removeFormer(join(root, 'dist'), new Map([['main.js', '']]), NOW)
    expect(packed()).not.toContain('dist/chunks/once-1.js')
    removeFormer(
      join(root, 'dist'),
      new Map([
        ['main.js', ''],
        [join('chunks', 'once-1.js'), ''],
      ]),
      NOW,
    )
    expect(packed()).toContain('dist/chunks/once-1.js')
  })
})
