import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gitSource } from './git-source.ts'
import { temporaryFolder, writeFiles } from './testing/folders.ts'

const A = 'a'.repeat(40)
const B = 'b'.repeat(64)
const CONFIG =
  '[core]\n\turl = no\n[remote "other"]\n\turl = https://other\n[remote "origin"]\n\turl = git@host.example:o/x.git\n'
const origin = (url: string): string => `[remote "origin"]\n\turl = ${url}\n`
const NONE = { remote: undefined, commit: undefined }

describe('what git knows of a template', () => {
  it.each([
    ['a branch', { '.git/HEAD': 'ref: refs/heads/main\n', '.git/refs/heads/main': `${A}\n` }, A],
    ['a commit', { '.git/HEAD': `${B}\n` }, B],
    [
      'a branch among others',
      {
        '.git/HEAD': 'ref: refs/heads/main',
        '.git/packed-refs': `# x\n${B} refs/heads/x/refs/heads/main\n${A} refs/heads/main\n`,
      },
      A,
    ],
    ['no commit yet', { '.git/HEAD': 'ref: refs/heads/main' }, undefined],
    ['a way out of it', { '.git/HEAD': 'ref: refs/../../secret', secret: A }, undefined],
    ['branches in a circle', { '.git/HEAD': 'ref: refs/a', '.git/refs/a': 'ref: refs/a' }, undefined],
    [
      'a work tree beside',
      {
        '.git': 'gitdir: ../main/.git/worktrees/x\n',
        '../main/.git/worktrees/x/HEAD': 'ref: refs/heads/y',
        '../main/.git/worktrees/x/commondir': '../..\n',
        '../main/.git/refs/heads/y': A,
      },
      A,
    ],
  ])('is the commit of %s', (_what, files, commit) => {
    const folder = writeFiles(join(temporaryFolder(), 'template'), files)
    expect(gitSource(folder)).toEqual({ remote: undefined, commit })
  })

  it.each([
    [CONFIG, 'host.example:o/x.git'],
    [origin('HTTPS://host.example:8443/o/My%20x.git'), 'https://host.example:8443/o/My%20x.git'],
    [origin('ssh://git@host.example:22/~o/x'), 'ssh://host.example:22/~o/x'],
    [origin('"https://[2001:db8::1]/x"'), 'https://[2001:db8::1]/x'],
    [origin('host.example:/srv/ä+x,y.git'), 'host.example:/srv/ä+x,y.git'],
    ['[Remote "origin"]\nURL=http://host.example/o/x.git', 'http://host.example/o/x.git'],
    ['[remote "other"]\n url = https://host.example/x', undefined],
    [origin('/srv/git/x'), undefined],
    [origin('../x'), undefined],
    [origin('file:///srv/git/x'), undefined],
    [origin('C:/x'), undefined],
    [origin('https://host.example'), undefined],
    [origin(''), undefined],
  ])('is where origin is: %j', (config, remote) => {
    expect(gitSource(writeFiles(temporaryFolder(), { '.git/config': config }))).toEqual({ remote, commit: undefined })
  })

  it.each([
    ['https://user:s3cret@host.example/x', 'https://host.example/x'],
    ['https://s3cret@host.example/x', 'https://host.example/x'],
    ['https://user:p@s3cret@host.example/x', 'https://host.example/x'],
    ['"https://user:s3cret@host.example/x"', 'https://host.example/x'],
    ['https://host.example/x.git?access_token=s3cret', 'https://host.example/x.git'],
    ['https://host.example/x.git#s3cret', 'https://host.example/x.git'],
    ['s3cret@host.example:o/x', 'host.example:o/x'],
    ['"https://user:s3\\"cret@host.example/x"', undefined],
    ['https://user:s3cret@host.example/x # of mine', undefined],
    ['https://user:12/s3cret@host.example/x', undefined],
    ['https://user:p/s3cret@host.example/x', undefined],
    ['https://user:p?s3cret@host.example/x', undefined],
    ['https://user/x?s3cret@host.example/x', undefined],
    ['user:s3cret@host.example:o/x', undefined],
    ['ext::s3cret', undefined],
    ['https://user:s3cret\\', undefined],
  ])('has no secrets in where origin is: %j', (url, remote) => {
    const found = gitSource(writeFiles(temporaryFolder(), { '.git/config': origin(url) }))
    expect(found).toEqual({ remote, commit: undefined })
    expect(JSON.stringify(found)).not.toContain('s3')
  })

  it('does not wait for a pipe in the place of one of its files', ({ skip }) => {
    skip(process.platform === 'win32', 'this system has no pipes with names in folders')
    const folder = writeFiles(join(temporaryFolder(), 'template'), {
      '.git': 'gitdir: ../other\n',
      '../other/x': '',
    })
    execFileSync(
      'mkfifo',
      ['config', 'HEAD', 'commondir'].map((name) => join(folder, '../other', name)),
    )
    expect(gitSource(folder)).toEqual(NONE)
    const piped = temporaryFolder()
    execFileSync('mkfifo', [join(piped, '.git')])
    expect(gitSource(piped)).toEqual(NONE)
  })

  it('is nothing without git, and where its files are none', () => {
    expect(gitSource(temporaryFolder())).toEqual(NONE)
    expect(gitSource(writeFiles(temporaryFolder(), { '.git': 'nonsense' }))).toEqual(NONE)
    expect(gitSource(writeFiles(temporaryFolder(), { '.git/HEAD/x': '', '.git/config/x': '' }))).toEqual(NONE)
  })
})
