import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { byCodePoints } from './code-points.ts'
import { inPool } from './pool.ts'
import type { WorkspaceOptions } from './read-workspace.ts'
import { systemCode } from './system-error.ts'

const STATS_AT_ONCE = 16
/** File systems tell times in steps: two changes within one may look alike. */
const STEP_MS = 50

/** What tells two states of a repository apart without reading its files. */
export interface Fingerprint {
  readonly text: string
  /** Whether something changed so lately that one more change might not show: this state is not to be relied on. */
  readonly isFresh: boolean
}

/**
 * Looks at names, sizes and times of all files of a repository. Whatever cannot be looked at counts with its reason, so that it shows
 * when that changes.
 *
 * @param nowMs The time of the machine whose disk it is.
 */
export async function fingerprintWorkspace(
  folder: string,
  options: WorkspaceOptions,
  nowMs: number,
): Promise<Fingerprint> {
  const listed = await Promise.all(Object.values(options.folders).map((name) => list(join(folder, name))))
  const paths = [folder, ...listed.flatMap(({ paths }) => paths)]
  const looks = await inPool(paths, STATS_AT_ONCE, look)
  return {
    text: [...listed.map(({ said }) => said), ...looks.map(({ said }) => said)].join('\n'),
    isFresh: looks.some(({ changedMs }) => changedMs > nowMs - STEP_MS),
  }
}

async function list(folder: string): Promise<{ readonly said: string; readonly paths: readonly string[] }> {
  try {
    const names = byCodePoints(await readdir(folder))
    return { said: `${folder} ${names.length}`, paths: names.map((name) => join(folder, name)) }
  } catch (thrown) {
    return { said: `${folder} ${systemCode(thrown)}`, paths: [] }
  }
}

async function look(path: string): Promise<{ readonly said: string; readonly changedMs: number }> {
  try {
    const { ino, size, mtimeNs, ctimeNs, ctimeMs, mode } = await stat(path, { bigint: true })
    return { said: `${path} ${ino} ${size} ${mtimeNs} ${ctimeNs} ${mode}`, changedMs: Number(ctimeMs) }
  } catch (thrown) {
    return { said: `${path} ${systemCode(thrown)}`, changedMs: 0 }
  }
}
