import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'

const script = (name: string): string => fileURLToPath(new URL(`scripts/${name}`, import.meta.url))

/** A folder of programs that a script finds in place of the real ones; each writes down how it was called. */
function programs(bodies: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'stage0-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const calls = join(folder, 'calls')
  writeFileSync(calls, '')
  for (const [name, body] of Object.entries(bodies)) {
    writeFileSync(join(folder, name), `#!/bin/sh\necho "${name} $*" >> '${calls}'\n${body}\n`)
    chmodSync(join(folder, name), 0o755)
  }
  const run = (name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = folder) => {
    const options = { cwd, encoding: 'utf8' as const, env: { PATH: `${folder}:/usr/bin:/bin`, ...env } }
    const { status, stdout, stderr } = spawnSync(script(name), [...args], options)
    return { status, stdout, stderr, calls: readFileSync(calls, 'utf8').trim().split('\n') }
  }
  return { folder, run }
}

describe('start-mongodb.sh', () => {
  const ready = 'case "$*" in *mongosh*) echo 1;; esac'

  it('starts one alone on this machine only', () => {
    const { status, calls } = programs({ docker: ready }).run('start-mongodb.sh', ['7', 'standalone'])
    expect(status).toBe(0)
    expect(calls[0]).toBe('docker run --detach --name mongodb --publish 127.0.0.1:27017:27017 mongo:7')
    expect(calls.join()).not.toContain('rs.initiate')
  })

  it('makes a replica set of one, and waits until it takes writes', () => {
    const { status, calls } = programs({ docker: ready }).run('start-mongodb.sh', ['8', 'replica-set'])
    expect(status).toBe(0)
    expect(calls[0]).toMatch(/ mongo:8 --replSet rs0 --bind_ip_all$/)
    const [ping, initiate, primary] = calls.slice(1)
    expect(
      [ping, initiate, primary].map((line) => /ping|rs\.initiate|isWritablePrimary/.exec(line ?? '')?.[0]),
    ).toEqual([...['ping', 'rs.initiate', 'isWritablePrimary']])
  })

  it('gives up after a bounded number of looks, with what the server logged', () => {
    const { status, stderr, calls } = programs({ docker: 'case "$*" in logs*) echo the log;; esac' }).run(
      'start-mongodb.sh',
      ['6', 'standalone'],
      { PAUSE_S: '0' },
    )
    expect(status).toBe(1)
    expect(stderr).toContain('the log\nMongoDB 6 was not ready within a minute')
    expect(calls.filter((line) => line.includes('ping'))).toHaveLength(60)
  })

  it('knows no other topology', () => {
    expect(programs({ docker: ready }).run('start-mongodb.sh', ['8', 'sharded']).status).toBe(64)
  })
})

describe('release-state.sh', () => {
  /** A checkout whose version is 1.2.3. */
  function state(tags: readonly string[], env: Readonly<Record<string, string>>, hasNotes = true) {
    const { folder, run } = programs({ node: `echo 1.2.3; case "$*" in *notes) exit ${hasNotes ? 0 : 1};; esac` })
    const work = join(folder, 'work')
    mkdirSync(work)
    const git = (...args: string[]) =>
      spawnSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@b.test', '-c', 'commit.gpgsign=false', ...args], {
        cwd: work,
      })
    git('init', '--quiet')
    git('commit', '--quiet', '--allow-empty', '--message', 'x')
    for (const tag of tags) git('tag', tag)
    const { status, stdout, stderr } = run('release-state.sh', [], env, work)
    expect(status).toBe(0)
    const outputs = Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(/=(.*)/, 2)),
    )
    return { outputs: outputs as Record<string, string>, stderr }
  }

  it.each([
    ['is released where nothing waits, it has no tag, and releases are enabled', [], 'false', 'true', 'true'],
    ['is not while changesets wait', [], 'true', 'true', 'false'],
    ['is not twice', ['v1.2.3'], 'false', 'true', 'false'],
    ['is not unless the owners have enabled releases', [], 'false', '', 'false'],
  ])('a version %s', (_what, tags, waiting, mayPublish, isNew) => {
    const { outputs } = state(tags, { WAITING: waiting, MAY_PUBLISH: mayPublish })
    expect(outputs['is-new']).toBe(isNew)
    expect(outputs['version']).toBe('1.2.3')
    expect(outputs['built-at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/)
  })

  it('is nothing to release where the changelog does not know the version', () => {
    expect(state([], { WAITING: 'false', MAY_PUBLISH: 'true' }, false).outputs['is-new']).toBe('false')
  })

  it('is told where only the owners are missing', () => {
    expect(state([], { WAITING: 'false' }).stderr).toContain('::notice::1.2.3 would be released')
  })
})
