import { isDoc, type Doc } from '@stage0/bson-schema'
import type { Severity } from '@stage0/types'
import type { Located, Property } from '../model/model.ts'
import { checkFragment, findingPointer, type FragmentFinding } from './check-fragment.ts'
import { checkHalves } from './check-halves.ts'
import type { ProblemList } from './problem-list.ts'
import { quoted } from './quoted.ts'
import type { SchemaFormat } from './render-property.ts'
import { forEachProperty, type Unit } from './units.ts'

/**
 * Checks what a dictionary or type says by itself: fragments, bounds, names, alternatives. References and enumerators are
 * checked where the whole repository is known.
 *
 * @param used Whether a version uses the file; what is wrong in a file that nothing uses is a warning.
 */
export function checkUnit(unit: Unit, used: boolean, problems: ProblemList): void {
  const error: Severity = used ? 'error' : 'warning'
  forEachProperty(unit.root, (property) => {
    switch (property.kind) {
      case 'object':
        checkNames(property, problems)
        if (isDoc(property.additionalProperties)) {
          const where = { at: property.at, what: `additional_properties of ${name(property)}`, error, problems }
          reportFragment(property.additionalProperties, 'json', where)
          reportFragment(property.additionalProperties, 'bson', where)
        }
        return
      case 'array':
        return checkBounds(property, problems)
      case 'simple':
        return checkSimple(property, error, problems)
      case 'complex':
        return checkComplex(property, error, problems)
      case 'constant':
        if (typeof property.constant === 'string') return
        return problems.add(property.at, {
          code: 'CONSTANT_NOT_STRING',
          severity: 'warning',
          text: `${name(property)}: the constant ${quoted(property.constant)} is not a string, but constants are rendered with type string`,
          hint: 'Quote the value, or use kind `complex`.',
        })
      case 'one_of':
        if (property.properties.length > 0) return
        return problems.add(property.at, {
          code: 'ONE_OF_EMPTY',
          severity: error,
          text: `${name(property)} is a choice without alternatives`,
          hint: 'List the alternatives under `properties`.',
        })
      default:
    }
  })
}

const name = (property: Property): string => `property "${property.name}"`

interface Where {
  readonly at: Located
  /** "schema of property "email"", for the text. */
  readonly what: string
  readonly error: Severity
  readonly problems: ProblemList
}

function checkNames(property: Property & { readonly kind: 'object' }, problems: ProblemList): void {
  const seen = new Set<string>()
  for (const child of property.properties) {
    if (seen.has(child.name)) {
      problems.add(child.at, {
        code: 'PROPERTY_DUPLICATE',
        severity: 'warning',
        text: `${name(property)} has two properties "${child.name}"; this one replaces the earlier one`,
        hint: 'Remove or rename one of them.',
      })
    }
    seen.add(child.name)
  }
}

function checkBounds(property: Property & { readonly kind: 'array' }, problems: ProblemList): void {
  const { minItems, maxItems } = property
  if (minItems === undefined || maxItems === undefined || minItems <= maxItems) return
  problems.add(property.at, {
    code: 'BOUNDS_CONTRADICTION',
    severity: 'warning',
    text: `${name(property)}: min_items ${minItems} is greater than max_items ${maxItems}, so no array is accepted`,
  })
}

function checkSimple(property: Property & { readonly kind: 'simple' }, error: Severity, problems: ProblemList): void {
  const { schema } = property
  if (!schema.has('type')) {
    problems.add(property.schemaAt, {
      code: 'FRAGMENT_WITHOUT_TYPE',
      severity: error,
      text: `${name(property)} is \`simple\`, but its \`schema\` has no \`type\``,
      hint: 'Write for example `schema: {type: string}`.',
    })
  }
  const where = { at: property.schemaAt, what: `schema of ${name(property)}`, error, problems }
  const type = schema.get('type')
  // The BSON form of the fragment differs from the JSON form by the name of the type keyword alone.
  const bson = type === undefined ? schema : schema.without('type').with('bsonType', type)
  const jsonFindings = reportFragment(schema, 'json', where)
  const known = new Set(jsonFindings.map((finding) => findingPointer(finding)))
  const bsonFindings = checkFragment(bson, 'bson').map((finding) =>
    finding.path[0] === 'bsonType' && finding.path.length === 1 ? { ...finding, path: ['type'] } : finding,
  )
  for (const finding of bsonFindings) {
    // One mistake in the one fragment is one problem, the harder one of the two.
    const isRepeated = known.has(findingPointer(finding)) && jsonFindings.some((each) => each.severity === 'error')
    if (!isRepeated) report(finding, where)
  }
}

function checkComplex(property: Property & { readonly kind: 'complex' }, error: Severity, problems: ProblemList): void {
  const halves = [
    ['json_type', 'json', property.jsonType, property.jsonTypeAt],
    ['bson_type', 'bson', property.bsonType, property.bsonTypeAt],
  ] as const
  for (const [half, format, fragment, at] of halves) {
    if (fragment.size === 0) {
      problems.add(at, {
        code: 'FRAGMENT_WITHOUT_TYPE',
        severity: error,
        text: `${name(property)} is \`complex\`, but its \`${half}\` is empty`,
        hint: `Write for example \`${half}: ${format === 'json' ? '{type: string}' : '{bsonType: string}'}\`.`,
      })
    } else reportFragment(fragment, format, { at, what: `${half} of ${name(property)}`, error, problems })
  }
  const contradictions = checkHalves(property.jsonType, property.bsonType)
  if (contradictions.length === 0) return
  const text = `${name(property)}: ${contradictions.join('; ')}`
  problems.add(property.at, { code: 'FRAGMENT_CONTRADICTION', severity: 'warning', text })
}

function reportFragment(fragment: Doc, format: SchemaFormat, where: Where): readonly FragmentFinding[] {
  const findings = checkFragment(fragment, format)
  for (const finding of findings) report(finding, where)
  return findings
}

function report(finding: FragmentFinding, { at, what, error, problems }: Where): void {
  const severity = finding.severity === 'error' ? error : finding.severity
  const { code, text, hint } = finding
  problems.add(
    at,
    { code, severity, text: `${what}: ${text}`, ...(hint !== undefined && { hint }) },
    findingPointer(finding),
  )
}
