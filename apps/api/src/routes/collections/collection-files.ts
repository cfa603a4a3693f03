import { checkRepository, collectionOf, type Repository, type Wanted } from '@stage0/core'
import type { Problem } from '@stage0/types'
import type { Settings, Snapshot } from '@stage0/workspace'
import { fileIndex } from '../repository/file-index.ts'
import { graphOf } from '../repository/graph.ts'

/** A collection of the repository with everything that it is made of. */
export interface CollectionFiles {
  readonly name: string
  /** Path of its configuration file. */
  readonly file: string
  /** Paths of the configuration and of whatever it needs, directly or not. */
  readonly files: ReadonlySet<string>
  /** What is wrong in any of them. */
  readonly problems: readonly Problem[]
  readonly isInvalid: boolean
}

export interface CollectionsOfRepository {
  /** By name, also those whose configuration cannot be read. */
  readonly collections: ReadonlyMap<string, CollectionFiles>
  /** What the collections without an error want of a database; `undefined` where not even that can be told. */
  readonly wanted: Wanted | undefined
}

const kept = new WeakMap<Snapshot, CollectionsOfRepository>()

/** Which files make up each collection, so that one broken collection does not speak against the others. */
export function collectionsOf(snapshot: Snapshot, settings: Settings): CollectionsOfRepository {
  const found = kept.get(snapshot)
  if (found !== undefined) return found
  const collections = findCollections(snapshot, settings)
  const wanted =
    snapshot.wanted ??
    (isReadable(snapshot) ? wantedOfValid(snapshot.repository, [...collections.values()], settings) : undefined)
  const made = { collections, wanted }
  kept.set(snapshot, made)
  return made
}

/** A folder that could not be read wants nothing, which is not the same as wanting no collections. */
const isReadable = ({ problems }: Snapshot): boolean =>
  !problems.some(({ file, severity }) => file === undefined && severity === 'error')

function findCollections(snapshot: Snapshot, settings: Settings): ReadonlyMap<string, CollectionFiles> {
  const needs = neededFiles(snapshot)
  const paths = new Map<string, string[]>()
  for (const { name: fileName, path } of fileIndex(snapshot, settings).configurations.values()) {
    const name = collectionOf(fileName)
    paths.set(name, [...(paths.get(name) ?? []), path])
  }
  const collections = new Map<string, CollectionFiles>()
  for (const [name, own] of paths) {
    // Of two files for one collection the first that can be read counts, but what is wrong with the other is wrong here.
    const file = snapshot.repository.configurations.get(name)?.at.file.path ?? own[0] ?? name
    const files = new Set([...own, ...(needs.get(name) ?? [])])
    const problems = snapshot.problems.filter((problem) => problem.file !== undefined && files.has(problem.file))
    const isInvalid = problems.some(({ severity }) => severity === 'error')
    collections.set(name, { name, file, files, problems, isInvalid })
  }
  return collections
}

/** Paths of all that each collection uses, whatever uses it for it. */
function neededFiles(snapshot: Snapshot): ReadonlyMap<string, ReadonlySet<string>> {
  const { nodes, edges } = graphOf(snapshot)
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const targets = new Map<string, string[]>()
  for (const { from, to, how } of edges) {
    // Who uses a dictionary pins its enumerators: another collection may use it with others. The pinned file is an edge of its own.
    if (how !== 'enumerator') targets.set(from, [...(targets.get(from) ?? []), to])
  }
  const needs = new Map<string, ReadonlySet<string>>()
  for (const { id, kind, name } of nodes) {
    if (kind !== 'collection') continue
    const reached = new Set([id])
    // A set tells what is added to it while it is walked through.
    for (const each of reached) for (const to of targets.get(each) ?? []) reached.add(to)
    const files = [...reached].flatMap((each) => byId.get(each)?.file ?? [])
    needs.set(name, new Set(files))
  }
  return needs
}

/** The repository without what is wrong in it, as far as whole collections go. */
function wantedOfValid(
  repository: Repository,
  collections: readonly CollectionFiles[],
  settings: Settings,
): Wanted | undefined {
  const valid = collections.filter(({ isInvalid }) => !isInvalid)
  const names = new Set(valid.map(({ name }) => name))
  const files = new Set(valid.flatMap((each) => [...each.files]))
  const kept = <K, T extends { readonly at: { readonly file: { readonly path: string } } }>(all: ReadonlyMap<K, T>) =>
    new Map([...all].filter(([, { at }]) => files.has(at.file.path)))
  const sound: Repository = {
    configurations: new Map([...repository.configurations].filter(([name]) => names.has(name))),
    dictionaries: kept(repository.dictionaries),
    types: kept(repository.types),
    enumerators: kept(repository.enumerators),
    testData: kept(repository.testData),
    migrations: kept(repository.migrations),
    broken: repository.broken,
    problems: [],
  }
  const options = { loadTestData: settings.LOAD_TEST_DATA.value, maxDepth: settings.RENDER_STACK_MAX_DEPTH.value }
  return checkRepository(sound, options).wanted
}
