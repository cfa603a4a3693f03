import type { FileKind, Usage } from '@stage0/types'
import type { Configuration, ConfigurationVersion, Located, Property, Repository } from '../model/model.ts'
import { withoutExtension } from '../model/names.ts'
import { sourcePlace } from '../model/source-place.ts'
import { versionText } from '../model/version-number.ts'
import { foldersOf } from '../render/check-references.ts'
import { Units, type Unit } from '../render/units.ts'
import { jsonPointer } from '../text/json-pointer.ts'

/** What can be used: a file by its name, or an enumerator of whichever version by its name. */
export type UsedKind = FileKind | 'enumerator'

/** One use, whose place is looked up only when it is shown. */
export interface Use {
  readonly how: Usage['how']
  readonly kind: UsedKind
  /** File name, or name of the enumerator. Of a missing file the one that was meant. */
  readonly name: string
  readonly at: Located
  readonly text: string
  readonly by: Unit | ConfigurationVersion
  /** Where a version uses it: of which collection. */
  readonly collection: string | undefined
  readonly version: string | undefined
}

/** Who uses what in a repository, found in one pass over it. */
export class UsageIndex {
  readonly units: Units
  readonly uses: readonly Use[]
  readonly #repository: Repository
  readonly #folders: ReturnType<typeof foldersOf>
  readonly #byUsed = new Map<string, Use[]>()
  readonly #names = new Map<number, ReadonlySet<string>>()
  readonly #byUser = new Map<Unit | ConfigurationVersion, Use[]>()

