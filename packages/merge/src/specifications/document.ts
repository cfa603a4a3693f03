import type { YamlDocument } from '../values/read-yaml.ts'
import type { Place } from '../problem.ts'
import { DateValue, Mapping, TimeValue, Tuple, type Key, type Value } from '../value.ts'
import { shown } from './finding.ts'

/** A member of a mapping or an entry of a list, from the document down. */
export type Path = readonly (Key | number)[]

/** A document that could be read, with its places. */
export class SpecificationDocument {
  readonly file: string
  readonly value: Value
  readonly #yaml: YamlDocument
  readonly #lines: readonly string[]

  constructor(file: string, text: string, yaml: YamlDocument) {
    this.file = file
    this.value = yaml.value
    this.#yaml = yaml
    this.#lines = text.split(/\r\n|\n|\r/)
  }

  place(path: Path, of: 'key' | 'value' = 'value'): Place {
    return this.#yaml.placeOf(path, of) ?? { file: this.file }
  }

  /** How a scalar without quotes stands in the text, where it is not certain that people read it as YAML does. */
  written(path: Path, value: Value): string | undefined {
    const looksLike = lookOf(value)
    const { line, column } = this.place(path)
    if (looksLike === undefined || line === undefined || column === undefined) return undefined
    const rest = (this.#lines[line - 1] ?? '').slice(column - 1).replace(/^(?:[!&][^\s,[\]{}]*[ \t]+)+/, '')
    return looksLike.exec(rest)?.[0]
  }
}

/** What a scalar of each kind can be written like; texts and collections are as they are written. */
function lookOf(value: Value): RegExp | undefined {
  if (value === null) return /^(?:~|null)(?![^\s,[\]{}])/i
  if (typeof value === 'boolean') return /^(?:y|n|yes|no|on|off|true|false)(?![^\s,[\]{}])/i
  if (typeof value === 'bigint' || typeof value === 'number') return /^[-+.\d][^\s,[\]{}]*/
  if (value instanceof DateValue) return /^\d{4}-\d+-\d+/
  return value instanceof TimeValue ? /^\d{4}-\d+-\d+(?:[Tt]|[ \t]+)[\d:.]+(?:[ \t]*(?:Z|[-+][\d:]+))?/ : undefined
}

/** What a value is, in words that go on from "it is ...", and how it was written where that reads otherwise. */
export function described(value: Value, written: string | undefined): string {
  const read = kindOf(value)
  return written === undefined || written === plainText(value) ? read : `\`${written}\`, which YAML reads as ${read}`
}

function kindOf(value: Value): string {
  if (value === null) return 'nothing'
  if (typeof value === 'string') return `the text ${shown(value)}`
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'bigint') return `the number ${cut(String(value))}`
  if (typeof value === 'number') return `the number ${floatText(value)}`
  if (value instanceof DateValue) return `the date ${value.text}`
  if (value instanceof TimeValue) return `the moment ${value.text}`
  return value instanceof Mapping ? 'a mapping' : value instanceof Tuple ? 'a pair' : 'a list'
}

function plainText(value: Value): string | undefined {
  if (typeof value === 'number') return floatText(value)
  return typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : undefined
}

/** A number with decimals keeps them: that is what a template prints. */
const floatText = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value))

const LONGEST_NUMBER = 40

const cut = (digits: string): string =>
  digits.length > LONGEST_NUMBER ? `${digits.slice(0, LONGEST_NUMBER)}...` : digits
