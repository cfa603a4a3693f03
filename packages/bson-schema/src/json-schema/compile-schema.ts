import { err, ok, type Result } from '../result.ts'
import type { Doc } from '../value.ts'
import { arrayCountRule, itemsRules, uniqueItemsRule } from './array-rules.ts'
import { FAILED_TO_PARSE, SchemaContext, type SchemaError } from './context.ts'
import { checkEncryptMetadata, encryptRule } from './encrypt-rule.ts'
import { combinationRules, enumRule, statedType, typeRule, type StatedType } from './general-rules.ts'
import { NUMBER_BITS, REFUSED_KEYWORDS, SUPPORTED_KEYWORDS, typeBit } from './keywords.ts'
import { fields, type Field, type Rule, type SchemaNode } from './node.ts'
import { objectRule } from './object-rules.ts'
import { rawTest, TYPE_DOCUMENT } from './raw-match.ts'
import { boundRule, lengthRule, multipleOfRule, patternRule } from './scalar-rules.ts'

/** A `$jsonSchema` ready to be applied. */
export interface CompiledSchema {
  /** Whether the schema accepts the document. Allocates nothing (but for regular expressions and long unique arrays). */
  readonly matches: (document: Doc) => boolean
  /**
   * As `matches` for the bytes of a document, of which only what they do not show by themselves is decoded.
   *
   * @throws BsonError as `decode`, as far as it is decoded.
   */
  readonly matchesRaw: (bytes: Uint8Array) => boolean
  /**
   * The `details` of a server's error 121: `{operatorName: '$jsonSchema', [title], [description],
   * schemaRulesNotSatisfied: [...]}`; `undefined` for a document that the schema accepts.
   */
  readonly explain: (document: Doc) => Doc | undefined
}

/**
 * Compiles a `$jsonSchema`. Errors are those that a server reports when the schema is set, all of them, in the order of
 * the places that are looked at.
 */
export function compileSchema(schema: Doc): Result<CompiledSchema, SchemaError[]> {
  const errors: SchemaError[] = []
  const context = new SchemaContext(schema, '', true, errors)
  const node = parseNode(context)
  if (errors.length > 0) return err(errors)
  const stated = statedType(context)
  if (stated && (stated.mask & typeBit('object')) === 0) return ok(never(schema))
  return ok({
    matches: node.matches,
    matchesRaw: (bytes) => node.matchesRaw(bytes, TYPE_DOCUMENT, 0, bytes.length),
    explain: (document) =>
      node.matches(document)
        ? undefined
        : fields(['operatorName', '$jsonSchema'], ...node.annotations, [
            'schemaRulesNotSatisfied',
            node.explain(document),
          ]),
  })
}

/** A schema for whole documents that states another type. */
function never(schema: Doc): CompiledSchema {
  const details = fields(
    ['operatorName', '$jsonSchema'],
    ['specifiedAs', fields(['$jsonSchema', schema])],
    ['reason', 'expression always evaluates to false'],
  )
  return { matches: () => false, matchesRaw: () => false, explain: () => details }
}

const SUPPORTED: ReadonlySet<string> = new Set(SUPPORTED_KEYWORDS)
const REFUSED: ReadonlySet<string> = new Set(REFUSED_KEYWORDS)

function parseNode(context: SchemaContext): SchemaNode {
  for (const key of context.schema.keys) {
    if (REFUSED.has(key)) {
      context.report(FAILED_TO_PARSE, `$jsonSchema keyword '${key}' is not currently supported`, key)
    } else if (!SUPPORTED.has(key)) context.report(FAILED_TO_PARSE, `Unknown $jsonSchema keyword: ${key}`, key)
  }
  const stated = statedType(context)
  const rules = inOrder(context, stated)
  const annotations: Field[] = []
  for (const key of ['title', 'description']) {
    const text = context.string(key)
    if (text !== undefined) annotations.push([key, text])
  }
  const matches = allOf(rules.map((rule) => rule.matches))
  return {
    annotations,
    matches,
    matchesRaw: rawTest(rules, matches),
    explain: (value) => rules.flatMap((rule) => rule.explain(value) ?? []),
  }
}

/** The rules in the server's order, which is not that of the schema. Every keyword is read, so that every error is found. */
function inOrder(context: SchemaContext, stated: StatedType | undefined): readonly Rule[] {
  const strings = [patternRule(context), lengthRule(context, 'maxLength'), lengthRule(context, 'minLength')]
  const numbers = [multipleOfRule(context), boundRule(context, 'maximum'), boundRule(context, 'minimum')]
  const arrays = [
    arrayCountRule(context, 'minItems'),
    arrayCountRule(context, 'maxItems'),
    uniqueItemsRule(context),
    ...itemsRules(context, parseNode),
  ]
  const encrypt = encryptRule(context)
  checkEncryptMetadata(context)
  const objects = isObjectSchema(context) ? [objectRule(context, parseNode)] : []
  const combinations = combinationRules(context, parseNode)
  const enumeration = enumRule(context)
  const of = (mask: number, rules: readonly (Rule | undefined)[]): readonly (Rule | undefined)[] =>
    stated?.single === true && (stated.mask & mask) === 0 ? [] : rules
  const documentOnly = context.top
    ? []
    : [...of(typeBit('string'), strings), ...of(NUMBER_BITS, numbers), ...of(typeBit('array'), arrays), encrypt]
  const all = [
    ...documentOnly,
    ...of(typeBit('object'), objects),
    ...combinations,
    enumeration,
    stated && typeRule(stated),
  ]
  return all.filter((rule) => rule !== undefined)
}

const OBJECT_KEYWORDS = [
  'properties',
  'additionalProperties',
  'patternProperties',
  'required',
  'minProperties',
  'maxProperties',
  'dependencies',
]
const isObjectSchema = (context: SchemaContext): boolean => OBJECT_KEYWORDS.some((key) => context.schema.has(key))

/** The conjunction, without a loop for the usual few. */
function allOf(tests: readonly Rule['matches'][]): Rule['matches'] {
  const [first, second] = tests
  if (first === undefined) return () => true
  if (second === undefined) return first
  if (tests.length === 2) return (value) => first(value) && second(value)
  return (value) => {
    for (const test of tests) if (!test(value)) return false
    return true
  }
}
