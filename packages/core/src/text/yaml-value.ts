import { Doc, type Value } from '@stage0/bson-schema'
import { coreValue, type ScalarValue } from './core-value.ts'
import type { YamlNode, YamlScalar } from './yaml-node.ts'

/** What a scalar means: plain ones under the core schema, all others as text. */
export const scalarValue = (node: YamlScalar): ScalarValue => (node.plain ? coreValue(node.text) : node.text)

/** A tree as a typed value: order kept, integer literals int or long, others double. `seen` is told of every plain scalar, keys too. */
export function yamlValue(node: YamlNode, seen: (scalar: YamlScalar) => void): Value {
  if (node.kind === 'scalar') {
    if (node.plain) seen(node)
    return scalarValue(node)
  }
  if (node.kind === 'list') return node.items.map((item) => yamlValue(item, seen))
  const keys: string[] = []
  const values: Value[] = []
  for (const { key, value } of node.entries) {
    if (key.plain) seen(key)
    keys.push(key.text)
    values.push(yamlValue(value, seen))
  }
  return new Doc(keys, values)
}
