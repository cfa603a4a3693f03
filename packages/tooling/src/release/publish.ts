import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { publishedPackages, type Package } from './published.ts'
import { tarballs } from './pack.ts'

/** Packages in an order in which each comes after those that it needs: nobody can install one whose needs are missing. */
export function inOrder(packages: readonly Package[]): readonly Package[] {
  const ordered: Package[] = []
  const add = (one: Package): void => {
    if (ordered.includes(one)) return
    const needs = Object.keys(one.manifest.dependencies ?? {})
    for (const other of packages) if (other !== one && needs.includes(other.manifest.name)) add(other)
    ordered.push(one)
  }
  for (const one of packages) add(one)
  return ordered
}

/** How npm names the tarball of a package. */
const tarballOf = ({ manifest: { name, version } }: Package): string =>
  `${name.replace('@', '').replace('/', '-')}-${version}.tgz`

/**
 * Publishes the tarballs of a folder, which are those that were tested. What the registry has already is left out, so
 * that a release that broke off can be run again.
 *
 * @param tell Gets a line for each package.
 * @param environment In which npm runs: it finds there how to sign in.
 * @param distTag By which npm finds the version; `latest` is what is installed where nobody names one.
 * @throws Error where a tarball is missing, or npm refuses one.
 */
export function publishAll(
  folder: string,
  tell: (line: string) => void,
  environment: NodeJS.ProcessEnv,
  distTag: string,
): void {
  const npm = (args: readonly string[]) => spawnSync('npm', [...args], { encoding: 'utf8', env: environment })
  const options = ['--access', 'public', '--provenance', '--ignore-scripts', '--tag', distTag]
  const there = tarballs(folder)
  for (const one of inOrder(publishedPackages())) {
    const { name, version } = one.manifest
    const file = tarballOf(one)
    if (!there.includes(file)) throw new Error(`${file} is not in ${folder}: pack first.`)
    if (npm(['view', `${name}@${version}`, 'version']).stdout.trim() === version) tell(`${name}@${version} is there`)
    else {
      const { status, stdout, stderr } = npm(['publish', join(folder, file), ...options])
      if (status !== 0) throw new Error(`npm refuses ${name}@${version}:\n${stdout}${stderr}`)
      tell(`${name}@${version} is published`)
    }
  }
}
