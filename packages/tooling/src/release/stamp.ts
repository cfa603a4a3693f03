import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inProject } from '../fresh.ts'
import { publishedPackages } from './published.ts'

/**
 * A manifest with the address of the repository that it is released from. npm compares it with who signs the release;
 * the sources do not name it, since a copy of them may live elsewhere.
 *
 * @param text Of a `package.json`.
 * @param repository For example `https://code-host.test/owner/name`.
 * @param directory Of the package, in the repository.
 */
export function stamped(text: string, repository: string, directory: string): string {
  const manifest = JSON.parse(text) as Record<string, unknown>
  const url = `git+${repository}.git`
  return `${JSON.stringify({ ...manifest, repository: { type: 'git', url, directory } }, undefined, 2)}\n`
}

/** Stamps every published package of this checkout, which is then one to release from and not to commit. */
export function stampAll(repository: string): void {
  for (const { folder } of publishedPackages()) {
    const path = inProject(join(folder, 'package.json'))
    writeFileSync(path, stamped(readFileSync(path, 'utf8'), repository, folder))
  }
}
