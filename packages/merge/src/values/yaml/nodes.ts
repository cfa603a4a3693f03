/** What a document is made of before its values are known. An alias is the node that it names. */
export type YamlNode = ScalarNode | SequenceNode | MappingNode

interface NodeStart {
  /** The whole tag; empty where the node has none. */
  readonly tag: string
  /** Where the value begins, behind tag and anchor. */
  readonly start: number
}

export interface ScalarNode extends NodeStart {
  readonly kind: 'scalar'
  readonly text: string
  /** Whether its form tells what it is. */
  readonly isPlain: boolean
}

export interface SequenceNode extends NodeStart {
  readonly kind: 'sequence'
  readonly items: YamlNode[]
}

export interface MappingNode extends NodeStart {
  readonly kind: 'mapping'
  readonly pairs: (readonly [key: YamlNode, value: YamlNode])[]
}
