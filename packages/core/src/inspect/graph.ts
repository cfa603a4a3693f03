import { compareStrings } from '@stage0/bson-schema'
import type { FileKind, Graph, GraphEdge, GraphNode } from '@stage0/types'
import { collectionOf } from '../model/configuration.ts'
import type { Repository } from '../model/model.ts'
import { foldersOf } from '../render/check-references.ts'
import type { Unit } from '../render/units.ts'
import { usageIndex, type Use, type UsageIndex } from './usages.ts'

/**
 * The whole repository as nodes and the uses between them, each once: collections, files and enumerators, those that are
 * missing or broken included. An enumerator has a node for each enumerators version; who uses it is joined with the
 * versions that it is used with, or with the newest one that has it where no collection uses it.
 */
export function buildGraph(repository: Repository): Graph {
  const index = usageIndex(repository)
  const nodes = nodesOf(repository)
  const edges = new Map<string, GraphEdge>()
  const pinned = pinnedVersions(repository, index)
  const newest = [...repository.enumerators.keys()].sort((a, b) => b - a)
  for (const use of index.uses) {
    const from = use.collection === undefined ? idOfUnit(use.by as Unit) : `collection:${use.collection}`
    for (const target of targetsOf(use, index, pinned, newest)) {
      if (!nodes.has(target.id)) nodes.set(target.id, target)
      edges.set(`${from}\n${target.id}\n${use.how}`, { from, to: target.id, how: use.how })
    }
  }
  return { nodes: [...nodes.values()].sort((a, b) => compareStrings(a.id, b.id)), edges: [...edges.values()] }
}

const idOfUnit = (unit: Unit): string => idOfFile(unit.at.file.folder, unit.fileName)
const idOfFile = (kind: FileKind, fileName: string): string =>
  kind === 'configurations' ? `collection:${collectionOf(fileName)}` : `${kind}/${fileName}`

function nodesOf(repository: Repository): Map<string, GraphNode> {
  const { configurations, dictionaries, types, enumerators, testData, migrations } = repository
  const nodes = new Map<string, GraphNode>()
  const add = (kind: FileKind, fileName: string, file: string, broken: boolean): void => {
    const id = idOfFile(kind, fileName)
    const isCollection = kind === 'configurations'
    const node = { id, name: isCollection ? collectionOf(fileName) : fileName, file, broken }
    nodes.set(id, { ...node, kind: isCollection ? 'collection' : kind })
  }
  const kinds = new Map([...foldersOf(repository)].map(([kind, folder]) => [folder, kind]))
  for (const path of repository.broken) {
    const at = path.lastIndexOf('/')
    const folder = path.slice(0, Math.max(0, at))
    const kind = kinds.get(folder) ?? FILE_KINDS.find((one) => one === folder)
    if (kind !== undefined) add(kind, path.slice(at + 1), path, true)
  }
  for (const group of [configurations, dictionaries, types, enumerators, testData, migrations]) {
    for (const { at } of group.values()) add(at.file.folder, at.file.name, at.file.path, false)
  }
  for (const { version, enumerators: list } of enumerators.values()) {
    for (const { name, at } of list) {
      const node = enumeratorNode(name, version, at.file.path)
      if (!nodes.has(node.id)) nodes.set(node.id, node)
    }
  }
  return nodes
}

const FILE_KINDS: readonly FileKind[] = [
  'configurations',
  'dictionaries',
  'types',
  'enumerators',
  'test_data',
  'migrations',
]

/** @param file The enumerators file that has it; without one it is missing. */
const enumeratorNode = (name: string, version: number | undefined, file: string | undefined): GraphNode => ({
  id: version === undefined ? `enumerator:${name}` : `enumerator:${name}@${version}`,
  kind: 'enumerator',
  name,
  ...(file !== undefined && { file }),
  broken: file === undefined,
})

/** The nodes that a use leads to; those that are not among the nodes of the repository are missing. */
function targetsOf(
  use: Use,
  index: UsageIndex,
  pinned: ReadonlyMap<Unit, ReadonlySet<number>>,
  newest: readonly number[],
): GraphNode[] {
  const { kind, name } = use
  if (kind !== 'enumerator') return [{ id: idOfFile(kind, name), kind, name, broken: true }]
  const pins = pinned.get(use.by as Unit)
  if (pins !== undefined) return [...pins].map((version) => enumeratorNode(name, version, undefined))
  const version = newest.find((one) => index.hasEnumerator(one, name))
  return [enumeratorNode(name, version, undefined)]
}

/** With which enumerators versions each dictionary and type is used. */
function pinnedVersions(repository: Repository, { units }: UsageIndex): ReadonlyMap<Unit, ReadonlySet<number>> {
  const roots = new Map<number, Unit[]>()
  for (const { name, versions } of repository.configurations.values()) {
    for (const { number } of versions) {
      const root = units.dictionary(`${name}.${number.slice(0, 3).join('.')}`)
      if (root !== undefined) roots.set(number[3], [...(roots.get(number[3]) ?? []), root])
    }
  }
  const pinned = new Map<Unit, Set<number>>()
  for (const [version, group] of roots) {
    for (const unit of units.reachable(group)) {
      const known = pinned.get(unit)
      if (known === undefined) pinned.set(unit, new Set([version]))
      else known.add(version)
    }
  }
  return pinned
}
