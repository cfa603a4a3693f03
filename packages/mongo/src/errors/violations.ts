import { EJSON } from 'bson'

/** One broken rule of a validator: where, which, what was expected, what was there. */
export interface Violation {
  /** Path of the field, for example "address.lines.0"; "" is the document itself. */
  readonly path: string
  readonly rule: string
  readonly expected: string | undefined
  readonly actual: string | undefined
  readonly description: string | undefined
}

/** Bounds the work on an answer that a server may make as large as 12 MiB. */
const MAX_VIOLATIONS = 50
const MAX_TEXT = 200

/**
 * The broken rules in `errInfo` of error 121. Parsed defensively: what is not understood is left out, never an exception.
 * Source: the manual's page on the output of schema validation errors.
 */
export function violationsOf(errInfo: unknown): readonly Violation[] {
  const found: Violation[] = []
  walk(field(errInfo, 'details'), '', found)
  return found
}

/** One violation as a sentence part: `field "age": minimum expected 0, found -1`. */
export function violationText(violation: Violation): string {
  const where = violation.path === '' ? 'the document' : `field "${violation.path}"`
  const expected = violation.expected === undefined ? '' : ` expected ${violation.expected}`
  const actual = violation.actual === undefined ? '' : `, found ${violation.actual}`
  const description = violation.description === undefined ? '' : ` (${violation.description})`
  return `${where}: ${violation.rule}${expected}${actual}${description}`
}

function walk(node: unknown, path: string, found: Violation[]): void {
  if (found.length >= MAX_VIOLATIONS) return
  if (Array.isArray(node)) return node.forEach((item) => walk(item, path, found))
  if (!isRecord(node)) return
  const before = found.length
  for (const list of ['schemaRulesNotSatisfied', 'clausesNotSatisfied', 'schemasNotSatisfied']) {
    walk(field(node, list), path, found)
  }
  for (const property of listOf(field(node, 'propertiesNotSatisfied'))) {
    walk(field(property, 'details'), join(path, text(field(property, 'propertyName'))), found)
  }
  for (const property of listOf(field(node, 'patternPropertiesNotSatisfied'))) {
    walk(field(property, 'details'), join(path, text(field(property, 'propertyName'))), found)
  }
  const index = field(node, 'itemIndex')
  walk(field(node, 'details'), index === undefined ? path : join(path, text(index)), found)
  if (found.length === before) leaf(node, path, found)
}

function leaf(node: Readonly<Record<string, unknown>>, path: string, found: Violation[]): void {
  const rule = field(node, 'operatorName')
  if (typeof rule !== 'string' || rule === '$jsonSchema') return
  const description = field(node, 'description')
  const base = { rule, description: typeof description === 'string' ? description : undefined }
  const missing = listOf(field(node, 'missingProperties')).map(text)
  const additional = listOf(field(node, 'additionalProperties')).map(text)
  for (const name of missing) found.push({ ...base, path: join(path, name), expected: 'a value', actual: 'nothing' })
  for (const name of additional)
    found.push({ ...base, path: join(path, name), expected: 'no such field', actual: 'one' })
  if (missing.length + additional.length > 0) return
  found.push({ ...base, path, expected: expectation(field(node, 'specifiedAs'), rule), actual: consideration(node) })
}

/** `specifiedAs` holds the keyword itself: `{minimum: 0}` is shown as `0`. */
function expectation(specifiedAs: unknown, rule: string): string | undefined {
  const inner = field(specifiedAs, rule)
  const value = inner === undefined ? specifiedAs : inner
  return value === undefined ? undefined : text(value)
}

function consideration(node: Readonly<Record<string, unknown>>): string | undefined {
  const value = field(node, 'consideredValue')
  const type = field(node, 'consideredType')
  if (value === undefined) return undefined
  return typeof type === 'string' ? `${text(value)} (${type})` : text(value)
}

function text(value: unknown): string {
  const whole = typeof value === 'string' ? value : EJSON.stringify(value)
  return whole.length > MAX_TEXT ? `${whole.slice(0, MAX_TEXT)}...` : whole
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const field = (value: unknown, key: string): unknown =>
  isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`)