  constructor(repository: Repository) {
    this.#repository = repository
    this.#folders = foldersOf(repository)
    this.units = new Units(repository)
    this.uses = [...this.#ofUnits(), ...this.#ofVersions()]
    for (const use of this.uses) {
      addTo(this.#byUsed, keyOf(use.kind, use.name), use)
      addTo(this.#byUser, use.by, use)
    }
  }

  /** What a dictionary, a type or a version uses itself. */
  by(user: Unit | ConfigurationVersion): readonly Use[] {
    return this.#byUser.get(user) ?? []
  }

  /** How many places use a file or an enumerator. */
  count(kind: UsedKind, name: string): number {
    return this.#byUsed.get(keyOf(kind, name))?.length ?? 0
  }

  of(kind: UsedKind, name: string): Usage[] {
    return (this.#byUsed.get(keyOf(kind, name)) ?? []).map((use) => this.shown(use))
  }

  shown({ how, kind, name, at, text, collection, version }: Use): Usage {
    return {
      how,
      used: kind === 'enumerator' ? name : this.pathOf(kind, name),
      place: sourcePlace(at),
      text,
      ...(collection !== undefined && { collection }),
      ...(version !== undefined && { version }),
    }
  }

  /** Whether the enumerators of a version have an enumerator of that name. */
  hasEnumerator(version: number, name: string): boolean {
    let names = this.#names.get(version)
    if (names === undefined) {
      names = new Set(this.#repository.enumerators.get(version)?.enumerators.map((one) => one.name))
      this.#names.set(version, names)
    }
    return names.has(name)
  }

  /** Where a file is, or would be if it were there. */
  pathOf(kind: FileKind, fileName: string): string {
    return `${this.#folders.get(kind) ?? kind}/${fileName}`
  }

  *#ofUnits(): Iterable<Use> {
    for (const unit of this.units.all) {
      for (const [property, path] of withPaths(unit.root)) {
        const use = this.#useOf(property)
        if (use === undefined) continue
        const text = path === '' ? 'the root' : `property ${path}`
        yield { ...use, at: property.at, text, by: unit, collection: undefined, version: undefined }
      }
    }
  }

  #useOf(property: Property): Pick<Use, 'how' | 'kind' | 'name'> | undefined {
    switch (property.kind) {
      case 'enum':
      case 'enum_array':
        return { how: 'enumerator', kind: 'enumerator', name: property.enums }
      case 'ref': {
        const name = this.units.target(property)?.fileName ?? this.units.dictionaryFileName(property.ref)
        return { how: 'ref', kind: 'dictionaries', name }
      }
      case 'custom': {
        // What has no type at all uses nothing.
        if (property.type === 'void' && this.units.target(property) === undefined) return undefined
        const name = this.units.target(property)?.fileName ?? `${property.type}.yaml`
        return { how: 'type', kind: 'types', name }
      }
      default:
        return undefined
    }
  }

  *#ofVersions(): Iterable<Use> {
    const { configurations, enumerators } = this.#repository
    for (const configuration of configurations.values()) {
      for (const version of configuration.versions) {
        const number = versionText(version.number)
        const about = { collection: configuration.name, version: number, by: version }
        const base = { ...about, at: version.at, text: `version ${number}` }
        const ref = `${configuration.name}.${version.number.slice(0, 3).join('.')}`
        const dictionary = this.units.dictionary(ref)?.fileName ?? this.units.dictionaryFileName(ref)
        yield { ...base, how: 'dictionary', kind: 'dictionaries', name: dictionary }
        const file = enumerators.get(version.number[3])?.at.file.name ?? missingEnumerators(version.number[3])
        yield { ...base, how: 'enumerators', kind: 'enumerators', name: file }
        const { testData } = version
        if (testData) yield { ...base, how: 'test_data', kind: 'test_data', name: testData.file, at: testData.at }
        for (const one of [...version.migrations, ...version.down])
          yield { ...base, how: 'migration', kind: 'migrations', name: one.file, at: one.at }
      }
    }
  }
}

function addTo<K>(groups: Map<K, Use[]>, key: K, use: Use): void {
  const group = groups.get(key)
  if (group === undefined) groups.set(key, [use])
  else group.push(use)
}

/** No file name: which file has a version is said by its content alone. */
const missingEnumerators = (version: number): string => `(version ${version})`

const keyOf = (kind: UsedKind, name: string): string => `${kind}/${kind === 'types' ? withoutExtension(name) : name}`

/** The properties of a file with their paths, as `SchemaNode.path` has them. */
function* withPaths(root: Property): Iterable<readonly [Property, string]> {
  const stack: (readonly [Property, string])[] = [[root, '']]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    yield next
    const [property, path] = next
    if (property.kind === 'array') stack.push([property.items, `${path}/[]`])
    if (property.kind !== 'object' && property.kind !== 'one_of') continue
    const steps = property.properties.map((child, i) => (property.kind === 'object' ? child.name : `<${i + 1}>`))
    for (let i = steps.length - 1; i >= 0; i--)
      stack.push([property.properties[i] as Property, path + jsonPointer([steps[i] as string])])
  }
}

// Kept per repository, which never changes: lists and pages of one read share it.
const indexes = new WeakMap<Repository, UsageIndex>()

export function usageIndex(repository: Repository): UsageIndex {
  let index = indexes.get(repository)
  if (index === undefined) indexes.set(repository, (index = new UsageIndex(repository)))
  return index
}

/**
 * Every place that uses a file, or an enumerator: those in dictionaries and types first, by file and in the order of the text.
 *
 * @param name File name; for `enumerator` its name, in whichever enumerators file.
 */
export const usagesOf = (repository: Repository, kind: UsedKind, name: string): Usage[] =>
  usageIndex(repository).of(kind, name)

/** How many places use a file or an enumerator. The first call for a repository looks at all of it, the others at nothing. */
export const countUsages = (repository: Repository, kind: UsedKind, name: string): number =>
  usageIndex(repository).count(kind, name)

/** What a version uses, directly or through its dictionary: each thing once, at the first place. */
export function usesOfVersion(
  repository: Repository,
  configuration: Configuration,
  version: ConfigurationVersion,
): Usage[] {
  const index = usageIndex(repository)
  const root = index.units.dictionary(`${configuration.name}.${version.number.slice(0, 3).join('.')}`)
  const reached = root === undefined ? new Set<Unit>() : index.units.reachable([root])
  const found = new Map<string, Use>()
  const note = (use: Use): void => {
    const key = `${use.how} ${keyOf(use.kind, use.name)}`
    if (!found.has(key)) found.set(key, use)
  }
  for (const use of index.by(version)) note(use)
  for (const unit of reached) for (const use of index.by(unit)) note(use)
  return [...found.values()].map((use) => index.shown(use))
}
