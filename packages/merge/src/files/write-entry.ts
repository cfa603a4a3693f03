import { chmodSync, closeSync, fchmodSync, mkdirSync, openSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Product, ProductEntry } from '../process/product.ts'

const FOLDER_MODE = 0o755

/** For everybody to read, and for its owner to write; less where the template's own file is for fewer. */
const NEW_FILE_MODE = 0o644

/** Permissions with which who can read a file can execute it as well, or nobody can. */
export const modeWith = (mode: number, isExecutable: boolean): number =>
  (mode & 0o666) | (isExecutable ? (mode & 0o444) >> 2 : 0)

/** Writes a file or a link where nothing is yet, with exactly these permissions, whatever the mask says. */
export function writeEntry(path: string, entry: ProductEntry, mode?: number): void {
  if (entry.kind === 'link') {
    symlinkSync(entry.target, path)
    return
  }
  const descriptor = openSync(path, 'wx')
  try {
    writeFileSync(descriptor, entry.bytes)
    fchmodSync(descriptor, mode ?? modeWith((entry.mode ?? NEW_FILE_MODE) & NEW_FILE_MODE, entry.isExecutable))
  } finally {
    closeSync(descriptor)
  }
}

/** For everybody to read, as files are: containers read them as another user. */
export function makeFolder(path: string): void {
  mkdirSync(path)
  chmodSync(path, FOLDER_MODE)
}

/** Writes a whole tree into a folder that is empty and ours. */
export function writeTree(root: string, folders: Iterable<string>, product: Product, onWritten: () => void): void {
  const made = new Set<string>(['.'])
  const make = (folder: string): void => {
    if (made.has(folder)) return
    make(dirname(folder))
    makeFolder(join(root, folder))
    made.add(folder)
  }
  for (const folder of folders) make(folder)
  for (const [path, entry] of product) {
    make(dirname(path))
    writeEntry(join(root, path), entry)
    onWritten()
  }
}
