/**
 * A YAML document as a tree that remembers where everything stands: offsets only, in UTF-16 code units.
 *
 * Aliases are the nodes that they name, so one node can have several parents; merge keys are merged already.
 * `end` is behind the last thing inside: of a flow collection it is not the closing bracket.
 */
export type YamlNode = YamlScalar | YamlMap | YamlList

export class YamlScalar {
  readonly kind = 'scalar'
  /** The decoded text: quotes, escapes and folding are resolved. */
  readonly text: string
  /** Written without quotes and not as a block, so that it may mean a number, a boolean or null. */
  readonly plain: boolean
  readonly start: number
  readonly end: number

  constructor(text: string, plain: boolean, start: number, end: number) {
    this.text = text
    this.plain = plain
    this.start = start
    this.end = end
  }
}

export interface YamlEntry {
  readonly key: YamlScalar
  readonly value: YamlNode
}

export class YamlMap {
  readonly kind = 'map'
  /** In order, with unique keys: of equal keys the last value stands in the place of the first. */
  readonly entries: readonly YamlEntry[]
  readonly start: number
  readonly end: number

  constructor(entries: readonly YamlEntry[], start: number, end: number) {
    this.entries = entries
    this.start = start
    this.end = end
  }

  entry(key: string): YamlEntry | undefined {
    for (const entry of this.entries) if (entry.key.text === key) return entry
    return undefined
  }

  get(key: string): YamlNode | undefined {
    return this.entry(key)?.value
  }
}

export class YamlList {
  readonly kind = 'list'
  readonly items: readonly YamlNode[]
  readonly start: number
  readonly end: number

  constructor(items: readonly YamlNode[], start: number, end: number) {
    this.items = items
    this.start = start
    this.end = end
  }
}
