import type { Problem } from '@stage0/types'

/** The folders of a configuration repository, by what they hold; their names on disk are settings. */
export type FolderKind = 'configurations' | 'dictionaries' | 'types' | 'enumerators' | 'test_data' | 'migrations'

/** One file as it was read: once, whole. */
export interface RawFile {
  readonly folder: FolderKind
  /** Plain file name, for example "user.1.0.0.yaml". */
  readonly name: string
  /** Relative to the repository, with `/`: "dictionaries/user.1.0.0.yaml". */
  readonly path: string
  /** Decoded text, byte order mark kept. */
  readonly text: string
  /** SHA-256 (hex) of the bytes. */
  readonly hash: string
}

/** A whole repository as read in one pass, names in code point order. Made by `packages/workspace`, or by hand in tests and the browser. */
export interface RepositoryFiles {
  readonly files: readonly RawFile[]
  /** What reading itself found: unreadable files, links that leave the repository, ignored names, files above the size limit. */
  readonly problems: readonly Problem[]
}
