import {
  compileSchema,
  Doc,
  isArray,
  isDoc,
  readExtendedJson,
  relaxedJson,
  violations,
  type CompiledSchema,
  type Value,
} from '@stage0/bson-schema'
import { err, ok, type Result } from '@stage0/types'
import { jsonPointer, jsonRanges, type JsonRanges } from '../text/json-ranges.ts'
import {
  MAX_DUPLICATES_SHOWN,
  MAX_FINDINGS_PER_DOCUMENT,
  MAX_REFUSED_SHOWN,
  type CheckAnswer,
  type Finding,
  type RefusedDocument,
} from './messages.ts'
import { sampleOf } from './sample-values.ts'

/** A broken rule before its line is known. */
interface Broken {
  readonly ordinal: number
  readonly id: Value | undefined
  readonly findings: readonly Omit<Finding, 'line'>[]
  readonly total: number
}

/** Reads and compiles a rendered schema; on failure in words, what a server would say. */
export function readSchema(text: string): Result<{ schema: Doc; compiled: CompiledSchema }, string[]> {
  const read = readExtendedJson(text)
  if (!read.ok) return err([read.error.message])
  if (!isDoc(read.value)) return err(['the schema is not an object'])
  const compiled = compileSchema(read.value)
  if (!compiled.ok)
    return err(compiled.error.map(({ message, path }) => (path === '' ? message : `${path}: ${message}`)))
  return ok({ schema: read.value, compiled: compiled.value })
}

/**
 * Checks one document, or each of an array, as an insert into the collection would: a document without `_id` is given
 * one first. Pure but for time: a pattern of the schema may run for ever, so this belongs where it can be ended.
 *
 * @param text Relaxed or canonical Extended JSON.
 */
export function checkDocuments(compiled: CompiledSchema, text: string): CheckAnswer {
  const duplicates: { key: string; line: number }[] = []
  const read = readExtendedJson(text, {
    onDuplicateKey: ({ key, offset }) => {
      if (duplicates.length < MAX_DUPLICATES_SHOWN) duplicates.push({ key, line: placeAt(text, offset).line })
    },
  })
  if (!read.ok) return { kind: 'unreadable', message: read.error.message, ...placeAt(text, read.error.offset) }
  const many = isArray(read.value)
  const documents = many ? (read.value as readonly Value[]) : [read.value]
  const shown: Broken[] = []
  let refused = 0
  let idsAdded = 0
  documents.forEach((document, ordinal) => {
    if (isDoc(document) && !document.has('_id')) idsAdded++
    const broken = checkOne(compiled, document, ordinal)
    if (broken === undefined) return
    refused++
    if (shown.length < MAX_REFUSED_SHOWN) shown.push(broken)
  })
  return {
    kind: 'checked',
    documents: documents.length,
    refused,
    shown: placed(shown, text, many),
    duplicates,
    idsAdded,
  }
}

function checkOne(compiled: CompiledSchema, document: Value, ordinal: number): Broken | undefined {
  if (!isDoc(document)) {
    const finding = { path: [], rule: 'type', expected: '"object"', actual: shownValue(document) }
    return { ordinal, id: undefined, findings: [finding], total: 1 }
  }
  const stored = document.has('_id') ? document : new Doc(['_id', ...document.keys], [SERVER_ID, ...document.values])
  const details = compiled.explain(stored)
  if (details === undefined) return undefined
  const all = violations(details)
  const findings = all.slice(0, MAX_FINDINGS_PER_DOCUMENT).map((violation) => {
    const expected =
      violation.expected === undefined ? undefined : shownValue(ruleValue(violation.expected, violation.rule))
    return {
      path: violation.path,
      rule: violation.rule,
      ...(expected === undefined ? {} : { expected }),
      ...(violation.actual === undefined ? {} : { actual: shownValue(violation.actual) }),
      ...(violation.reason === undefined ? {} : { reason: violation.reason }),
    }
  })
  return { ordinal, id: document.get('_id'), findings, total: all.length }
}

/** Stands for the identity that a server or driver would make; which one it is makes no difference to a schema. */
const SERVER_ID = sampleOf('objectId')

/** `{pattern: "^a"}` for the rule `pattern` says no more than `"^a"`. */
const ruleValue = (expected: Value, rule: string): Value =>
  isDoc(expected) && expected.size === 1 ? (expected.get(rule) ?? expected) : expected

const MAX_SHOWN_CHARACTERS = 200

function shownValue(value: Value): string {
  const text = relaxedJson(value)
  return text.length <= MAX_SHOWN_CHARACTERS ? text : `${text.slice(0, MAX_SHOWN_CHARACTERS)}…`
}

/** Finds the lines of all findings in one pass over the text. */
function placed(broken: readonly Broken[], text: string, many: boolean): RefusedDocument[] {
  if (broken.length === 0) return []
  const base = (ordinal: number): (string | number)[] => (many ? [ordinal] : [])
  const wanted = new Set<string>()
  for (const { ordinal, findings } of broken) {
    wanted.add(jsonPointer(base(ordinal)))
    for (const { path } of findings) for (const at of prefixes([...base(ordinal), ...path])) wanted.add(jsonPointer(at))
  }
  const ranges = jsonRanges(text, wanted)
  return broken.map(({ ordinal, id, findings, total }) => ({
    ordinal,
    line: lineOf(ranges, base(ordinal)),
    ...(id === undefined ? {} : { id: shownValue(id) }),
    findings: findings.map((finding) => ({ ...finding, line: lineOf(ranges, [...base(ordinal), ...finding.path]) })),
    total,
  }))
}

/** The path and every path above it, nearest first: a value that is missing is shown where it should be. */
function* prefixes(path: readonly (string | number)[]): Generator<readonly (string | number)[]> {
  for (let length = path.length; length >= 0; length--) yield path.slice(0, length)
}

function lineOf(ranges: JsonRanges, path: readonly (string | number)[]): number {
  for (const at of prefixes(path)) {
    const range = ranges.get(jsonPointer(at))
    if (range) return range.from
  }
  return 1
}

/** Line and column of a place in a text, both 1-based, columns in UTF-16 units. */
export function placeAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: before.length - lineStart + 1 }
}
