import {
  isArray,
  isDoc,
  relaxedJson,
  typeName,
  violations,
  type CompiledSchema,
  type Doc,
  type Value,
} from '@stage0/bson-schema'
import type { EvidenceSample, EvidenceViolation } from '@stage0/types'
import { cut, shortJson } from './short-text.ts'

/** More broken rules of one document than this help nobody. */
const MAX_VIOLATIONS = 20

/** Why a document does not match: path, rule, expected and actual of each violation, all in bounded lengths. */
export function explainSample(schema: CompiledSchema, document: Doc): EvidenceSample {
  const found = violations(schema.explain(document))
  const id = document.get('_id')
  return {
    id: id === undefined ? '(none)' : shortJson(id),
    violations: found.slice(0, MAX_VIOLATIONS).map((one) => violationOf(one, document)),
    more: Math.max(0, found.length - MAX_VIOLATIONS),
  }
}

type Violation = ReturnType<typeof violations>[number]

function violationOf(violation: Violation, document: Doc): EvidenceViolation {
  const { path, rule, description } = violation
  const expected = expectedOf(violation)
  const actual = actualOf(violation, document)
  return {
    path: cut(path.join('.')),
    rule,
    ...(expected !== undefined && { expected }),
    ...(actual !== undefined && { actual }),
    ...(description !== undefined && { description: cut(description) }),
  }
}

/** `specifiedAs` repeats the keyword: `{minimum: 0, exclusiveMinimum: true}` is told as `0, not included`. */
function expectedOf({ rule, expected, reason }: Violation): string | undefined {
  if (rule === 'required') return 'a value'
  if (rule === 'additionalProperties') return 'no other fields'
  if (!isDoc(expected)) return expected === undefined ? reason : shortJson(expected)
  const own = expected.get(rule)
  if (own === undefined) return shortJson(expected)
  const isExclusive = expected.get('exclusiveMinimum') === true || expected.get('exclusiveMaximum') === true
  return isExclusive ? `${shortJson(own)}, not included` : shortJson(own)
}

function actualOf({ rule, path, actual }: Violation, document: Doc): string | undefined {
  if (rule === 'required') return 'nothing'
  const value = actual === undefined && rule === 'additionalProperties' ? valueAt(document, path) : actual
  return value === undefined ? undefined : `${cut(relaxedJson(value))} (${typeName(value)})`
}

function valueAt(document: Doc, path: readonly (string | number)[]): Value | undefined {
  let value: Value | undefined = document
  for (const step of path) {
    if (isDoc(value)) value = value.get(String(step))
    else value = isArray(value) ? value[Number(step)] : undefined
  }
  return value
}
