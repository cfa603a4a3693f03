import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inProject } from '../fresh.ts'

/** What stands in the `package.json` of a package, as far as releases are about it. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly license?: string
  readonly description?: string
  readonly engines?: Readonly<Record<string, string>>
  readonly files?: readonly string[]
  readonly exports?: unknown
  readonly bin?: unknown
  readonly dependencies?: Readonly<Record<string, string>>
  readonly publishConfig?: Readonly<Record<string, unknown>>
}

export interface Package {
  /** As seen from the project, for example `packages/core`. */
  readonly folder: string
  readonly manifest: Manifest
}

const FOLDERS = ['packages', 'apps']

/** Every package of the project. */
export const allPackages = (): readonly Package[] =>
  FOLDERS.flatMap((parent) =>
    readdirSync(inProject(parent), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(parent, name)),
  ).map((folder) => ({ folder, manifest: readManifest(inProject(join(folder, 'package.json'))) }))

/** Those that go to npm: each that is not marked as private. */
export const publishedPackages = (): readonly Package[] =>
  allPackages().filter(({ manifest }) => manifest.private !== true)

/** @throws Error where there is none, or it is no JSON. */
export const readManifest = (path: string): Manifest => JSON.parse(readFileSync(path, 'utf8')) as Manifest
