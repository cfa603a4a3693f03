import { hashKey } from '../hash-key.ts'
import { equalIgnoringOrder } from '../equal-unordered.ts'
import { isArray, type Value } from '../value.ts'
import { TYPE_MISMATCH, type SchemaContext } from './context.ts'
import { fields, leaf, type Rule, type SchemaNode } from './node.ts'
import { TYPE_ARRAY, unlessType } from './raw-match.ts'

export function arrayCountRule(context: SchemaContext, name: 'minItems' | 'maxItems'): Rule | undefined {
  const bound = context.count(name)
  if (bound === undefined) return undefined
  const specified = context.schema.get(name) as Value
  const holds = name === 'minItems' ? (n: number): boolean => n >= bound : (n: number): boolean => n <= bound
  const matches = (value: Value | undefined): boolean => !isArray(value) || holds(value.length)
  return {
    matches,
    sure: unlessType(TYPE_ARRAY),
    explain: (value) =>
      !isArray(value) || matches(value)
        ? undefined
        : leaf(
            name,
            [[name, specified]],
            'array did not match specified length',
            ['consideredValue', value],
            ['numberOfItems', value.length],
          ),
  }
}

/** Above this many items a set of hash keys is faster than comparing each with each. */
const HASH_FROM_ITEMS = 16

function duplicateOf(items: readonly Value[]): Value | undefined {
  if (items.length < HASH_FROM_ITEMS) {
    for (let i = 1; i < items.length; i++) {
      for (let j = 0; j < i; j++) if (equalIgnoringOrder(items[i] as Value, items[j] as Value)) return items[i]
    }
    return undefined
  }
  const seen = new Set<string>()
  return items.find((item) => seen.size === seen.add(hashKey(item, { ignoreFieldOrder: true })).size)
}

export function uniqueItemsRule(context: SchemaContext): Rule | undefined {
  if (context.boolean('uniqueItems') !== true) return undefined
  return {
    matches: (value) => !isArray(value) || duplicateOf(value) === undefined,
    sure: unlessType(TYPE_ARRAY),
    explain: (value) => {
      const duplicate = isArray(value) ? duplicateOf(value) : undefined
      return duplicate === undefined
        ? undefined
        : leaf(
            'uniqueItems',
            [['uniqueItems', true]],
            'found a duplicate item',
            ['consideredValue', value as Value],
            ['duplicatedValue', duplicate],
          )
    },
  }
}

/** Index of the first item from `from` on that does not match, or -1. */
function firstFailure(items: readonly Value[], node: SchemaNode, from: number): number {
  for (let i = from; i < items.length; i++) if (!node.matches(items[i])) return i
  return -1
}

/** One schema for all items from `from` on; the first that does not match is reported. */
function eachItem(name: string, reason: string, node: SchemaNode, from: number): Rule {
  return {
    matches: (value) => !isArray(value) || firstFailure(value, node, from) < 0,
    sure: unlessType(TYPE_ARRAY),
    explain: (value) => {
      const index = isArray(value) ? firstFailure(value, node, from) : -1
      if (!isArray(value) || index < 0) return undefined
      return fields(
        ['operatorName', name],
        ...node.annotations,
        ['reason', reason],
        ['itemIndex', index],
        ['details', node.explain(value[index])],
      )
    },
  }
}

/** One schema for each of the first items. */
function itemByItem(nodes: readonly SchemaNode[]): Rule {
  const fails = (value: readonly Value[], i: number): boolean =>
    i < value.length && !(nodes[i] as SchemaNode).matches(value[i])
  return {
    matches: (value) => {
      if (!isArray(value)) return true
      for (let i = 0; i < nodes.length; i++) if (fails(value, i)) return false
      return true
    },
    sure: unlessType(TYPE_ARRAY),
    explain: (value) => {
      if (!isArray(value)) return undefined
      const details = nodes.flatMap((node, i) =>
        fails(value, i) ? [fields(['itemIndex', i], ...node.annotations, ['details', node.explain(value[i])])] : [],
      )
      return details.length === 0 ? undefined : fields(['operatorName', 'items'], ['details', details])
    },
  }
}

export function itemsRules(context: SchemaContext, parse: (child: SchemaContext) => SchemaNode): readonly Rule[] {
  const items = context.schema.get('items')
  const rules: Rule[] = []
  if (isArray(items)) {
    const nodes = items.flatMap((item, i) => {
      const child = context.child(item, false, 'items', i)
      return child ? [parse(child)] : []
    })
    rules.push(itemByItem(nodes))
  } else if (items !== undefined) {
    const child = context.child(items, false, 'items')
    if (child) rules.push(eachItem('items', 'At least one item did not match the sub-schema', parse(child), 0))
  }
  const additional = additionalItems(context, parse, isArray(items) ? items.length : undefined)
  return additional ? [...rules, additional] : rules
}

/** Without a list in `items` the keyword is checked and has no effect. */
function additionalItems(
  context: SchemaContext,
  parse: (child: SchemaContext) => SchemaNode,
  from: number | undefined,
): Rule | undefined {
  const value = context.schema.get('additionalItems')
  if (value === undefined || value === true) return undefined
  if (value === false) return from === undefined ? undefined : noItemsFrom(from)
  const text = "$jsonSchema keyword 'additionalItems' must be an object or a boolean"
  if (typeof value !== 'object' || value === null) return context.report(TYPE_MISMATCH, text, 'additionalItems')
  const child = context.child(value, false, 'additionalItems')
  if (child === undefined) return undefined
  const node = parse(child)
  const reason = 'At least one additional item did not match the sub-schema'
  return from === undefined ? undefined : eachItem('additionalItems', reason, node, from)
}

const noItemsFrom = (from: number): Rule => ({
  matches: (value) => !isArray(value) || value.length <= from,
  sure: unlessType(TYPE_ARRAY),
  explain: (value) =>
    isArray(value) && value.length > from
      ? leaf('additionalItems', [['additionalItems', false]], 'found additional items', [
          'additionalItems',
          value.slice(from),
        ])
      : undefined,
})
