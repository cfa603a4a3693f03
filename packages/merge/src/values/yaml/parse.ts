import {
  Composer,
  type CST,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  Parser,
  type Document,
  type ParsedNode,
  type Scalar,
} from 'yaml'
import type { MappingNode, SequenceNode, YamlNode } from './nodes.ts'
import { YamlFault } from './fault.ts'

/** Deepest nesting of collections. */
export const MAX_DEPTH = 200

/** Only escapes can bring one in. */
const HALF = /[\ud800-\udfff]/u
/** A last line with something in it and without an end. */
const UNENDED = /[^ \t\r\n][ \t]*$/

/** What a scalar is, its form tells by the rules of PyYAML: here each is a text. */
const OPTIONS = {
  version: '1.1',
  schema: 'failsafe',
  merge: false,
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const

/** The one document of a text, `undefined` where there is none; a `YamlFault` where it is not YAML. */
export function parseDocument(text: string): YamlNode | undefined {
  const tokens = [...new Parser().parse(text)]
  boundDepth(tokens)
  const [document, second] = [...new Composer<ParsedNode, true>(OPTIONS).compose(tokens)]
  for (const { errors } of [document, second].filter((one) => one !== undefined))
    for (const error of errors) throw new YamlFault(error.message.replace(/\.$/, ''), error.pos[0])
  if (second !== undefined) throw new YamlFault('The file holds more than one document; keep one', second.range[0])
  return document === undefined ? undefined : new Reader(text).root(document)
}

/** Before anything that calls itself for what is nested. */
function boundDepth(tokens: readonly CST.Token[]): void {
  let level = tokens
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH)
      throw new YamlFault(`The text is nested deeper than ${MAX_DEPTH} levels`, level[0]?.offset ?? 0)
    level = level.flatMap(partsOf)
  }
}

function partsOf(token: CST.Token): readonly CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value]
  if (!('items' in token)) return []
  return token.items.flatMap(({ key, value }) => [key, value]).filter((part) => part !== undefined && part !== null)
}

/** Nodes of the library as ours, with an alias as the node that it names. Once for each document. */
class Reader {
  readonly #anchors = new Map<string, YamlNode>()
  /** Collections that are being read: an alias to one would never end. */
  readonly #open = new Set<YamlNode>()
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  root({ contents, range }: Document.Parsed): YamlNode | undefined {
    return contents === null ? undefined : this.#node(contents, range[0])
  }

  /** What is left out, such as the value of a lone key, stands at `at`. */
  #node(node: unknown, at: number): YamlNode {
    if (isAlias(node)) return this.#alias(node.source, node.range?.[0] ?? at)
    if (!isScalar(node) && !isSeq(node) && !isMap(node))
      return { kind: 'scalar', tag: '', start: at, text: '', isPlain: true }
    const start = node.range?.[0] ?? at
    // A lone `!` asks for what a text without quotes would be.
    const tag = node.tag === undefined || node.tag === '!' ? '' : node.tag
    if (isScalar(node)) {
      const isPlain = node.tag === '!' || (tag === '' && node.type === 'PLAIN')
      return this.#named<YamlNode>(node.anchor, {
        kind: 'scalar',
        tag,
        start,
        text: this.#textOf(node, start),
        isPlain,
      })
    }
    if (isMap(node)) {
      const mapping = this.#named<MappingNode>(node.anchor, { kind: 'mapping', tag, start, pairs: [] })
      return this.#inside(mapping, () => mapping.pairs.push(...node.items.map((pair) => this.#pair(pair, start))))
    }
    const sequence = this.#named<SequenceNode>(node.anchor, { kind: 'sequence', tag, start, items: [] })
    return this.#inside(sequence, () => sequence.items.push(...node.items.map((item) => this.#item(item, start))))
  }

  #textOf({ value, type, range }: Scalar, start: number): string {
    const text = String(value)
    if (HALF.test(text)) throw new YamlFault('The text has an escape that is half of a character', start)
    // PyYAML adds no break where the file has none.
    const isUnended =
      type?.startsWith('BLOCK_') === true && (range?.[1] ?? 0) >= this.#text.length && UNENDED.test(this.#text)
    return isUnended ? text.replace(/\n$/, '') : text
  }

  #pair(item: unknown, at: number): readonly [YamlNode, YamlNode] {
    if (!isPair(item)) throw new TypeError('a mapping holds pairs')
    const key = this.#node(item.key, at)
    return [key, this.#node(item.value, key.start)]
  }

  /** A pair in a list is a mapping with one key. */
  #item(item: unknown, at: number): YamlNode {
    if (!isPair(item)) return this.#node(item, at)
    const pair = this.#pair(item, at)
    return { kind: 'mapping', tag: '', start: pair[0].start, pairs: [pair] }
  }

  #named<T extends YamlNode>(anchor: string | undefined, node: T): T {
    if (anchor === undefined) return node
    if (this.#anchors.has(anchor)) throw new YamlFault(`The anchor \`&${anchor}\` stands twice`, node.start)
    this.#anchors.set(anchor, node)
    return node
  }

  #alias(name: string, start: number): YamlNode {
    const node = this.#anchors.get(name)
    if (node === undefined) throw new YamlFault(`No anchor \`&${name}\` stands before the alias \`*${name}\``, start)
    if (this.#open.has(node)) throw new YamlFault(`The alias \`*${name}\` stands inside of its own anchor`, start)
    return node
  }

  #inside<T extends YamlNode>(node: T, read: () => void): T {
    this.#open.add(node)
    read()
    this.#open.delete(node)
    return node
  }
}
