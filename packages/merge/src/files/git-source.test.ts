import { describe, expect, it } from 'vitest'
import { join } from 'node:path'
import { gitSource } from './git-source.ts'
import { temporaryFolder, writeFiles } from './testing/folders.ts'

const A = 'a'.repeat(40)
const B = 'b'.repeat(64)
const CONFIG =
  '[core]\n\turl = no\n[remote "other"]\n\turl = https://other\n[remote "origin"]\n\turl = git@host.example:o/x.git\n'
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
    [CONFIG, 'git@host.example:o/x.git'],
    ['[remote "origin"]\nurl=https://user:token@host.example/o/x.git', 'https://host.example/o/x.git'],
    ['[remote "origin"]\n url = https://token@host.example/x', 'https://host.example/x'],
    ['[remote "other"]\n url = https://host.example/x', undefined],
  ])('is where origin is, without secrets: %j', (config, remote) => {
    expect(gitSource(writeFiles(temporaryFolder(), { '.git/config': config }))).toEqual({ remote, commit: undefined })
  })

  it('is nothing without git, and where its files are none', () => {
    expect(gitSource(temporaryFolder())).toEqual(NONE)
    expect(gitSource(writeFiles(temporaryFolder(), { '.git': 'nonsense' }))).toEqual(NONE)
    expect(gitSource(writeFiles(temporaryFolder(), { '.git/HEAD/x': '', '.git/config/x': '' }))).toEqual(NONE)
  })
})
