import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
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
  function state(
    tags: readonly string[],
    env: Readonly<Record<string, string>>,
    { hasNotes = true, isWaiting = false, raised = 'git rev-parse HEAD', isOnMain = true } = {},
  ) {
    const node = `case "$*" in *notes) exit ${hasNotes ? 0 : 1};; *raised) ${raised};; *) echo 1.2.3;; esac`
    const { folder, run } = programs({ node })
    const work = join(folder, 'work')
    mkdirSync(work)
    mkdirSync(join(work, '.changeset'))
    for (const name of ['README.md', ...(isWaiting ? ['one.md'] : [])])
      writeFileSync(join(work, '.changeset', name), 'x')
    const git = (...args: string[]) =>
      spawnSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@b.test', '-c', 'commit.gpgsign=false', ...args], {
        cwd: work,
      })
    git('init', '--quiet')
    git('commit', '--quiet', '--allow-empty', '--message', 'x')
    for (const tag of tags) git('tag', tag)
    git('update-ref', 'refs/remotes/origin/main', 'HEAD')
    git('commit', '--quiet', '--allow-empty', '--message', 'y')
    if (isOnMain) git('update-ref', 'refs/remotes/origin/main', 'HEAD')
    const { status, stdout, stderr } = run('release-state.sh', [], env, work)
    const outputs = Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(/=(.*)/, 2)),
    )
    return { status, outputs: outputs as Record<string, string>, stderr }
  }

  it.each([
    ['is released where nothing waits, it has no tag, and releases are enabled', [], false, 'true', 'true'],
    ['is not while changesets wait', [], true, 'true', 'false'],
    ['is not twice', ['v1.2.3'], false, 'true', 'false'],
    ['is not unless the owners have enabled releases', [], false, '', 'false'],
  ])('a version %s', (_what, tags, isWaiting, mayPublish, isNew) => {
    const { status, outputs } = state(tags, { MAY_PUBLISH: mayPublish }, { isWaiting })
    expect(status).toBe(0)
    expect(outputs).toMatchObject({ 'is-new': isNew, waiting: String(isWaiting), version: '1.2.3' })
    expect(outputs['built-at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/)
  })

  it('is nothing to release where the changelog does not know the version', () => {
    expect(state([], { MAY_PUBLISH: 'true' }, { hasNotes: false }).outputs['is-new']).toBe('false')
  })

  it('is nothing to release from a commit that did not raise the version, which says which one did', () => {
    const { status, outputs, stderr } = state([], { MAY_PUBLISH: 'true' }, { raised: `echo ${'a'.repeat(40)}` })
    expect([status, outputs['is-new']]).toEqual([0, 'false'])
    expect(stderr).toBe(
      `::notice::1.2.3 is released by the run of ${'a'.repeat(40)}, which raised it: where that broke off, run its failed jobs again\n`,
    )
  })

  it('is nothing to release from a commit that never came to main', () => {
    const { status, outputs, stderr } = state([], { MAY_PUBLISH: 'true' }, { isOnMain: false })
    expect([status, outputs['is-new']]).toEqual([0, 'false'])
    expect(stderr).toBe('::notice::1.2.3 is not released from here: this commit is not on main\n')
  })

  it('ends where that cannot be told', () => {
    expect(state([], { MAY_PUBLISH: 'true' }, { raised: 'echo cut off >&2; exit 1' })).toMatchObject({
      status: 1,
      stderr: 'cut off\n',
    })
  })

  it('is told where only the owners are missing', () => {
    expect(state([], {}).stderr).toContain('::notice::1.2.3 would be released')
  })
})

/** A manifest, and a line of a template that names the version. */
const MANIFEST =
  '{\n  "version": "1.2.2",\n  "scripts": {},\n  "dependencies": { "x": "1.0.0" }\n}\nFROM host/stage0-api:1.2.2\n'

