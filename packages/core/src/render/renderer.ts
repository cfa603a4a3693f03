import { compareStrings, type Doc } from '@stage0/bson-schema'
import type { Enumerators, Property, Repository } from '../model/model.ts'
import { renderProperty, type RenderScope, type SchemaFormat } from './render-property.ts'
import { orderUnits, type UnitOrder } from './unit-order.ts'
import { Units, type Unit, type Use } from './units.ts'

/** The default of RENDER_STACK_MAX_DEPTH: files nested in each other. */
export const DEFAULT_MAX_DEPTH = 100
/** Greater limits count as this one: every level costs a few frames of the call stack. */
const GREATEST_MAX_DEPTH = 500
/** The largest document that MongoDB takes (maxBsonObjectSize); a validator is part of one. */
export const MAX_SCHEMA_BYTES = 16 * 1024 * 1024

interface Rendered {
  /** `undefined` where the file cannot be rendered, or is too large. */
  readonly schema: Doc | undefined
  readonly bytes: number
  readonly isTooLarge: boolean
}

/**
 * Renders the files of one repository, each once per format and enumerators version, and once for all versions
 * where no enumerator is involved. Rendered schemas share the parts that they have in common.
 */
export class Renderer {
  readonly units: Units
  readonly unitOrder: UnitOrder
  readonly #repository: Repository
  readonly #usesEnums: ReadonlySet<Unit>
  readonly #enumValues = new Map<number, ReadonlyMap<string, readonly string[]>>()
  readonly #cache = new Map<string, Map<Unit, Rendered>>()
  readonly #tooLarge = new Set<Unit>()
  readonly #roots = new WeakSet<Doc>()

  constructor(repository: Repository, maxDepth: number = DEFAULT_MAX_DEPTH) {
    this.#repository = repository
    this.units = new Units(repository)
    this.unitOrder = orderUnits(this.units, Math.min(Math.max(1, maxDepth), GREATEST_MAX_DEPTH))
    this.#usesEnums = unitsWithEnums(this.unitOrder.order, this.units)
  }

  /** Files whose own content, with all that it uses, is beyond the limit; filled while rendering. */
  get tooLarge(): ReadonlySet<Unit> {
    return this.#tooLarge
  }

  /** The schema of a file's root; `undefined` where it cannot be rendered, for reasons that the checks report. */
  render(unit: Unit, enumerators: number | undefined, format: SchemaFormat): Doc | undefined {
    return this.#render(unit, enumerators, format).schema
  }

  /** One property with everything inside it, as it is rendered within its file. */
  renderProperty(property: Property, enumerators: number | undefined, format: SchemaFormat): Doc | undefined {
    return this.#renderWithin(property, enumerators, format).schema
  }

  /** Whether a part of a schema is the root of a file, which other schemas may share. */
  isRoot(part: Doc): boolean {
    return this.#roots.has(part)
  }

  /** The values of an enumerator as rendered: by code point, each once. The first enumerator of a name wins. */
  enumValues(version: number | undefined, name: string): readonly string[] | undefined {
    const enumerators = version === undefined ? undefined : this.#repository.enumerators.get(version)
    if (version === undefined || enumerators === undefined) return undefined
    let values = this.#enumValues.get(version)
    if (values === undefined) this.#enumValues.set(version, (values = renderedValues(enumerators)))
    return values.get(name)
  }

  /** The unit that a `ref` or a custom type means, unless it is missing, closes a circle or is too deep. */
  target(use: Use): Unit | undefined {
    return this.unitOrder.cut.has(use) ? undefined : this.units.target(use)
  }

  #render(unit: Unit, enumerators: number | undefined, format: SchemaFormat): Rendered {
    const key = `${format} ${this.#usesEnums.has(unit) ? (enumerators ?? '') : ''}`
    let cache = this.#cache.get(key)
    if (cache === undefined) this.#cache.set(key, (cache = new Map()))
    let rendered = cache.get(unit)
    if (rendered !== undefined) return rendered
    rendered = this.#renderWithin(unit.root, enumerators, format)
    if (rendered.isTooLarge) this.#tooLarge.add(unit)
    if (rendered.schema !== undefined) this.#roots.add(rendered.schema)
    cache.set(unit, rendered)
    return rendered
  }

  #renderWithin(property: Property, enumerators: number | undefined, format: SchemaFormat): Rendered {
    let bytes = 0
    const scope: RenderScope = {
      format,
      resolve: (use) => {
        const target = this.target(use)
        if (target === undefined) return undefined
        const rendered = this.#render(target, enumerators, format)
        bytes += rendered.bytes
        return rendered.schema
      },
      enumValues: (name) => this.enumValues(enumerators, name),
      grow: (more) => {
        bytes += more
      },
    }
    const schema = renderProperty(property, scope)
    if (bytes <= MAX_SCHEMA_BYTES) return { schema, bytes, isTooLarge: false }
    // Where a part is missing already, that part is what is reported.
    return { schema: undefined, bytes, isTooLarge: schema !== undefined }
  }
}

function unitsWithEnums(order: readonly Unit[], units: Units): ReadonlySet<Unit> {
  const found = new Set<Unit>()
  for (const unit of order) {
    const isBelow = (target: Unit | undefined): boolean => target !== undefined && found.has(target)
    if (unit.hasEnums || units.targets(unit).some(isBelow)) found.add(unit)
  }
  return found
}

function renderedValues(enumerators: Enumerators): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, readonly string[]>()
  for (const enumerator of enumerators.enumerators) {
    if (values.has(enumerator.name)) continue
    const unique = [...new Set(enumerator.values.map((each) => each.value))]
    values.set(enumerator.name, unique.sort(compareStrings))
  }
  return values
}
