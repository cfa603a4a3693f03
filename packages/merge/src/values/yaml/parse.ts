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
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import { YamlFault } from './fault.ts'
import type { MappingNode, NodeTree, SequenceNode, YamlNode } from './nodes.ts'
import { tagOfPlain, TEXT } from './scalars.ts'

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
export function parseDocument(text: string): NodeTree | undefined {
  const tokens = [...new Parser().parse(text)]
  boundDepth(tokens)
  const [document, second] = [...new Composer<ParsedNode, true>(OPTIONS).compose(tokens)]
  for (const { errors } of [document, second].filter((one) => one !== undefined))
    for (const error of errors) throw new YamlFault(error.message.replace(/\.$/, ''), error.pos[0])
  if (second !== undefined) throw new YamlFault('The file holds more than one document; keep one', second.range[0])
  return document === undefined ? undefined : new Reader(text).tree(document)
}

/** Before anything that calls itself for what is nested. */
function boundDepth(tokens: readonly CST.Token[]): void {
  let level = tokens
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH)
      throw new YamlFault(`The text is nested deeper than ${MAX_DEPTH} levels`, level[0]?.offset ?? 0)
    const next: CST.Token[] = []
    for (const token of level) addParts(token, next)
    level = next
  }
}

function addParts(token: CST.Token, parts: CST.Token[]): void {
  if (token.type === 'document' && token.value !== undefined) parts.push(token.value)
  if (!('items' in token)) return
  for (const { key, value } of token.items) {
    if (key) parts.push(key)
    if (value) parts.push(value)
  }
}

/** Nodes of the library as ours, with an alias as the node that it names. Once for each document. */
class Reader {
  readonly #anchors = new Map<string, YamlNode>()
  /** Collections that are being read: an alias to one would never end. */
  readonly #open = new Set<YamlNode>()
  readonly #text: string
  #isSimple = true

  constructor(text: string) {
    this.#text = text
  }

  tree({ contents, range }: Document.Parsed): NodeTree | undefined {
    if (contents === null) return undefined
    const root = this.#node(contents, range[0])
    return { root, isSimple: this.#isSimple }
  }

  /** What is left out, such as the value of a lone key, stands at `at`. */
  #node(node: unknown, at: number): YamlNode {
    if (isScalar(node)) return this.#scalar(node, node.range?.[0] ?? at)
    if (isAlias(node)) return this.#alias(node.source, node.range?.[0] ?? at)
    if (!isSeq(node) && !isMap(node)) return { kind: 'scalar', tag: tagOfPlain(''), start: at, text: '' }
    const start = node.range?.[0] ?? at
    const tag = tagIn(node)
    return isMap(node)
      ? this.#mapping(node, this.#named(node.anchor, { kind: 'mapping', tag, start, pairs: [] }))
      : this.#sequence(node, this.#named(node.anchor, { kind: 'sequence', tag, start, items: [] }))
  }

  #scalar(node: Scalar, start: number): YamlNode {
    const text = this.#textOf(node, start)
    const isPlain = node.tag === '!' || node.type === 'PLAIN'
    const tag = tagIn(node) || (isPlain ? tagOfPlain(text) : TEXT)
    return this.#named(node.anchor, { kind: 'scalar', tag, start, text })
  }

  #mapping({ items }: YAMLMap, mapping: MappingNode): YamlNode {
    this.#enter(mapping)
    for (const item of items) mapping.pairs.push(this.#pair(item, mapping.start))
    this.#open.delete(mapping)
    return mapping
  }

  /** The library makes a pair in a list a mapping, a level that the text does not show. */
  #enter(node: YamlNode): void {
    this.#open.add(node)
    if (this.#open.size > MAX_DEPTH) this.#isSimple = false
  }

  #sequence({ items }: YAMLSeq, sequence: SequenceNode): YamlNode {
    this.#enter(sequence)
    for (const item of items) sequence.items.push(this.#item(item, sequence.start))
    this.#open.delete(sequence)
    return sequence
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
    this.#isSimple = false
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
    this.#isSimple = false
    const node = this.#anchors.get(name)
    if (node === undefined) throw new YamlFault(`No anchor \`&${name}\` stands before the alias \`*${name}\``, start)
    if (this.#open.has(node)) throw new YamlFault(`The alias \`*${name}\` stands inside of its own anchor`, start)
    return node
  }
}

/** A lone `!` asks for what a text without quotes would be. */
const tagIn = ({ tag }: { readonly tag?: string }): string => (tag === undefined || tag === '!' ? '' : tag)
