import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { mustBeRaisedHere, raisedBy } from './raised.ts'

const NAMES = ['-c', 'user.name=A', '-c', 'user.email=a@b.test', '-c', 'commit.gpgsign=false', '-c', 'merge.ff=false']

/** A checkout in which commits are made; each is given as what it writes. */
function checkout() {
  const folder = mkdtempSync(join(tmpdir(), 'stage0-raised-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const git = (...args: string[]): string => {
    const env = { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
    const { status, stdout, stderr } = spawnSync('git', [...NAMES, ...args], { cwd: folder, encoding: 'utf8', env })
    expect(status, stderr).toBe(0)
    return stdout.trim()
  }
  mkdirSync(join(folder, 'apps/cli'), { recursive: true })
  git('init', '--quiet', '--initial-branch=main')
  const commit = (files: Readonly<Record<string, string>>): string => {
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text)
    git('add', '--all')
    git('commit', '--quiet', '--allow-empty', '--message', 'x')
    return git('rev-parse', 'HEAD')
  }
  const version = (number: string) => ({
    'apps/cli/package.json': JSON.stringify({ name: '@stage0/cli', version: number }),
  })
  const changelog = (...numbers: string[]) => ({
    'CHANGELOG.md': `# Changelog\n\n## Unreleased\n${numbers.map((one) => `\n## ${one} (2026-01-01)\n\n- New.\n`).join('')}`,
  })
  return { folder, git, commit, version, changelog }
}

describe('the commit of a version', () => {
  it('is the one that raised it; from later ones nothing is released, and they say from which it is', () => {
    const { folder, commit, version, changelog } = checkout()
    commit({ ...version('0.1.0'), ...changelog() })
    expect(() => raisedBy(folder)).toThrow('The changelog has no section for 0.1.0')
    const first = commit({ ...version('0.2.0'), ...changelog('0.2.0') })
    expect(() => mustBeRaisedHere(folder)).not.toThrow()
    commit({ 'other.txt': 'mended' })
    const later = commit({ 'CHANGELOG.md': `${changelog('0.2.0')['CHANGELOG.md']}\n- A word.\n` })
    expect(raisedBy(folder)).toBe(first)
    expect(() => mustBeRaisedHere(folder)).toThrow(`published from ${later}: the version was raised by ${first}.`)
    expect(() => mustBeRaisedHere(folder)).toThrow(/Run the workflow of .* again/)
    const second = commit({ ...version('0.3.0'), ...changelog('0.3.0', '0.2.0') })
    expect(raisedBy(folder)).toBe(second)
  })

  it('is the merge where it was merged: that is what the branch has, and what a workflow runs for', () => {
    const { folder, git, commit, version, changelog } = checkout()
    commit({ ...version('0.1.0'), ...changelog() })
    git('switch', '--quiet', '--create', 'release/next')
    const proposed = commit({ ...version('0.2.0'), ...changelog('0.2.0') })
    git('switch', '--quiet', 'main')
    commit({ 'other.txt': 'x' })
    git('merge', '--quiet', '--no-edit', 'release/next')
    expect(raisedBy(folder)).toBe(git('rev-parse', 'HEAD'))
    expect(raisedBy(folder)).not.toBe(proposed)
    expect(() => mustBeRaisedHere(folder)).not.toThrow()
  })

  it('is the one that wrote its section, where the number was there before', () => {
    const { folder, commit, version, changelog } = checkout()
    commit({ ...version('0.1.0'), ...changelog() })
    const first = commit(changelog('0.1.0'))
    expect(raisedBy(folder)).toBe(first)
  })

  it('is the latest that raised it, where it was taken back before', () => {
    const { folder, commit, version, changelog } = checkout()
    commit({ ...version('0.2.0'), ...changelog('0.2.0') })
    commit({ ...version('0.1.0'), ...changelog() })
    const again = commit({ ...version('0.2.0'), ...changelog('0.2.0') })
    commit({ 'other.txt': 'x' })
    expect(raisedBy(folder)).toBe(again)
  })

  it('is not guessed where the history is cut off', () => {
    const { folder, git, commit, version, changelog } = checkout()
    commit({ ...version('0.2.0'), ...changelog('0.2.0') })
    commit({ 'other.txt': 'x' })
    git('clone', '--quiet', '--depth=1', `file://${folder}`, 'cut')
    expect(() => raisedBy(join(folder, 'cut'))).toThrow('cut off here: fetch all of it')
  })
})
