import { BSONError, serialize } from 'bson'
import { BsonError, decode, isDoc, relaxedJson, violations, type Value } from '@stage0/bson-schema'

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
 * The broken rules in `errInfo` of error 121, as texts for people; the first fifty. Never an exception: what is no document of
 * BSON has none.
 */
export function violationsOf(errInfo: unknown): readonly Violation[] {
  const details = detailsOf(errInfo)
  return violations(details, MAX_VIOLATIONS).map(({ path, rule, expected, actual, actualType, description }) => {
    const where = { path: path.map((step) => shortened(String(step))).join('.'), rule, description }
    // A name that is missing, or one too many: what the rule lists says nothing about this field.
    if (rule === 'required') return { ...where, expected: 'a value', actual: 'nothing' }
    if (rule === 'additionalProperties' && actual === undefined) {
      return { ...where, expected: 'no such field', actual: 'one' }
    }
    const type = actualType === undefined ? '' : ` (${actualType})`
    return {
      ...where,
      expected: expected === undefined ? undefined : textOf(keywordIn(expected, rule)),
      actual: actual === undefined ? undefined : `${textOf(actual)}${type}`,
    }
  })
}

/** The driver gives plain objects: back to bytes, and to values that keep types and order. */
function detailsOf(errInfo: unknown): Value | undefined {
  if (typeof errInfo !== 'object' || errInfo === null || !('details' in errInfo)) return undefined
  const { details } = errInfo
  if (typeof details !== 'object' || details === null) return undefined
  try {
    return decode(serialize(details))
  } catch (error) {
    if (error instanceof BSONError || error instanceof BsonError) return undefined
    throw error
  }
}

/** One violation as a sentence part: `field "age": minimum expected 0, found -1`. */
export function violationText(violation: Violation): string {
  const where = violation.path === '' ? 'the document' : `field "${violation.path}"`
  const expected = violation.expected === undefined ? '' : ` expected ${violation.expected}`
  const actual = violation.actual === undefined ? '' : `, found ${violation.actual}`
  const description = violation.description === undefined ? '' : ` (${violation.description})`
  return `${where}: ${violation.rule}${expected}${actual}${description}`
}

/** `specifiedAs` holds the keyword itself: `{minimum: 0}` is shown as `0`. */
const keywordIn = (specifiedAs: Value, rule: string): Value =>
  (isDoc(specifiedAs) ? specifiedAs.get(rule) : undefined) ?? specifiedAs

const textOf = (value: Value): string => shortened(typeof value === 'string' ? value : relaxedJson(value))
const shortened = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}...` : text)
