import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { tarballs } from './pack.ts'
import type { Package } from './published.ts'
import { newestOf, standingOf, type Standing } from './standing.ts'

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
export const tarballOf = ({ manifest: { name, version } }: Package): string =>
  `${name.replace('@', '').replace('/', '-')}-${version}.tgz`

/** What npm calls the integrity of a file: its SHA-512. */
export const integrityOf = (path: string): string =>
  `sha512-${createHash('sha512').update(readFileSync(path)).digest('base64')}`

const LATEST = 'latest'
/** For what is newer in its own line alone: npm wants some name, and nobody installs by this one. */
const EARLIER = 'earlier'

export interface Publication {
  /** Where the tarballs are; those that were tested. */
  readonly folder: string
  readonly packages: readonly Package[]
  /** In which npm runs: it finds there its registry, and how to sign in. */
  readonly environment: NodeJS.ProcessEnv
  /** By which npm finds the version; `latest` is what is installed where nobody names one. */
  readonly distTag: string
  /** Gets a line for each package. */
  readonly tell: (line: string) => void
}

/**
 * Publishes tarballs. What the registry has already is left out where it is the same, byte by byte, so that a release that
 * broke off can be run again; nothing at all is published where it has something else under a name and version of ours.
 * Each package says by its `publishConfig` who may install it, and that where it comes from is signed. Another release may be
 * at work: what is not the newest of a package is not called `latest`, and in the end that name leads to the newest.
 *
 * @throws Error where a tarball is missing, the registry has another one or cannot say, npm refuses one, or `latest` leads elsewhere.
 */
export async function publishAll({ folder, packages, environment, distTag, tell }: Publication): Promise<void> {
  const there = tarballs(folder)
  const wanted = inOrder(packages).map((one) => {
    const file = tarballOf(one)
    if (!there.includes(file)) throw new Error(`${file} is not in ${folder}: pack first.`)
    const { name, version } = one.manifest
    return { name, version, spec: `${name}@${version}`, path: join(folder, file) }
  })
  const compared: (Compared & (typeof wanted)[number])[] = []
  for (const { spec, path, ...one } of wanted)
    compared.push({ ...one, spec, path, ours: integrityOf(path), theirs: await registeredIntegrity(spec, environment) })
  const others = compared.filter(({ ours, theirs }) => theirs !== undefined && theirs !== ours)
  if (others.length > 0) throw new Error(otherContents(others))
  for (const { name, version, spec, path, theirs } of compared) {
    if (theirs !== undefined) tell(`${spec} is there, and is the same`)
    else {
      // As late as can be: the other release is there from one moment to the next.
      const { versions } = await standing(name, environment)
      const isNewest = newestOf([...versions, version]) === version
      const tag = distTag === LATEST && !isNewest ? EARLIER : distTag
      const { status, stdout, stderr } = await npm(['publish', path, '--ignore-scripts', '--tag', tag], environment)
      if (status !== 0) throw new Error(`npm refuses ${spec}:\n${stdout}${stderr}`)
      tell(`${spec} is published`)
    }
  }
  await lookAtLatest(
    wanted.map(({ name }) => name),
    environment,
  )
}

/** A package that was published for the first time under another name than `latest` has none of that name, or one of a suffix. */
async function lookAtLatest(names: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> {
  const wrong: string[] = []
  for (const name of names) {
    const { versions, latest } = await standing(name, environment)
    const newest = newestOf(versions)
    if (newest !== undefined && latest !== undefined && newestOf([newest, latest]) !== latest)
      wrong.push(`  npm dist-tag add ${name}@${newest} ${LATEST}`)
  }
  if (wrong.length > 0) throw new Error([BEHIND, ...wrong].join('\n'))
}

const BEHIND =
  'Everything is published, but another release overlapped, and `latest` leads to an older version. An owner of the packages puts it right:'

interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

async function npm(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Ended> {
  const child = spawn('npm', [...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close') as Promise<[number | null]>
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { status, stdout, stderr }
}

/**
 * The integrity of a version that the registry has.
 *
 * @returns Nothing where it says that it does not have it.
 * @throws Error where it says neither: what cannot be compared must not be taken for missing.
 */
async function registeredIntegrity(spec: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { status, stdout, stderr } = await npm(['view', spec, 'dist', '--json', '--prefer-online'], environment)
  const said = parsed(stdout) as
    { readonly integrity?: string; readonly error?: { readonly code?: string } } | undefined
  if (status === 0 && said?.integrity !== undefined) return said.integrity
  if (said?.error?.code === 'E404') return undefined
  throw new Error(
    [
      `Whether the registry has ${spec} is not known, so that nothing was published.`,
      'Without an answer it would be unknown what is completed. Run the job again when the registry answers.',
      `${stdout}${stderr}`.trim(),
    ].join('\n'),
  )
}

/** @throws Error where the registry does not say. */
async function standing(name: string, environment: NodeJS.ProcessEnv): Promise<Standing> {
  const args = ['view', name, 'versions', 'dist-tags', '--json', '--prefer-online']
  const { status, stdout, stderr } = await npm(args, environment)
  // npm looks at what `latest` leads to, and prints nothing of a package that has no such name.
  if (status === 0 && stdout.trim() === '') return { versions: [], latest: undefined }
  const said = parsed(stdout)
  const found = status === 0 ? standingOf(said) : undefined
  if (found !== undefined) return found
  if ((said as { readonly error?: { readonly code?: string } } | undefined)?.error?.code === 'E404')
    return { versions: [], latest: undefined }
  throw new Error(`Which versions of ${name} the registry has is not known:\n${`${stdout}${stderr}`.trim()}`)
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

interface Compared {
  readonly spec: string
  readonly ours: string
  readonly theirs: string | undefined
}

const otherContents = (others: readonly Compared[]): string =>
  [
    'The registry has other contents under the same name and version, so that nothing was published:',
    ...others.map(({ spec, ours, theirs }) => `  ${spec} is ${theirs ?? ''} there and ${ours} here`),
    'A version of all packages comes from one commit and one packing; what npm has cannot be replaced.',
    'Run only the failed jobs of the run that published it: they take the tarballs which that run packed. Where these are gone, raise the version and release that.',
  ].join('\n')
