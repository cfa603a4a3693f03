import type { Place, Problem } from '../../problem.ts'
import { Mapping, type Key, type Value } from '../../value.ts'
import type { YamlDocument } from '../../values/read-yaml.ts'
import { CONTROL_FILE } from '../names.ts'
import { kindOf, listed, spelled } from '../words.ts'
import type { Written } from './control.ts'

/** Where a value is in its document. */
export type Path = readonly (Key | number)[]

/** A mapping of the control file that has no key but those that it may have. */
export interface Shaped {
  readonly path: Path
  has(key: string): boolean
  get(key: string): Value | undefined
}

/** Takes values of the expected shapes out of a document, and notes everything that has another. */
export class Reader {
  readonly problems: Problem[] = []
  readonly #document: YamlDocument

  constructor(document: YamlDocument) {
    this.#document = document
  }

  report(path: Path, message: string, { hint, of = 'value' }: { hint?: string; of?: 'key' | 'value' } = {}): void {
    this.reportAt(this.#placeOf(path, of), message, hint)
  }

  reportAt(at: Place, message: string, hint?: string): void {
    this.problems.push({ code: 'TEMPLATE_CONTROL_INVALID', message, ...(hint === undefined ? {} : { hint }), at })
  }

  #placeOf(path: Path, of: 'key' | 'value'): Place {
    return this.#document.placeOf(path, of) ?? { file: CONTROL_FILE }
  }

  /**
   * @param what    The mapping in words: "An entry of templates".
   * @param allowed Its keys. Another one is a problem, with `explain` telling why where it can.
   */
  mapping(
    value: Value | undefined,
    path: Path,
    what: string,
    allowed: readonly string[],
    explain: (key: string) => string | undefined = () => undefined,
  ): Shaped | undefined {
    if (!(value instanceof Mapping)) {
      this.report(path, `${what} is ${kindOf(value ?? null)}, not a mapping.`)
      return undefined
    }
    for (const key of value.keys()) {
      if (typeof key === 'string' && allowed.includes(key)) continue
      const name = spelled(key)
      const hint = explain(name) ?? `It may have: ${listed(allowed)}.`
      this.report([...path, key], `${what} has no key "${name}".`, { hint, of: 'key' })
    }
    return { path, has: (key) => value.has(key), get: (key) => value.get(key) }
  }

  /** The items of a list; none where the key is missing or has nothing behind it. */
  list(shaped: Shaped, key: string): readonly (readonly [Value, Path])[] {
    const value = shaped.get(key) ?? null
    if (value === null) return []
    const path = [...shaped.path, key]
    if (Array.isArray(value)) return value.map((item: Value, at) => [item, [...path, at]])
    this.report(path, `"${key}" is ${kindOf(value)}, not a list.`)
    return []
  }

  /** A text that is not empty. */
  text(value: Value | undefined, path: Path, what: string): Written | undefined {
    if (typeof value === 'string' && value !== '') return { text: value, at: this.#placeOf(path, 'value') }
    if (value === undefined) this.report(path, `${what} is missing.`)
    else if (value === '' || value === null) this.report(path, `${what} is empty.`)
    else {
      const hint = typeof value === 'object' ? {} : { hint: 'Put it in quotes if a text is meant.' }
      this.report(path, `${what} is ${kindOf(value)}, not a text.`, hint)
    }
    return undefined
  }

  /** The keys of a mapping with their values; none where there is nothing. */
  pairs(shaped: Shaped, key: string): readonly (readonly [Written, Value])[] {
    const value = shaped.get(key) ?? null
    const path = [...shaped.path, key]
    if (value === null) return []
    if (!(value instanceof Mapping)) {
      this.report(path, `"${key}" is ${kindOf(value)}, not a mapping.`)
      return []
    }
    const pairs: (readonly [Written, Value])[] = []
    for (const [name, content] of value.entries()) {
      const at = [...path, name]
      if (typeof name === 'string' && name !== '') pairs.push([{ text: name, at: this.#placeOf(at, 'key') }, content])
      else this.report(at, `A key of "${key}" is ${name === '' ? 'empty' : kindOf(name)}, not a name.`, { of: 'key' })
    }
    return pairs
  }
}
