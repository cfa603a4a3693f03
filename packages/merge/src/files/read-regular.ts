import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'

/** Systems without it have no pipes with names either. */
const { O_RDONLY, O_NONBLOCK = 0 } = constants

/**
 * What a file holds. What is opened is looked at, not its name: a pipe would be waited for until somebody writes into it, and a
 * device may never end.
 *
 * @returns Undefined for what is no file. What the system refuses is thrown.
 */
export function readRegular(path: string): Uint8Array | undefined {
  const file = openSync(path, O_RDONLY | O_NONBLOCK)
  try {
    return fstatSync(file).isFile() ? readFileSync(file) : undefined
  } finally {
    closeSync(file)
  }
}
