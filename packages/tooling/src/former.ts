import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A process that runs meanwhile (the service, a test) may yet load its parts of an earlier build, but none for hours. */
const KEPT_MS = 3_600_000

/** What packing leaves out, in this folder: npm and pnpm read it wherever it stands. */
const IGNORED = '.npmignore'

/**
 * Takes away what an earlier build left, and this one does not need: at once from what is packed, from the folder when
 * it is an hour old. What is packed is told by a list, in place of a removal at packing, which would take parts away from
 * processes that run beside it.
 *
 * @param folder Absolute; what the compiler writes there (`types`, `.tsbuildinfo`) stays.
 * @param files What this build wrote, as seen from the folder.
 * @param now When it began.
 */
export function removeFormer(folder: string, files: ReadonlyMap<string, unknown>, now: Date): void {
  const kept: string[] = []
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (files.has(name) || name.startsWith('types') || name === '.tsbuildinfo' || name === IGNORED) continue
    // Another build may take it away at the same time.
    const stats = statSync(join(folder, name), { throwIfNoEntry: false })
    if (stats?.isFile() !== true) continue
    if (now.getTime() - stats.mtimeMs > KEPT_MS) rmSync(join(folder, name), { force: true })
    else kept.push(`/${name.replaceAll('\\', '/')}\n`)
  }
  writeFileSync(join(folder, IGNORED), kept.sort().join(''))
}
