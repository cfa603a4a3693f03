import type { Doc } from '@stage0/bson-schema'
import { EMPTY_DOC, Double, isInt32, type Value } from '@stage0/bson-schema'
import type { ErrorCode, Problem } from '@stage0/types'
import { readYaml } from '../text/read-yaml.ts'
import { differentReadings } from '../text/yaml11.ts'
import { scalarValue, yamlValue } from '../text/yaml-value.ts'
import { YamlMap, type YamlNode, type YamlScalar } from '../text/yaml-node.ts'
import { yamlPointer } from '../text/yaml-pointer.ts'
import type { RawFile } from './files.ts'
import { YamlPlace } from './locate.ts'
import type { Located } from './model.ts'
import { linePlace } from './source-place.ts'
import { suggest } from './suggest.ts'

/**
 * Where a value goes. What reaches a rendered schema, an index, a version or a lock must mean the same to every reader
 * of YAML, so a difference between 1.1 and 1.2 is an error there and a warning elsewhere.
 */
export type Reach = 'meaning' | 'display'

/** Anything with a range in the text. */
interface Range {
  readonly start: number
  readonly end: number
}

/** Reads one YAML file attribute by attribute and collects what is wrong with it. */
export class FileReader {
  readonly file: RawFile
  /** The top of the file; absent when the file cannot be used, which is reported then. */
  readonly root: YamlMap | undefined
  readonly #tree: YamlNode | undefined
  readonly #problems: Problem[]

  constructor(file: RawFile, problems: Problem[]) {
    this.file = file
    this.#problems = problems
    const { root, issues } = readYaml(file.text)
    this.#tree = root
    for (const issue of issues) this.#push(issue.code, issue.severity, issue, issue.text, issue.hint)
    this.root = root instanceof YamlMap ? root : undefined
    if (root === undefined || this.root !== undefined) return
    const text = `The file holds ${kindOf(root)} instead of a mapping of attributes.`
    this.error('FILE_NOT_MAPPING', root, text, 'Begin the file with attributes such as `root:` or `versions:`.')
  }

  at(range: Range): Located {
    return new YamlPlace(this.file, range.start, range.end)
  }

  error(code: ErrorCode, range: Range, text: string, hint?: string): void {
    this.#push(code, 'error', range, text, hint)
  }

  warn(code: ErrorCode, range: Range, text: string, hint?: string): void {
    this.#push(code, 'warning', range, text, hint)
  }

