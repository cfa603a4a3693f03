import { DateValue, Mapping, TimeValue, Tuple, type Key, type Value } from '../value.ts'
import { compare } from './equality.ts'
import { floatText } from './number-text.ts'
import { YamlPen } from './yaml/pen.ts'
import { isMultiline, styleOfText } from './yaml/scalar-style.ts'

/** A key of this many characters, its tag counted, stands behind a `?`. */
const LONG_KEY = 128

/**
 * The filter `to_yaml`: block style, keys sorted, ASCII, lines folded behind column 80, no line end at the end; the bytes are
 * PyYAML's `dump(value, default_flow_style=False).rstrip()`. A list, mapping or day that occurs more than once as the same
 * object gets an anchor and aliases there, so also here. A tuple is written as a list.
 */
export function toYaml(value: Value): string {
  return new YamlWriter(value).write()
}

/** Where a node stands: lists in a mapping are not indented, scalars at the root need an end of document. */
type Context = 'root' | 'item' | 'value'

class YamlWriter {
  readonly #pen = new YamlPen()
  readonly #root: Value
  readonly #anchors: ReadonlyMap<object, string>
  readonly #written = new Set<object>()

  constructor(root: Value) {
    this.#root = root
    this.#anchors = anchorsOf(root)
  }

  write(): string {
    this.#node(this.#root, -2, 'root')
    return this.#isPlainRoot() ? `${this.#pen.text}\n...` : this.#pen.text
  }

  #isPlainRoot(): boolean {
    return !isCollection(this.#root) && styleOf(this.#root, false) === 'plain'
  }

  /** `indent` is that of the parent. */
  #node(value: Value, indent: number, context: Context): void {
    if (this.#anchored(value)) return
    if (value instanceof Mapping) this.#mapping(value, indent + 2)
    else if (value instanceof Tuple) this.#list(value.items, indent, context)
    else if (Array.isArray(value)) this.#list(value as readonly Value[], indent, context)
    else this.#scalar(value as Key, Math.max(indent, 0) + 2, false)
  }

  /** True where an alias says it all. */
  #anchored(value: Value): boolean {
    const name = isShareable(value) ? this.#anchors.get(value) : undefined
    if (name === undefined) return false
    const isKnown = this.#written.has(value as object)
    this.#written.add(value as object)
    this.#pen.word(`${isKnown ? '*' : '&'}${name}`)
    return isKnown
  }

  #list(items: readonly Value[], parent: number, context: Context): void {
    if (items.length === 0) return this.#pen.word('[]')
    const indent = context === 'value' && !this.#pen.onlyMarks ? parent : parent + 2
    for (const item of items) {
      this.#pen.toIndent(indent)
      this.#pen.mark('-')
      this.#node(item, indent, 'item')
    }
  }

  #mapping(mapping: Mapping, indent: number): void {
    if (mapping.size === 0) return this.#pen.word('{}')
    for (const [key, value] of sortedEntries(mapping)) {
      this.#pen.toIndent(indent)
      if (this.#isSimple(key)) {
        if (!this.#anchored(key)) this.#scalar(key, indent + 2, true)
        this.#pen.colon()
      } else {
        this.#pen.mark('?')
        if (!this.#anchored(key)) this.#scalar(key, indent + 2, false)
        this.#pen.toIndent(indent)
        this.#pen.mark(':')
      }
      this.#node(value, indent, 'value')
    }
  }

  #isSimple(key: Key): boolean {
    const anchor = isShareable(key) ? (this.#anchors.get(key)?.length ?? 0) : 0
    if (anchor > 0 && this.#written.has(key as object)) return true
    const text = scalarText(key)
    return text !== '' && !isMultiline(text) && anchor + tagOf(key).length + codePoints(text) < LONG_KEY
  }

  #scalar(value: Key, indent: number, isKey: boolean): void {
    this.#pen.scalar(scalarText(value), styleOf(value, isKey), indent, isKey)
  }
}

const isCollection = (value: Value): value is readonly Value[] | Tuple | Mapping =>
  Array.isArray(value) || value instanceof Tuple || value instanceof Mapping

/** What gets an anchor when it occurs twice; the empty tuple never does. */
function isShareable(value: Value): value is readonly Value[] | Tuple | Mapping | DateValue | TimeValue {
  if (value instanceof Tuple) return value.items.length > 0
  return typeof value === 'object' && value !== null
}

/** Names in the order in which the second occurrences come. */
function anchorsOf(root: Value): ReadonlyMap<object, string> {
  const seen = new Set<object>()
  const names = new Map<object, string>()
  const visit = (value: Value): void => {
    if (!isShareable(value)) return
    if (seen.has(value)) {
      if (!names.has(value)) names.set(value, `id${String(names.size + 1).padStart(3, '0')}`)
      return
    }
    seen.add(value)
    if (value instanceof Mapping) {
      for (const [key, item] of sortedEntries(value)) {
        visit(key)
        visit(item)
      }
    } else if (value instanceof Tuple) value.items.forEach(visit)
    else if (Array.isArray(value)) (value as readonly Value[]).forEach(visit)
  }
  visit(root)
  return names
}

/** By keys; keys of kinds that have no order among them leave the mapping as it is. */
function sortedEntries(mapping: Mapping): readonly (readonly [Key, Value])[] {
  const entries = [...mapping.entries()]
  let isOrdered = true
  const sorted = entries.toSorted(([left], [right]) => {
    const order = compare(left, right)
    if (order === undefined) isOrdered = false
    return order ?? 0
  })
  return isOrdered ? sorted : entries
}

function styleOf(value: Key, isKey: boolean): 'plain' | 'single' | 'double' {
  return typeof value === 'string' ? styleOfText(value, isKey) : 'plain'
}

function scalarText(value: Key): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return yamlFloat(value)
  return value instanceof DateValue || value instanceof TimeValue ? value.text : String(value)
}

/** A float must show a point to be read back as one. */
function yamlFloat(value: number): string {
  if (Number.isNaN(value)) return '.nan'
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf'
  const text = floatText(value)
  return text.includes('.') ? text : text.replace('e', '.0e')
}

/** Counts in the length of a key although it is not written. */
function tagOf(value: Key): string {
  if (value === null) return '!!null'
  if (typeof value === 'object') return '!!timestamp'
  return { string: '!!str', boolean: '!!bool', bigint: '!!int', number: '!!float' }[
    typeof value as 'string' | 'boolean' | 'bigint' | 'number'
  ]
}

function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
