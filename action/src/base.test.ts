import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { baseCommit, type Event } from './base.mjs'

const env = { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' }
const repo = { full_name: 'owner/name' }
const pullRequest = (base: string, head: string): Event => ({
  pull_request: { number: 7, base: { sha: base, repo }, head: { sha: head, repo } },
})

/** A base branch that goes on after a change has left it; the change merges something else, and is merged. */
function history() {
  const root = mkdtempSync(join(tmpdir(), 'stage0-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const git = (...args: string[]): string => {
    const identity = ['-c', 'user.name=A', '-c', 'user.email=a@b.test', '-c', 'commit.gpgsign=false']
    const { status, stdout, stderr } = spawnSync('git', [...identity, ...args], { cwd: root, env, encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
    return stdout.trim()
  }
  const commit = (message: string): string => {
    git('commit', '--quiet', '--allow-empty', '--message', message)
    return git('rev-parse', 'HEAD')
  }
  git('init', '--quiet', '--initial-branch=main')
  const left = commit('where the change leaves')
  git('checkout', '--quiet', '-b', 'part')
  commit('a part of the change')
  git('checkout', '--quiet', '-b', 'change', 'main')
  commit('the change')
  git('merge', '--quiet', '--no-ff', '--no-edit', 'part')
  const head = git('rev-parse', 'HEAD')
  git('checkout', '--quiet', 'main')
  const base = commit('the base goes on')
  git('merge', '--quiet', '--no-ff', '--no-edit', 'change')
  const merged = git('rev-parse', 'HEAD')
  git('reset', '--quiet', '--hard', base)
  return { root, git, left, base, head, merged }
}
const inFolder = (workspace: string) => ({ workspace, token: '', env })

describe('the commit that a pull request is compared with', () => {
  it('is the base as it is now, where its merge is checked out', async () => {
    const { root, git, left, base, head, merged } = history()
    git('checkout', '--quiet', merged)
    expect(await baseCommit(inFolder(root), pullRequest(left, head))).toBe(base)
  })

  it('is where the head left the base, where the head itself is checked out and is a merge of something else', async () => {
    const { root, git, left, base, head } = history()
    git('checkout', '--quiet', head)
    expect(await baseCommit(inFolder(root), pullRequest(base, head))).toBe(left)
  })

  it('is the same where the checkout is shallow', async () => {
    const { root, left, base, head } = history()
    const shallow = `${root}-shallow`
    onTestFinished(() => rmSync(shallow, { recursive: true, force: true }))
    const clone = ['clone', '--quiet', '--depth=1', '--branch=change', `file://${root}`, shallow]
    expect(spawnSync('git', clone, { env }).status).toBe(0)
    expect(await baseCommit(inFolder(shallow), pullRequest(base, head))).toBe(left)
  })

  it('is the base of the event where history does not tell', async () => {
    const { root, git, head } = history()
    git('checkout', '--quiet', head)
    const unknown = 'a'.repeat(40)
    expect(await baseCommit(inFolder(root), pullRequest(unknown, head))).toBe(unknown)
  })

  it('is what the event names where there is no pull request, and none where that is no commit', async () => {
    const { root, base } = history()
    expect(await baseCommit(inFolder(root), { merge_group: { base_sha: base } })).toBe(base)
    expect(await baseCommit(inFolder(root), { before: base })).toBe(base)
    expect(await baseCommit(inFolder(root), { before: '0'.repeat(40) })).toBeUndefined()
    expect(await baseCommit(inFolder(root), { before: '--upload-pack=x' })).toBeUndefined()
    expect(await baseCommit(inFolder(root), {})).toBeUndefined()
  })
})