  #push(code: ErrorCode, severity: 'error' | 'warning', range: Range, text: string, hint: string | undefined): void {
    const pointer = this.#tree === undefined ? '' : yamlPointer(this.#tree, range.start, range.end)
    const place = { file: this.file.path, pointer, ...linePlace(this.file, range.start) }
    this.#problems.push({ code, severity, ...place, text, ...(hint === undefined ? {} : { hint }) })
  }

  /** A text, or `undefined` where it is absent or null. A number or boolean is taken as it is written, with a warning. */
  text(map: YamlMap, name: string, reach: Reach): string | undefined {
    const node = map.get(name)
    if (node === undefined) return undefined
    if (node.kind !== 'scalar') return this.#wrongKind(name, node, 'a text')
    const value = scalarValue(node)
    if (value === null) return undefined
    if (this.ambiguous(node, reach)) return node.text
    if (typeof value !== 'string') {
      this.warn(
        'ATTRIBUTE_KIND',
        node,
        `\`${name}\` is ${kindOf(node)}; it is taken as the text "${node.text}".`,
        'Write it in quotes.',
      )
    }
    return node.text
  }

  /** True or false; `fallback` where it is absent, null or something else. */
  flag(map: YamlMap, name: string, fallback = false): boolean {
    const node = map.get(name)
    if (node === undefined) return fallback
    const value = node.kind === 'scalar' ? scalarValue(node) : undefined
    if (value === null) return fallback
    if (typeof value === 'boolean') return value
    if (node.kind === 'scalar' && this.ambiguous(node, 'meaning')) return fallback
    this.#wrongKind(name, node, '`true` or `false`, without quotes')
    return fallback
  }

  /** A whole number of at least 0 that fits into an int, or `undefined`. */
  count(map: YamlMap, name: string): number | undefined {
    const node = map.get(name)
    if (node === undefined) return undefined
    const value = node.kind === 'scalar' ? scalarValue(node) : undefined
    if (value === null || (node.kind === 'scalar' && this.ambiguous(node, 'meaning'))) return undefined
    if (typeof value === 'number' && isInt32(value) && value >= 0) return value
    return this.#wrongKind(name, node, 'a whole number from 0 to 2147483647')
  }

  /** The items of a list; none where it is absent or null. */
  list(map: YamlMap, name: string): readonly YamlNode[] {
    const node = map.get(name)
    if (node === undefined || isNullNode(node)) return []
    if (node.kind === 'list') return node.items
    this.#wrongKind(name, node, 'a list')
    return []
  }

  /** A mapping, or `undefined` where it is absent, null or something else. */
  map(map: YamlMap, name: string): YamlMap | undefined {
    const node = map.get(name)
    if (node === undefined || isNullNode(node)) return undefined
    return node.kind === 'map' ? node : this.#wrongKind(name, node, 'a mapping')
  }

  /** A fragment: a mapping as an ordered, typed document, empty where it is absent. */
  fragment(map: YamlMap, name: string): Doc {
    const node = this.map(map, name)
    return node === undefined ? EMPTY_DOC : (this.value(node) as Doc)
  }

  /** A node as an ordered, typed value. */
  value(node: YamlNode, reach: Reach = 'meaning'): Value {
    return yamlValue(node, (scalar) => this.ambiguous(scalar, reach))
  }

  /** Whether YAML 1.1 reads a plain scalar differently; reports it. */
  ambiguous(node: YamlScalar, reach: Reach): boolean {
    if (!node.plain) return false
    const readings = differentReadings(node.text)
    if (readings === undefined) return false
    const text = `\`${node.text}\` is ${readings.yaml12} in YAML 1.2 and ${readings.yaml11} in YAML 1.1.`
    const hint = 'Write the value so that both agree: true or false, a plain number, or the text in quotes.'
    this.#push('YAML_AMBIGUOUS', reach === 'meaning' ? 'error' : 'warning', node, text, hint)
    return true
  }

  /**
   * Reports attributes that are not known here. `elsewhere` names attributes that are known at another place, with that
   * place in words.
   */
  onlyKnown(map: YamlMap, known: ReadonlySet<string>, elsewhere?: (name: string) => string | undefined): void {
    for (const { key } of map.entries) {
      const name = key.text
      if (known.has(name)) continue
      const candidate = suggest(name, [...known])
      const place = elsewhere?.(name)
      if (place !== undefined) {
        this.warn(
          'ATTRIBUTE_MISPLACED',
          key,
          `\`${name}\` has no effect here: it belongs ${place}.`,
          'Move or remove it.',
        )
      } else {
        const hint = candidate === undefined ? 'Remove it, or check its spelling.' : `Did you mean \`${candidate}\`?`
        this.warn('ATTRIBUTE_UNKNOWN', key, `The attribute \`${name}\` means nothing here and is ignored.`, hint)
      }
    }
  }

  #wrongKind(name: string, node: YamlNode, wanted: string): undefined {
    this.error('ATTRIBUTE_KIND', node, `\`${name}\` must be ${wanted}; it is ${kindOf(node)}.`, `Write ${wanted}.`)
    return undefined
  }
}

const isNullNode = (node: YamlNode): boolean => node.kind === 'scalar' && scalarValue(node) === null

/** A node in words, for messages. */
export function kindOf(node: YamlNode): string {
  if (node.kind !== 'scalar') return node.kind === 'map' ? 'a mapping' : 'a list'
  const value = scalarValue(node)
  if (value === null) return 'empty'
  if (typeof value === 'boolean') return `the boolean ${node.text}`
  if (typeof value === 'string') return `the text "${node.text.length > 60 ? `${node.text.slice(0, 60)}…` : node.text}"`
  return value instanceof Double ? `the number ${value.value}` : `the number ${value}`
}
