import { compileSchema, doc, isArray, isDoc, typeName, type Doc, type Value } from '@stage0/bson-schema'
import type { ErrorCode, Severity } from '@stage0/types'
import { jsonPointer } from '../text/json-pointer.ts'
import { quoted } from './quoted.ts'
import {
  BSON_JSON_TYPES,
  BSON_KEYWORD_HINTS,
  BSON_KEYWORDS,
  BSON_TYPE_HINTS,
  BSON_TYPES,
  JSON_KEYWORDS,
  JSON_TYPES,
  type KeywordValue,
} from './fragment-keywords.ts'
import { didYouMean } from '../model/did-you-mean.ts'
import { mayHang } from './pattern-hang.ts'
import type { SchemaFormat } from './render-property.ts'

/** Something wrong inside a fragment; `path` leads to it from the fragment's top. */
export interface FragmentFinding {
  readonly code: ErrorCode
  readonly severity: Severity
  readonly path: readonly (string | number)[]
  readonly text: string
  readonly hint: string | undefined
}

const DIALECT: Readonly<Record<SchemaFormat, string>> = { json: 'JSON Schema', bson: '$jsonSchema of MongoDB' }

/** Checks the words of a fragment against one of the two schema languages, at every depth. */
export function checkFragment(fragment: Value, format: SchemaFormat): readonly FragmentFinding[] {
  const findings: FragmentFinding[] = []
  visit(fragment, [], format, findings)
  return format === 'bson' ? [...findings, ...refusals(fragment, findings)] : findings
}

/** Below this pointer a fragment stands when it is compiled: a schema for whole documents has rules of its own. */
const WITHIN = '/properties/fragment'

/** What else MongoDB would refuse: values of keywords, patterns. A place that has a finding already is not named twice. */
function refusals(fragment: Value, findings: readonly FragmentFinding[]): readonly FragmentFinding[] {
  const compiled = compileSchema(doc({ properties: { fragment } }))
  if (compiled.ok) return []
  const known = findings.map((finding) => findingPointer(finding))
  return compiled.error.flatMap(({ message, path }) => {
    const pointer = path.slice(WITHIN.length)
    const isKnown = known.some((each) => pointer === each || pointer.startsWith(`${each}/`))
    return isKnown ? [] : [invalid(pointer.split('/').slice(1).map(unescaped), message)]
  })
}

const unescaped = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~')

/** The pointer of a finding below the place of its fragment. */
export const findingPointer = (finding: FragmentFinding): string => jsonPointer(finding.path)

type Path = readonly (string | number)[]

function visit(schema: Value, path: Path, format: SchemaFormat, findings: FragmentFinding[]): void {
  // JSON Schema allows `true` and `false` for a schema, MongoDB does not.
  if (typeof schema === 'boolean' && format === 'json') return
  if (!isDoc(schema)) {
    findings.push(invalid(path, `a schema is expected here, but this is ${quoted(schema)} (${typeName(schema)})`))
    return
  }
  const keywords = format === 'json' ? JSON_KEYWORDS : BSON_KEYWORDS
  for (const [keyword, value] of schema.entries()) {
    const at = [...path, keyword]
    const kind = keywords.get(keyword)
    if (kind === undefined) findings.push(unknownKeyword(keyword, at, format))
    else visitKeyword(kind, keyword, value, at, format, findings)
  }
  checkBounds(schema, path, findings)
}

function visitKeyword(
  kind: KeywordValue,
  keyword: string,
  value: Value,
  path: Path,
  format: SchemaFormat,
  findings: FragmentFinding[],
): void {
  const each = (items: Iterable<readonly [string | number, Value]>): void => {
    for (const [key, item] of items) visit(item, [...path, key], format, findings)
  }
  switch (kind) {
    case 'schema':
      return visit(value, path, format, findings)
    case 'schemaOrBoolean':
      return typeof value === 'boolean' ? undefined : visit(value, path, format, findings)
    case 'schemaOrList':
      return isArray(value) ? each(value.entries()) : visit(value, path, format, findings)
    case 'schemas':
      if (isArray(value) && value.length > 0) return each(value.entries())
      return void findings.push(invalid(path, `${quoted(keyword)} must be a list of at least one schema`))
    case 'schemaMap':
      if (isDoc(value) && keyword === 'patternProperties')
        for (const pattern of value.keys) checkTime(pattern, [...path, pattern], findings)
      if (isDoc(value)) return each(value.entries())
      return void findings.push(invalid(path, `${quoted(keyword)} must map names to schemas`))
    case 'pattern':
      if (typeof value === 'string') checkTime(value, path, findings)
      // MongoDB's patterns are PCRE: what compiling the schema says counts.
      return format === 'json' ? checkPattern(value, path, findings) : undefined
    case 'type':
      return checkTypes(keyword, value, path, format, findings)
    case 'other':
      return
  }
}

