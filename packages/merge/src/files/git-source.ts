import { statSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { remoteOf } from './git-remote.ts'
import { readRegular } from './read-regular.ts'
import { systemCode } from './system.ts'

/** What git knows about a folder. */
export interface GitSource {
  /** Where `origin` is, without anything secret; undefined where that cannot be told from it. */
  readonly remote: string | undefined
  /** What is checked out, in hexadecimal digits. */
  readonly commit: string | undefined
}

const LINKS = 8
const COMMIT = /^[0-9a-f]{40,64}$/

/** Reads the files of git itself: no other program is needed, and none is told what to do by a file that came with a template. */
export function gitSource(folder: string): GitSource {
  const git = gitFolder(join(folder, '.git'))
  if (git === undefined) return { remote: undefined, commit: undefined }
  // A work tree beside the first has its own HEAD, and shares everything else.
  const shared = read(join(git, 'commondir'))
  const common = shared === undefined ? git : resolve(git, shared.trim())
  return { remote: remoteOf(read(join(common, 'config')) ?? ''), commit: commitOf(git, common, 'HEAD', LINKS) }
}

/** `.git` is a folder, or a file that names it. */
function gitFolder(path: string): string | undefined {
  const stats = attempt(() => statSync(path, { throwIfNoEntry: false }))
  if (stats === undefined) return undefined
  if (stats.isDirectory()) return path
  const [, named] = /^gitdir: (.+)$/m.exec(read(path) ?? '') ?? []
  if (named === undefined) return undefined
  return isAbsolute(named) ? named : resolve(path, '..', named)
}

function commitOf(git: string, common: string, name: string, links: number): string | undefined {
  const text = (read(join(git, name)) ?? read(join(common, name)))?.trim()
  if (text === undefined) return packed(common, name)
  if (COMMIT.test(text)) return text
  const [, next] = /^ref: (refs\/[\w./-]+)$/.exec(text) ?? []
  if (next === undefined || links === 0 || next.split('/').includes('..')) return undefined
  return commitOf(git, common, next, links - 1)
}

function packed(common: string, name: string): string | undefined {
  const line = read(join(common, 'packed-refs'))
    ?.split('\n')
    .find((one) => one.endsWith(` ${name}`))
  const commit = line?.split(' ')[0] ?? ''
  return COMMIT.test(commit) ? commit : undefined
}

function read(path: string): string | undefined {
  const bytes = attempt(() => readRegular(path))
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes)
}

/** What cannot be read is not known. */
function attempt<T>(from: () => T): T | undefined {
  try {
    return from()
  } catch (thrown) {
    systemCode(thrown)
    return undefined
  }
}
