import type { Dictionary, Located, Property, Repository, TypeDefinition } from '../model/model.ts'

/** A property that stands for a file: what that file holds is rendered in its place. */
export type Use = Property & { readonly kind: 'ref' | 'custom' }

/** A file that is rendered in place wherever it is used: a dictionary or a custom type. */
export interface Unit {
  /** For people and chains: the file name, "word.yaml". */
  readonly fileName: string
  readonly path: string
  readonly root: Property
  readonly at: Located
  /** Everything that the file uses, in the order of the text. */
  readonly uses: readonly Use[]
  /** Whether enumerators are used directly. */
  readonly hasEnums: boolean
  /** Whether there are choices, whose alternatives are compared as rendered. */
  readonly hasChoices: boolean
}

/** The files of a repository that can be used in others, and how a use finds its file. */
export class Units {
  readonly all: readonly Unit[]
  readonly #types = new Map<string, Unit>()
  readonly #dictionaries = new Map<string, Unit>()
  readonly #targets = new Map<Unit, readonly (Unit | undefined)[]>()

  constructor(repository: Repository) {
    for (const type of repository.types.values()) this.#types.set(type.name, unitOf(type))
    for (const dictionary of repository.dictionaries.values())
      this.#dictionaries.set(dictionary.fileName, unitOf(dictionary))
    this.all = [...this.#types.values(), ...this.#dictionaries.values()]
  }

  type(name: string): Unit | undefined {
    return this.#types.get(name)
  }

  /** The dictionary that a `ref` or a version means; see `dictionaryFileName`. */
  dictionary(ref: string): Unit | undefined {
    return this.#dictionaries.get(ref) ?? this.#dictionaries.get(this.dictionaryFileName(ref))
  }

  /** The file that a use means, `undefined` where there is none. */
  target(use: Use): Unit | undefined {
    return use.kind === 'custom' ? this.type(use.type) : this.dictionary(use.ref)
  }

  /** The file name that a `ref` means: `.yaml` is appended unless it has one of the extensions. */
  dictionaryFileName(ref: string): string {
    if (/\.(?:ya?ml|json)$/.test(ref)) return ref
    const yaml = `${ref}.yaml`
    return !this.#dictionaries.has(yaml) && this.#dictionaries.has(`${ref}.yml`) ? `${ref}.yml` : yaml
  }

  /** The files that a unit uses, in the order of its uses; looked up once, because ordering and reaching ask again and again. */
  targets(unit: Unit): readonly (Unit | undefined)[] {
    let targets = this.#targets.get(unit)
    if (targets === undefined) this.#targets.set(unit, (targets = unit.uses.map((use) => this.target(use))))
    return targets
  }

  /** The units and all that they use, directly or through others; what is given comes first. */
  reachable(roots: Iterable<Unit>): ReadonlySet<Unit> {
    const found = new Set(roots)
    // A Set hands out what is added while it is walked.
    for (const unit of found) {
      for (const target of this.targets(unit)) if (target !== undefined) found.add(target)
    }
    return found
  }
}

function unitOf({ root, at }: Dictionary | TypeDefinition): Unit {
  const uses: Use[] = []
  let hasEnums = false
  let hasChoices = false
  forEachProperty(root, (property) => {
    if (property.kind === 'enum' || property.kind === 'enum_array') hasEnums = true
    else if (property.kind === 'one_of') hasChoices = true
    else if (property.kind === 'ref' || property.kind === 'custom') uses.push(property)
  })
  return { fileName: at.file.name, path: at.file.path, root, at, uses, hasEnums, hasChoices }
}

/** Calls `visit` for a property and everything declared inside it in the same file, in the order of the text. */
export function forEachProperty(property: Property, visit: (property: Property) => void): void {
  visit(property)
  if (property.kind === 'object' || property.kind === 'one_of') {
    for (const child of property.properties) forEachProperty(child, visit)
  } else if (property.kind === 'array') forEachProperty(property.items, visit)
}
