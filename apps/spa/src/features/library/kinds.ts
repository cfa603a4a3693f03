import type { FileKind } from '@stage0/types'

/** Kinds of files that the library shows. */
export type LibraryKind = Exclude<FileKind, 'configurations'>

/** Where each kind is listed, and the key of its texts below "library". */
export const LISTS: Readonly<Record<LibraryKind, { readonly path: string; readonly texts: string }>> = {
  types: { path: '/types', texts: 'types' },
  dictionaries: { path: '/schemas', texts: 'schemas' },
  enumerators: { path: '/enumerators', texts: 'enumerators' },
  migrations: { path: '/migrations', texts: 'migrations' },
  test_data: { path: '/test-data', texts: 'testData' },
}