describe('the pull request of a release', () => {
  const identity = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
  /** A checkout of a remote, and programs that raise its version and stand for the code host. */
  function project(raised: string, open = '', files: readonly string[] = []) {
    const gh = `case "$*" in 'pr list'*) echo '${open}';; esac`
    const node = `case "$*" in *raise) ${raised};; *version) echo 1.2.3;; *notes) echo notes;; esac`
    const { folder, run } = programs({ gh, node })
    const work = join(folder, 'work')
    const git = (...args: string[]): string => {
      const names = ['-c', 'user.name=A', '-c', 'user.email=a@b.test', '-c', 'commit.gpgsign=false']
      const { status, stdout, stderr } = spawnSync('git', [...names, ...args], {
        ...{ cwd: work, encoding: 'utf8' as const, env: { ...identity, PATH: process.env['PATH'] } },
      })
      if (status !== 0) throw new Error(stderr)
      return stdout.trim()
    }
    mkdirSync(join(work, '.changeset'), { recursive: true })
    writeFileSync(join(work, '.changeset/one.md'), 'x')
    for (const file of ['package.json', ...files]) {
      mkdirSync(join(work, file, '..'), { recursive: true })
      writeFileSync(join(work, file), MANIFEST)
    }
    git('init', '--quiet', '--initial-branch=main')
    git('add', '--all')
    git('commit', '--quiet', '--message', 'x')
    git('init', '--quiet', '--bare', join(folder, 'remote'))
    git('remote', 'add', 'origin', join(folder, 'remote'))
    git('push', '--quiet', 'origin', 'main')
    const sha = git('rev-parse', 'HEAD')
    const propose = (at = sha) => {
      const made = run('raise-version.sh', [join(folder, 'raised')], identity, work)
      expect(made.stderr).toBe('')
      git('reset', '--quiet', '--hard')
      return run('propose-release.sh', [join(folder, 'raised')], { ...identity, GITHUB_SHA: at }, work)
    }
    return { propose, git }
  }
  // No package has a changelog of its own here, which an action for changesets would ask for.
  const RAISED = 'sed -i s/1.2.2/1.2.3/ package.json; echo log > CHANGELOG.md; rm .changeset/one.md'

  it('has what raises the version, and is made where there is none', () => {
    const { propose, git } = project(RAISED)
    const { status, calls, stderr } = propose()
    expect([status, stderr]).toEqual([0, ''])
    expect(git('diff', '--name-status', 'main', 'origin/release/next').split(/\s+/)).toEqual([
      ...['D', '.changeset/one.md', 'A', 'CHANGELOG.md', 'M', 'package.json'],
    ])
    expect(calls.at(-1)).toMatch(/^gh pr create --head release\/next --base main --title chore: release 1\.2\.3 /)
  })

  it('is changed where it stands', () => {
    const calls = project(RAISED, '12').propose().calls
    expect(calls.at(-1)).toMatch(/^gh pr edit 12 --title chore: release 1\.2\.3 /)
  })

  it('changes nothing but versions, changesets and the changelog', () => {
    const { status, stderr, calls } = project(`${RAISED}; echo x > main.mjs`).propose()
    expect([status, stderr]).toEqual([1, expect.stringContaining('not:\nmain.mjs\n')])
    expect(calls.join()).not.toContain('gh pr')
  })

  it.each(['Dockerfile', '.github/workflows/stage0.yml', '.stage0_template/test_expected/README.md'])(
    'takes along where the template names the version: %s',
    (name) => {
      const path = `packages/templates/mongodb-api/${name}`
      const { propose, git } = project(`${RAISED}; sed -i s/1.2.2/1.2.3/ ${path}`, '', [path])
      const { status, stderr } = propose()
      expect([status, stderr]).toEqual([0, ''])
      expect(git('diff', '--name-only', 'main', 'origin/release/next').split('\n')).toContain(path)
    },
  )

  const TEMPLATE = 'packages/templates/mongodb-api/Dockerfile'
  it.each([
    ['moves a file to where a version may change', `git mv main.mjs packages/templates/mongodb-api/x`, 'main.mjs'],
    ['removes a file of the template', `rm ${TEMPLATE}`, TEMPLATE],
    ['adds a script to a manifest', `sed -i 's/"scripts": {/&"postinstall":"id"/' package.json`, 'package.json'],
    ['raises what others publish', `sed -i 's/"x": "1.0.0"/"x": "6.6.6"/' package.json`, 'package.json'],
    ['adds a line to the template', `echo RUN id >> ${TEMPLATE}`, TEMPLATE],
    ['names another image', `sed -i s/host/evil/ ${TEMPLATE}`, TEMPLATE],
    ['makes a file a program', `chmod +x ${TEMPLATE}`, TEMPLATE],
    ['makes a file a link', `ln -sf /etc/passwd ${TEMPLATE}`, TEMPLATE],
    ['writes more than a number', `sed -i 's/-api:1.2.2/-api:1.2.3 AS x/' ${TEMPLATE}`, TEMPLATE],
  ])('is not made where the patch %s', (_what, act, file) => {
    const { status, stderr, calls } = project(`${RAISED}; ${act}`, '', ['main.mjs', TEMPLATE]).propose()
    expect([status, stderr]).toEqual([1, expect.stringContaining(`\n${file}\n`)])
    expect(calls.join()).not.toContain('gh pr')
  })

  it('adds nothing but a changelog', () => {
    const added = 'packages/templates/mongodb-api/new.sh'
    const { status, stderr, calls } = project(
      `${RAISED}; mkdir -p packages/templates/mongodb-api; echo x > ${added}`,
    ).propose()
    expect([status, stderr]).toEqual([1, expect.stringContaining(`not:\n${added}\n`)])
    expect(calls.join()).not.toContain('gh pr')
  })

  it('is left to the later push where there is one', () => {
    const { status, stdout, calls } = project(RAISED).propose('0'.repeat(40))
    expect([status, stdout]).toEqual([0, expect.stringContaining('::notice::main has moved on')])
    expect(calls.join()).not.toContain('gh pr')
  })
})

