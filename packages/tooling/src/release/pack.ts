import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { inProject } from '../fresh.ts'
import { publishedPackages } from './published.ts'

/**
 * Packs the published packages from what is built, as npm gets it: ranges of the catalogue and of the workspace are
 * numbers, and what only the project itself imports is gone.
 *
 * @param folder Where the tarballs go; made where it is missing.
 * @param packages Those that are published, or some of them.
 * @returns Their names, sorted.
 * @throws Error where a package cannot be packed.
 */
export function packAll(folder: string, packages = publishedPackages()): readonly string[] {
  mkdirSync(folder, { recursive: true })
  const filters = packages.flatMap(({ manifest }) => ['--filter', manifest.name])
  pnpm(['--recursive', ...filters, 'pack', '--pack-destination', folder])
  return tarballs(folder)
}

export const tarballs = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.tgz'))
    .sort()

/** The pnpm that runs a script of the project, else the one that its documents name. */
function pnpm(args: readonly string[]): void {
  const own = process.env['npm_execpath'] ?? ''
  const [program = '', ...first] = /pnpm[^/\\]*\.[cm]js$/.test(own) ? [process.execPath, own] : ['npx', '-y', 'pnpm@12']
  const { status, stdout, stderr } = spawnSync(program, [...first, ...args], { cwd: inProject('.'), encoding: 'utf8' })
  if (status !== 0) throw new Error(`The packages cannot be packed:\n${stdout}${stderr}`)
}
