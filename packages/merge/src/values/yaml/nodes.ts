/** A document before its values are known. */
export interface NodeTree {
  readonly root: YamlNode
  /** Whether each node has one place in it, and none is nested so deep that it has to be measured. */
  readonly isSimple: boolean
}

/** What a document is made of. An alias is the node that it names. */
export type YamlNode = ScalarNode | SequenceNode | MappingNode

interface NodeStart {
  /** The whole tag: of a scalar that has none what its form tells; empty for a collection that has none. */
  readonly tag: string
  /** Where the value begins, behind tag and anchor. */
  readonly start: number
}

export interface ScalarNode extends NodeStart {
  readonly kind: 'scalar'
  readonly text: string
}

export interface SequenceNode extends NodeStart {
  readonly kind: 'sequence'
  readonly items: YamlNode[]
}

export interface MappingNode extends NodeStart {
  readonly kind: 'mapping'
  readonly pairs: (readonly [key: YamlNode, value: YamlNode])[]
}
