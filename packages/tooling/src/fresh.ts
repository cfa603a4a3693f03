import { readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A build takes seconds; a look whether anything changed does not. */
const root = join(dirname(fileURLToPath(import.meta.url)), '../../..')

/** An absolute path from one in the project. */
export const inProject = (path: string): string => join(root, path)

/** The newest change below a path, in milliseconds since the epoch; tests are not part of what is built. */
function newest(path: string): number {
  const stats = statSync(path)
  if (!stats.isDirectory()) return path.endsWith('.test.ts') ? 0 : stats.mtimeMs
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

/**
 * Whether something built is missing, or older than what it is made of.
 *
 * @param built A file of the project, the last to be written.
 * @param sources Files and folders of the project.
 */
export function isStale(built: string, sources: readonly string[]): boolean {
  const stats = statSync(inProject(built), { throwIfNoEntry: false })
  return stats === undefined || sources.some((path) => newest(inProject(path)) > stats.mtimeMs)
}
