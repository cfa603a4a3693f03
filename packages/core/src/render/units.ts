import type { Dictionary, Located, Property, Repository, TypeDefinition } from '../model/model.ts'

/** A file that is rendered in place wherever it is used: a dictionary or a custom type. */
export interface Unit {
  /** "type word" or "dictionary user.1.0.0.yaml": one name space for both. */
  readonly id: string
  /** For people and chains: the file name, "word.yaml". */
  readonly fileName: string
  readonly path: string
  readonly root: Property
  readonly at: Located
  /** Everything that the file uses, in the order of the text. */
  readonly uses: readonly Use[]
  /** Whether enumerators are used directly. */
  readonly hasEnums: boolean
}

/** One `ref` or custom type, at the property that names it. */
export interface Use {
  readonly kind: 'ref' | 'type'
  /** As written. */
  readonly name: string
  readonly property: Property
  /** Id of the unit that is meant; `undefined` where there is none. */
  readonly target: string | undefined
}

export const typeId = (name: string): string => `type ${name}`
export const dictionaryId = (fileName: string): string => `dictionary ${fileName}`

/** The file that a `ref` means: `.yaml` is appended unless it has one of the extensions. */
export function dictionaryFileName(repository: Repository, ref: string): string {
  if (/\.(?:ya?ml|json)$/.test(ref)) return ref
  const yaml = `${ref}.yaml`
  return !repository.dictionaries.has(yaml) && repository.dictionaries.has(`${ref}.yml`) ? `${ref}.yml` : yaml
}

/** All dictionaries and types of a repository by id, with what each uses. */
export function unitsOf(repository: Repository): ReadonlyMap<string, Unit> {
  const units = new Map<string, Unit>()
  for (const type of repository.types.values())
    units.set(typeId(type.name), unitOf(repository, typeId(type.name), type))
  for (const dictionary of repository.dictionaries.values()) {
    const id = dictionaryId(dictionary.fileName)
    units.set(id, unitOf(repository, id, dictionary))
  }
  return units
}

function unitOf(repository: Repository, id: string, { root, at }: Dictionary | TypeDefinition): Unit {
  const uses: Use[] = []
  let hasEnums = false
  forEachProperty(root, (property) => {
    if (property.kind === 'enum' || property.kind === 'enum_array') hasEnums = true
    else if (property.kind === 'ref') {
      const fileName = dictionaryFileName(repository, property.ref)
      const target = repository.dictionaries.has(fileName) ? dictionaryId(fileName) : undefined
      uses.push({ kind: 'ref', name: property.ref, property, target })
    } else if (property.kind === 'custom') {
      const target = repository.types.has(property.type) ? typeId(property.type) : undefined
      uses.push({ kind: 'type', name: property.type, property, target })
    }
  })
  return { id, fileName: at.file.name, path: at.file.path, root, at, uses, hasEnums }
}

/** Calls `visit` for a property and everything declared inside it in the same file, in the order of the text. */
export function forEachProperty(property: Property, visit: (property: Property) => void): void {
  visit(property)
  if (property.kind === 'object' || property.kind === 'one_of') {
    for (const child of property.properties) forEachProperty(child, visit)
  } else if (property.kind === 'array') forEachProperty(property.items, visit)
}