const NPM_HAS_NONE = 'echo \'{ "error": { "code": "E404" } }\'; exit 1'

describe('a release that is run again', () => {
  const env = { GITHUB_REPOSITORY: 'owner/name', GITHUB_SHA: 'a'.repeat(40) }
  const host = (tags: readonly string[], isThere: boolean, hasMajor = true, npm = NPM_HAS_NONE) =>
    programs({
      npm,
      gh: `case "$*" in
        *matching-refs*) printf '%s\\n' ${tags.map((tag) => `refs/tags/${tag}`).join(' ')};;
        'release view'*) exit ${isThere ? 0 : 1};;
        *PATCH*) exit ${hasMajor ? 0 : 1};;
      esac`,
    })
  const ranks = (version: string, tags: readonly string[], npm?: string) =>
    host(tags, true, true, npm).run('release-rank.sh', [version], env).stdout.trim().split('\n').join(' ')

  it.each([
    ['1.2.3', [], 'true true true'],
    ['1.10.0', ['v1', 'v1.9.9', 'v1.10.0'], 'true true true'],
    ['1.2.3', ['v1', 'v1.2.4', 'v1.2.3'], 'false false false'],
    ['1.2.3', ['v1.10.0'], 'false false true'],
    ['1.2.3', ['v2.0.0', 'v1.1.9', 'v11.2.4'], 'false true true'],
    ['1.2.3-rc.1', ['v1.0.0'], 'false false false'],
  ])('knows whether %s is the newest beside %j', (version, tags, expected) => {
    const [all, major, minor] = expected.split(' ')
    expect(ranks(version, tags)).toBe(`of-all=${all} of-major=${major} of-minor=${minor}`)
  })

  it.each([
    ['1.2.3', ['1.2.3', '1.3.0'], 'false false true'],
    ['1.2.3', '1.2.4', 'false false false'],
    ['1.2.3', ['1.2.3', '1.10.0-rc.1', '1.2.2'], 'true true true'],
  ])('knows whether %s is the newest where npm has %j, which comes before the tag', (version, there, expected) => {
    const [all, major, minor] = expected.split(' ')
    const npm = `echo '${JSON.stringify(there, undefined, 2)}'`
    expect(ranks(version, ['v1.0.0'], npm)).toBe(`of-all=${all} of-major=${major} of-minor=${minor}`)
  })

  it('ends where npm does not say what it has', () => {
    const { status, stdout, stderr } = host([], true, true, 'echo \'{"error":{"code":"E500"}}\'; exit 1').run(
      ...(['release-rank.sh', ['1.2.3'], env] as const),
    )
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toContain('not known')
  })

  const written = (calls: readonly string[]) => calls.filter((line) => !/matching-refs|release view|^npm /.test(line))

  it('makes what is missing and no more, and can so be run to its end', () => {
    const { run } = host(['v0.2.0'], true)
    const { status, calls } = run('tag-release.sh', ['0.2.0', 'notes.md'], env)
    expect(status).toBe(0)
    expect(written(calls)).toEqual([
      `gh api --method PATCH repos/owner/name/git/refs/tags/v0 --raw-field sha=${env.GITHUB_SHA} --field force=true`,
    ])
    const first = host([], false, false).run('tag-release.sh', ['0.2.0', 'notes.md'], env)
    expect(first.status).toBe(0)
    expect(written(first.calls)).toEqual([
      `gh release create v0.2.0 --target ${env.GITHUB_SHA} --title v0.2.0 --notes-file notes.md --latest=true`,
      expect.stringContaining('PATCH'),
      `gh api --method POST repos/owner/name/git/refs --raw-field ref=refs/tags/v0 --raw-field sha=${env.GITHUB_SHA}`,
    ])
  })

  it('moves no tag back from a newer version', () => {
    const { status, calls } = host(['v0.3.0', 'v0.2.0'], true).run('tag-release.sh', ['0.2.0', 'notes.md'], env)
    expect([status, written(calls)]).toEqual([0, []])
  })
})