function unknownKeyword(keyword: string, path: Path, format: SchemaFormat): FragmentFinding {
  const known = format === 'json' ? JSON_KEYWORDS : BSON_KEYWORDS
  const text = `${quoted(keyword)} is no keyword of ${DIALECT[format]}`
  const hint = (format === 'bson' ? BSON_KEYWORD_HINTS.get(keyword) : undefined) ?? didYouMean(keyword, known.keys())
  // JSON Schema ignores what it does not know; MongoDB refuses the whole schema.
  if (format === 'json') return { code: 'FRAGMENT_UNKNOWN_KEYWORD', severity: 'warning', path, text, hint }
  return { ...invalid(path, text), hint }
}

function checkTypes(
  keyword: string,
  value: Value,
  path: Path,
  format: SchemaFormat,
  findings: FragmentFinding[],
): void {
  const known = keyword === 'bsonType' ? BSON_TYPES : format === 'json' ? JSON_TYPES : BSON_JSON_TYPES
  const names = isArray(value) ? value : [value]
  if (names.length === 0) findings.push(invalid(path, `${quoted(keyword)} names no type`))
  for (const name of names) {
    if (typeof name === 'string' && known.includes(name)) continue
    const words = typeof name === 'string' ? name : ''
    const hint = (format === 'bson' ? BSON_TYPE_HINTS.get(words) : undefined) ?? didYouMean(words, known)
    findings.push({
      ...invalid(path, `${quoted(name)} is no type name that ${quoted(keyword)} of ${DIALECT[format]} knows`),
      hint,
    })
  }
}

function checkPattern(value: Value, path: Path, findings: FragmentFinding[]): void {
  if (typeof value !== 'string') {
    findings.push(invalid(path, `"pattern" must be a text, not ${quoted(value)}`))
    return
  }
  const failure = patternFailure(value)
  if (failure !== undefined) findings.push(invalid(path, `the pattern ${quoted(value)} does not compile: ${failure}`))
}

/** The server has a limit for matching, other matchers have none: there one value is enough to stop everything. */
function checkTime(pattern: string, path: Path, findings: FragmentFinding[]): void {
  if (!mayHang(pattern)) return
  const text = `the pattern ${quoted(pattern)} may take for ever: it repeats what can be divided in many ways, and all of them are tried on a long value that almost matches`
  const hint =
    'Let what is repeated begin or end with something that it holds nowhere else, as in ^\\w+( \\w+)*$ instead of ^(\\w+ ?)*$.'
  findings.push({ code: 'PATTERN_MAY_HANG', severity: 'warning', path, text, hint })
}

/** Why a pattern is no regular expression of ECMAScript, which JSON Schema asks for; `undefined` where it is one. */
function patternFailure(pattern: string): string | undefined {
  let reason = ''
  for (const flags of ['u', '']) {
    try {
      new RegExp(pattern, flags)
      return undefined
    } catch (failure) {
      // The words before the last colon repeat the pattern.
      reason = failure instanceof Error ? (failure.message.split(': ').at(-1) ?? '') : String(failure)
    }
  }
  return reason
}

function checkBounds(schema: Doc, path: Path, findings: FragmentFinding[]): void {
  for (const what of ['imum', 'Length', 'Items', 'Properties']) {
    const least = schema.get(`min${what}`)
    const most = schema.get(`max${what}`)
    if (typeof least !== 'number' || typeof most !== 'number' || least <= most) continue
    const text = `min${what} ${least} is greater than max${what} ${most}, so no value is accepted`
    findings.push({ code: 'BOUNDS_CONTRADICTION', severity: 'warning', path, text, hint: undefined })
  }
}

const invalid = (path: Path, text: string): FragmentFinding => ({
  code: 'FRAGMENT_INVALID',
  severity: 'error',
  path,
  text,
  hint: undefined,
})
