import { equalIgnoringOrder } from '../equal-unordered.ts'
import { typeName } from '../types.ts'
import { isArray, type Doc, type Value } from '../value.ts'
import { BAD_VALUE, FAILED_TO_PARSE, TYPE_MISMATCH, type SchemaContext } from './context.ts'
import { inMask, typeByteInMask, typeMask } from './keywords.ts'
import { fields, leaf, type Rule, type SchemaNode, type Subject } from './node.ts'

type Parse = (child: SchemaContext) => SchemaNode

/** What a schema says about the type of its values. */
export interface StatedType {
  readonly keyword: 'type' | 'bsonType'
  readonly specified: Value
  readonly mask: number
  /** Whether it is one name; keywords for other types are off then. */
  readonly single: boolean
}

export function statedType(context: SchemaContext): StatedType | undefined {
  const both = context.schema.has('type') && context.schema.has('bsonType')
  if (both) {
    context.report(FAILED_TO_PARSE, "Cannot specify both $jsonSchema keywords 'type' and 'bsonType'", 'bsonType')
  }
  const keyword = context.schema.has('type') ? 'type' : 'bsonType'
  const specified = context.schema.get(keyword)
  if (specified === undefined) return undefined
  const names = isArray(specified) ? specified : [specified]
  if (names.length === 0) {
    return context.report(FAILED_TO_PARSE, `$jsonSchema keyword '${keyword}' must name at least one type`, keyword)
  }
  let mask = 0
  names.forEach((name, i) => {
    const steps = isArray(specified) ? [keyword, i] : [keyword]
    mask |= maskOf(context, keyword, name, steps, names.indexOf(name) < i)
  })
  return { keyword, specified, mask, single: names.length === 1 }
}

function maskOf(
  context: SchemaContext,
  keyword: 'type' | 'bsonType',
  name: Value,
  steps: readonly (string | number)[],
  repeated: boolean,
): number {
  if (typeof name !== 'string') {
    context.report(TYPE_MISMATCH, `$jsonSchema keyword '${keyword}' must be a string or an array of strings`, ...steps)
  } else if (repeated) {
    context.report(FAILED_TO_PARSE, `$jsonSchema keyword '${keyword}' names '${name}' twice`, ...steps)
  } else if (keyword === 'type' && name === 'integer') {
    context.report(FAILED_TO_PARSE, "$jsonSchema type 'integer' is not currently supported", ...steps)
  } else {
    const mask = typeMask(keyword, name)
    if (mask !== undefined) return mask
    context.report(BAD_VALUE, `Unknown type name alias: ${name}`, ...steps)
  }
  return 0
}

export const typeRule = ({ keyword, specified, mask }: StatedType): Rule => ({
  matches: (value) => value !== undefined && inMask(mask, value),
  sure: (_bytes, type) => typeByteInMask(mask, type),
  explain: (value) =>
    value === undefined || inMask(mask, value)
      ? undefined
      : leaf(
          keyword,
          [[keyword, specified]],
          'type did not match',
          ['consideredValue', value],
          ['consideredType', typeName(value)],
        ),
})

export function enumRule(context: SchemaContext): Rule | undefined {
  const values = context.array('enum')
  if (values === undefined) return undefined
  if (values.length === 0) {
    return context.report(FAILED_TO_PARSE, "$jsonSchema keyword 'enum' cannot be an empty array", 'enum')
  }
  values.forEach((value, i) => {
    if (values.slice(0, i).some((earlier) => equalIgnoringOrder(earlier, value))) {
      context.report(FAILED_TO_PARSE, "$jsonSchema keyword 'enum' has a value twice", 'enum', i)
    }
  })
  const texts = new Set(values.filter((value) => typeof value === 'string'))
  const others = values.filter((value) => typeof value !== 'string')
  const matches = (value: Subject): boolean => {
    if (value === undefined) return false
    if (typeof value === 'string' && texts.has(value)) return true
    // A symbol is equal to the string of the same text, so that either may be in the list.
    for (const allowed of typeof value === 'string' ? others : values) {
      if (equalIgnoringOrder(allowed, value)) return true
    }
    return false
  }
  return {
    matches,
    explain: (value) =>
      value === undefined || matches(value)
        ? undefined
        : leaf('enum', [['enum', values]], 'value was not found in enum', ['consideredValue', value]),
  }
}

/** The subschemas of `allOf`, `anyOf` or `oneOf`. */
function alternatives(context: SchemaContext, name: string, parse: Parse): readonly SchemaNode[] | undefined {
  const list = context.array(name)
  if (list === undefined) return undefined
  if (list.length === 0)
    return context.report(BAD_VALUE, `$jsonSchema keyword '${name}' must be a nonempty array`, name)
  return list.flatMap((item, i) => {
    const child = context.child(item, context.top, name, i)
    return child ? [parse(child)] : []
  })
}

/** The entry that lists each subschema that does not match; nothing when none has anything to say. */
function notSatisfied(name: string, nodes: readonly SchemaNode[], value: Subject): Doc | undefined {
  const entries = nodes.flatMap((node, i) => {
    if (node.matches(value)) return []
    const details = node.explain(value)
    // What a missing value fails (its type, say) goes without saying: `required` reports it.
    if (value === undefined && details.length === 0) return []
    return [fields(['index', i], ...node.annotations, ['details', details])]
  })
  return entries.length === 0 ? undefined : fields(['operatorName', name], ['schemasNotSatisfied', entries])
}

export function combinationRules(context: SchemaContext, parse: Parse): readonly Rule[] {
  const rules: Rule[] = []
  const all = alternatives(context, 'allOf', parse)
  if (all) {
    rules.push({
      matches: (value) => {
        for (const node of all) if (!node.matches(value)) return false
        return true
      },
      explain: (value) => notSatisfied('allOf', all, value),
    })
  }
  const any = alternatives(context, 'anyOf', parse)
  if (any) {
    const matches = (value: Subject): boolean => {
      for (const node of any) if (node.matches(value)) return true
      return false
    }
    rules.push({ matches, explain: (value) => (matches(value) ? undefined : notSatisfied('anyOf', any, value)) })
  }
  const one = alternatives(context, 'oneOf', parse)
  if (one) rules.push(oneOfRule(one))
  const not = context.schema.get('not')
  const child = not === undefined ? undefined : context.child(not, context.top, 'not')
  if (child) {
    const node = parse(child)
    rules.push({
      matches: (value) => !node.matches(value),
      explain: (value) =>
        node.matches(value) ? fields(['operatorName', 'not'], ['reason', 'child expression matched']) : undefined,
    })
  }
  return rules
}

function oneOfRule(nodes: readonly SchemaNode[]): Rule {
  return {
    matches: (value) => {
      let count = 0
      for (const node of nodes) if (node.matches(value) && ++count > 1) return false
      return count === 1
    },
    explain: (value) => {
      const matching = nodes.flatMap((node, i) => (node.matches(value) ? [i] : []))
      if (matching.length === 1) return undefined
      if (matching.length === 0) return notSatisfied('oneOf', nodes, value)
      return fields(
        ['operatorName', 'oneOf'],
        ['reason', 'more than one subschema matched'],
        ['matchingSchemaIndexes', matching],
      )
    },
  }
}