describe('the tags of images', () => {
  const env = { GITHUB_REPOSITORY: 'Owner/Name' }
  const digest = (letter: string) => `sha256:${letter.repeat(64)}`
  const IMAGES = { service: ['', 'a'], api: ['-api', 'b'], spa: ['-spa', 'c'], batch: ['-batch', 'd'] } as const
  const reference = (target: keyof typeof IMAGES, at = digest(IMAGES[target][1])) =>
    `ghcr.io/owner/name${IMAGES[target][0]}@${at}`

  /**
   * A registry that keeps what each tag leads to, as files.
   *
   * @param body What comes before its answer: where it fails.
   */
  function registry(released: readonly string[], body = '') {
    const docker = `${body}
      shift 2
      case "$1" in
        create) mkdir -p tags; echo "\${4#*@}" > "tags/$(echo "$3" | tr '/:' '__')";;
        inspect) cat "tags/$(echo "$2" | tr '/:' '__')" 2>/dev/null || { echo "$2: not found" >&2; exit 1; };;
      esac`
    const gh = `case "$*" in *matching-refs*) printf '%s\\n' ${released.map((tag) => `refs/tags/${tag}`).join(' ')};; esac`
    const { folder, run } = programs({ docker, gh, npm: `[ -e newer ] && echo '["9.9.9"]' && exit; ${NPM_HAS_NONE}` })
    const images = join(folder, 'images')
    mkdirSync(images)
    for (const target of Object.keys(IMAGES) as (keyof typeof IMAGES)[])
      writeFileSync(join(images, target), `${reference(target)}\n`)
    const tag = (version: string) => run('tag-images.sh', [version, images], env)
    const tags = (): Record<string, string> =>
      Object.fromEntries(
        readdirSync(join(folder, 'tags')).map((name) => [
          name.replace(/^ghcr\.io_owner_name/, ''),
          readFileSync(join(folder, 'tags', name), 'utf8').trim(),
        ]),
      )
    return { folder, images, tag, tags }
  }
  const named = (...names: readonly string[]) =>
    Object.fromEntries(
      Object.values(IMAGES).flatMap(([suffix, letter]) =>
        names.map((name) => [`${suffix}_${name}`, digest(letter)] as const),
      ),
    )

  it.each([
    ['1.2.3', [], ['1.2.3', '1.2', '1', 'latest']],
    ['0.2.0', ['v0.1.0'], ['0.2.0', '0.2', 'latest']],
    ['1.2.3', ['v1.2.4'], ['1.2.3']],
    ['1.2.3', ['v1.10.0'], ['1.2.3', '1.2']],
    ['1.2.3', ['v2.0.0'], ['1.2.3', '1.2', '1']],
  ])('of %s beside %j are %j, each at what was started', (version, released, expected) => {
    const { tag, tags } = registry(released)
    const { status, stderr } = tag(version)
    expect([status, stderr]).toEqual([0, ''])
    expect(tags()).toEqual(named(...expected))
  })

  it('move after every image has its version, and where one breaks off it is run again to its end', () => {
    const broken = registry([], 'case "$*" in *create*-spa:*) [ -e mended ] || exit 1;; esac')
    const first = broken.tag('1.2.3')
    expect(first.status).toBe(1)
    expect(Object.keys(broken.tags()).filter((name) => !name.endsWith('_1.2.3'))).toEqual([])
    writeFileSync(join(broken.folder, 'mended'), '')
    expect(broken.tag('1.2.3').status).toBe(0)
    expect(broken.tags()).toEqual(named('1.2.3', '1.2', '1', 'latest'))
  })

  it('are not believed where the registry leads to something else', () => {
    const other = registry([], `case "$*" in *inspect*) [ -e tags ] && echo ${digest('f')} && exit 0;; esac`)
    const { status, stderr } = other.tag('1.2.3')
    expect([status, stderr]).toEqual([
      1,
      `ghcr.io/owner/name:1.2.3 leads to ${digest('f')}, and not to ${digest('a')}\n`,
    ])
    expect(Object.keys(other.tags())).toEqual(['_1.2.3'])
  })

  it('of a version stay where they are: images that were built anew get none', () => {
    const { images, tag, tags } = registry([])
    expect(tag('1.2.3').status).toBe(0)
    writeFileSync(join(images, 'batch'), reference('batch', digest('e')))
    const { status, stderr } = tag('1.2.3')
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining(`ghcr.io/owner/name-batch:1.2.3 is ${digest('d')} already, and not ${digest('e')}: run`),
    ])
    expect(tags()).toEqual(named('1.2.3', '1.2', '1', 'latest'))
  })

  it('are given to none where it is not known whether they are there', () => {
    const silent = registry([], 'case "$*" in *inspect*) echo unauthorized >&2; exit 1;; esac')
    const { status, stderr } = silent.tag('1.2.3')
    expect([status, stderr]).toEqual([1, expect.stringContaining(':1.2.3 is there is not known:\nunauthorized')])
    expect(existsSync(join(silent.folder, 'tags'))).toBe(false)
  })

  it('that moved while a newer version was released are told', () => {
    const { status, stderr } = registry([], 'case "$*" in *create*) touch newer;; esac').tag('1.2.3')
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('A newer version was released meanwhile: run its job'),
    ])
  })

  it.each([
    ['of another repository', `ghcr.io/other/name-batch@${digest('d')}`],
    ['of another target', reference('api')],
    ['without its digest', 'ghcr.io/owner/name-batch:latest'],
    ['with more behind it', `${reference('batch')} --append`],
  ])('are given to none where one is %s', (_what, text) => {
    const { folder, images, tag } = registry([])
    writeFileSync(join(images, 'batch'), text)
    const { status, stderr } = tag('1.2.3')
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('The image of batch is ghcr.io/owner/name-batch with'),
    ])
    expect(existsSync(join(folder, 'tags'))).toBe(false)
  })
})
