import { spawnSync } from 'node:child_process'
import { closeSync, fsyncSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** From so many files on, one call for the whole file system takes less time than one for each file. */
const MANY = 64

/**
 * Returns when everything below a folder is on the disk, so that what is done next is not on it before.
 *
 * Of many files each would wait for the disk on its own: 5,000 take ten seconds where all at once take a tenth of one. Linux has
 * a call for that, which only a program of the system makes for us; where it is not there, each file is asked for.
 *
 * @param count How many files are there.
 */
export function settle(folder: string, count: number): void {
  if (count >= MANY && process.platform === 'linux' && syncFileSystem(folder)) return
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries) if (entry.isFile()) settleOne(join(entry.parentPath, entry.name))
  for (const entry of entries) if (entry.isDirectory()) settleFolder(join(entry.parentPath, entry.name))
  settleFolder(folder)
}

/** The names in a folder. Windows opens no folders, and keeps the order of names by itself. */
export function settleFolder(folder: string): void {
  if (process.platform !== 'win32') settleOne(folder)
}

function settleOne(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

const syncFileSystem = (folder: string): boolean =>
  spawnSync('sync', ['--file-system', '--', folder], { stdio: 'ignore' }).status === 0
