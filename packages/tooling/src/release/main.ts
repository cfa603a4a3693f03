import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { inProject } from '../fresh.ts'
import { notesOf, readChangeset, withVersion } from './changelog.ts'
import { packAll } from './pack.ts'
import { pinAll } from './pins.ts'
import { publishAll } from './publish.ts'
import { publishedPackages, readManifest } from './published.ts'
import { mustBeRaisedHere, raisedBy } from './raised.ts'
import { stampAll } from './stamp.ts'

/**
 * The steps of a release (docs/guides/releasing.md), for the workflow and for people. It can be run from its sources by a
 * Node that reads types away, with nothing installed beside it: so it is where a token publishes.
 */
const CHANGELOG = 'CHANGELOG.md'
const CHANGESETS = '.changeset'

const currentVersion = (): string => readManifest(inProject('apps/cli/package.json')).version
const tell = (line: string): void => void process.stdout.write(`${line}\n`)

const VERBS: Readonly<Record<string, (argument: string, more: string) => void | Promise<void>>> = {
  /** The version of all packages; of no release yet where it has no section in the changelog. */
  version: () => tell(currentVersion()),
  /** Raises the version by what the changesets say, where templates name it too, and writes them into the changelog. */
  raise: () => {
    const names = readdirSync(inProject(CHANGESETS)).filter((name) => name.endsWith('.md') && name !== 'README.md')
    const changesets = names
      .sort()
      .flatMap((name) => readChangeset(readFileSync(inProject(join(CHANGESETS, name)), 'utf8')) ?? [])
    const { status } = spawnSync(process.execPath, [inProject('node_modules/@changesets/cli/bin.js'), 'version'], {
      cwd: inProject('.'),
      stdio: 'inherit',
    })
    if (status !== 0) throw new Error('The version could not be raised.')
    pinAll(currentVersion())
    const changelog = readFileSync(inProject(CHANGELOG), 'utf8')
    const day = new Date().toISOString().slice(0, 10)
    if (changesets.length > 0)
      writeFileSync(inProject(CHANGELOG), withVersion(changelog, currentVersion(), day, changesets))
  },
  /** What the changelog says of the current version. */
  notes: () => {
    const notes = notesOf(readFileSync(inProject(CHANGELOG), 'utf8'), currentVersion())
    if (notes === undefined) throw new Error(`The changelog has no section for ${currentVersion()}.`)
    process.stdout.write(notes)
  },
  stamp: stampAll,
  pack: (folder) => packAll(resolve(folder)).forEach(tell),
  /** The commit that raised the version, from which alone it is released. */
  raised: () => tell(raisedBy(inProject('.'))),
  publish: (folder, distTag) => {
    mustBeRaisedHere(inProject('.'))
    const [packages, environment] = [publishedPackages(), process.env]
    return publishAll({ folder: resolve(folder), packages, environment, distTag: distTag || 'latest', tell })
  },
}

const [verb = '', argument = '', more = ''] = process.argv.slice(2)
const act = VERBS[verb]
if (act === undefined) {
  process.stderr.write(`One of ${Object.keys(VERBS).join(', ')}.\n`)
  process.exitCode = 64
} else
  try {
    await act(argument, more)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
