import { identityOf, Mapping, Tuple, type Key, type Value } from '../../value.ts'
import { YamlFault } from './fault.ts'
import type { MappingNode, NodeTree, SequenceNode, YamlNode } from './nodes.ts'
import { MAX_DEPTH } from './parse.ts'
import { CORE, scalarValue, unknownTag } from './scalars.ts'

/** How many values all aliases and merge keys of one text may bring in together. */
export const MAX_EXPANDED = 1_000_000

/** A key that is written twice in one mapping; the value of the last counts, in the place of the first. */
export interface RepeatedKeyNodes {
  readonly key: Key
  readonly first: YamlNode
  readonly last: YamlNode
}

/** Values from nodes, as PyYAML's `safe_load` makes them: one object for one node, so aliases share. Once for each document. */
export class Constructor {
  readonly #tree: NodeTree
  readonly #values = new Map<YamlNode, Value>()
  readonly #merged = new Map<MappingNode, readonly (readonly [YamlNode, YamlNode])[]>()
  readonly #sizes = new Map<YamlNode, { readonly size: number; readonly depth: number }>()
  readonly #members = new Map<MappingNode, ReadonlyMap<string, readonly [key: YamlNode, value: YamlNode]>>()
  readonly repeatedKeys: RepeatedKeyNodes[] = []
  #mergedPairs = 0

  constructor(tree: NodeTree) {
    this.#tree = tree
  }

  /** The value of the whole document. Once. */
  construct(): Value {
    const { root, isSimple } = this.#tree
    const value = this.#value(root)
    if (!isSimple) this.#measure(root)
    return value
  }

  /** The key and the value that count in a mapping that was constructed, by the identity of the key. */
  membersOf(node: MappingNode): ReadonlyMap<string, readonly [key: YamlNode, value: YamlNode]> {
    const known = this.#members.get(node)
    if (known !== undefined) return known
    const members = new Map(this.#pairs(node).map((pair) => [identityOf(this.#key(pair[0])), pair]))
    this.#members.set(node, members)
    return members
  }

  #value(node: YamlNode): Value {
    if (this.#tree.isSimple) return this.#made(node)
    const known = this.#values.get(node)
    if (known !== undefined) return known
    const value = this.#made(node)
    this.#values.set(node, value)
    return value
  }

  #made(node: YamlNode): Value {
    if (node.kind === 'scalar') return scalarValue(node)
    if (node.kind === 'mapping') {
      if (node.tag !== '' && node.tag !== `${CORE}map`) throw unsuited(node)
      return this.#mapping(node)
    }
    switch (node.tag) {
      case '':
      case `${CORE}seq`:
        return node.items.map((item) => this.#value(item))
      case `${CORE}omap`:
      case `${CORE}pairs`:
        return node.items.map((item) => this.#tuple(item))
      default:
        throw unsuited(node)
    }
  }

  #tuple(node: YamlNode): Tuple {
    const pair = node.kind === 'mapping' ? node.pairs : []
    const [[key, value] = []] = pair
    if (key === undefined || value === undefined || pair.length !== 1) {
      throw new YamlFault('An item of `!!omap` and `!!pairs` is a mapping with one key', node.start)
    }
    return new Tuple([this.#value(key), this.#value(value)])
  }

  #mapping(node: MappingNode): Mapping {
    const mapping = new Mapping()
    const pairs = this.#pairs(node)
    const own = pairs === node.pairs ? undefined : new Set(node.pairs)
    const ownKeys = new Map<string, YamlNode>()
    for (const pair of pairs) {
      const key = this.#key(pair[0])
      if (own?.has(pair) ?? true) {
        const first = ownKeys.get(identityOf(key))
        if (first === undefined) ownKeys.set(identityOf(key), pair[0])
        else this.repeatedKeys.push({ key, first, last: pair[0] })
      }
      mapping.set(key, this.#value(pair[1]))
    }
    return mapping
  }

  #key(node: YamlNode): Key {
    if (node.kind !== 'scalar') throw new YamlFault('A key cannot be a list or a mapping', node.start)
    return node.tag === VALUE ? node.text : (this.#value(node) as Key)
  }

  /** What merge keys bring in stands before the mapping's own pairs, whatever the place of the merge key. */
  #pairs(node: MappingNode): readonly (readonly [YamlNode, YamlNode])[] {
    if (!node.pairs.some(([key]) => isMergeKey(key))) return node.pairs
    const known = this.#merged.get(node)
    if (known !== undefined) return known
    const merged: (readonly [YamlNode, YamlNode])[] = []
    const own: (readonly [YamlNode, YamlNode])[] = []
    for (const pair of node.pairs) {
      if (!isMergeKey(pair[0])) own.push(pair)
      else
        for (const source of this.#sources(pair[1]))
          for (const one of this.#pairs(source)) merged.push(this.#counted(one, node))
    }
    const pairs = [...merged, ...own]
    this.#merged.set(node, pairs)
    return pairs
  }

  /** Of a list of mappings the first wins, so it comes last. */
  #sources(node: YamlNode): readonly MappingNode[] {
    const sources = node.kind === 'sequence' ? node.items.toReversed() : [node]
    return sources.map((source) => {
      if (source.kind === 'mapping') return source
      throw new YamlFault('The merge key `<<` takes a mapping or a list of mappings', source.start)
    })
  }

  #counted<T>(pair: T, { start }: MappingNode): T {
    if (++this.#mergedPairs > MAX_EXPANDED) throw tooMuch(start)
    return pair
  }

  /** Sizes with every alias written out, each node once. */
  #measure(node: YamlNode): { readonly size: number; readonly depth: number } {
    const known = this.#sizes.get(node)
    if (known !== undefined) return known
    let [size, depth] = [1, 1]
    for (const part of this.#parts(node)) {
      const inner = this.#measure(part)
      size += inner.size
      depth = Math.max(depth, inner.depth + (node.kind === 'scalar' ? 0 : 1))
    }
    if (depth > MAX_DEPTH + 1) {
      throw new YamlFault(`With its aliases written out the text is nested deeper than ${MAX_DEPTH} levels`, node.start)
    }
    // A file that is large without aliases is no expansion, and its own nodes are few against its length.
    if (size - this.#sizes.size > MAX_EXPANDED) throw tooMuch(node.start)
    const measured = { size, depth }
    this.#sizes.set(node, measured)
    return measured
  }

  #parts(node: YamlNode): readonly YamlNode[] {
    if (node.kind === 'sequence') return node.items
    return node.kind === 'mapping' ? this.#pairs(node).flat() : []
  }
}

const tooMuch = (start: number): YamlFault =>
  new YamlFault(`The aliases of this file stand for more than ${MAX_EXPANDED} values`, start)

const MERGE = `${CORE}merge`
const VALUE = `${CORE}value`

const isMergeKey = ({ kind, tag }: YamlNode): boolean => kind === 'scalar' && tag === MERGE

/** A tag that is known for other kinds of nodes, or not at all. */
function unsuited(node: SequenceNode | MappingNode): YamlFault {
  const isOther = ['str', 'int', 'float', 'bool', 'null', 'timestamp', 'map', 'seq', 'omap', 'pairs'].some(
    (name) => node.tag === CORE + name,
  )
  if (!isOther) return unknownTag(node.tag, node.start)
  return new YamlFault(`The tag \`!!${node.tag.slice(CORE.length)}\` does not fit a ${node.kind}`, node.start)
}
