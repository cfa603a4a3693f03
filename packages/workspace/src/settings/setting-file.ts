import { closeSync, constants, openSync, readSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { err, ok, type Result } from '@stage0/types'
import { isInside } from '../is-inside.ts'
import { systemCode, systemReason } from '../system-error.ts'

/** A setting is a word or a line; a larger file is none. */
const MAX_BYTES = 65_536

/**
 * The trimmed content of a file that holds one setting; `undefined` when there is none, or an empty one. The error is
 * the reason why a file that is there cannot be read, as the end of a sentence.
 */
export function readSettingFile(repository: string, relative: string): Result<string | undefined, string> {
  let descriptor: number | undefined
  try {
    const root = realpathSync(repository)
    const path = realpathSync(join(root, relative))
    if (!isInside(root, path)) return err('it is a link that leaves the repository')
    if (!statSync(path).isFile()) return err('it is not a regular file')
    // Without waiting: should a pipe have taken its place just now, opening it would wait for a writer.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const buffer = Buffer.alloc(MAX_BYTES + 1)
    const length = readSync(descriptor, buffer, 0, buffer.length, 0)
    if (length > MAX_BYTES) return err(`it is larger than ${MAX_BYTES} bytes`)
    const text = new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, length)).trim()
    return ok(text === '' ? undefined : text)
  } catch (thrown) {
    const code = systemCode(thrown)
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return err('it is not UTF-8')
    return code === 'ENOENT' || code === 'ENOTDIR' ? ok(undefined) : err(systemReason(code))
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}
