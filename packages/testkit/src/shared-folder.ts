import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')

/**
 * The folder of shared conformance data, or `undefined` where it is absent.
 *
 * `STAGE0_FIXTURES` and `STAGE0_VECTORS` name the folders; without them they are looked for beside the project.
 * A conformance suite must print why it skips when this is `undefined`; `.ci/run` fails in that case.
 */
export function sharedFolder(kind: 'fixtures' | 'vectors'): string | undefined {
  const named = process.env[kind === 'fixtures' ? 'STAGE0_FIXTURES' : 'STAGE0_VECTORS']
  const folder = named !== undefined && named !== '' ? resolve(named) : join(projectRoot, '../shared', kind)
  return existsSync(folder) ? folder : undefined
}
