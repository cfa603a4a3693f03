import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { isDeep } from '@stage0/testkit'
import { describe, expect, it } from 'vitest'
import { checkSpecifications } from './check-specifications.ts'
import type { Form } from './form.ts'
import { DOCUMENT_FORMS, specificationSchemaFiles, type DocumentName } from './schemas.ts'
import { mutate, MUTATIONS } from './testing/mutate.ts'
import { WHOLE, type Json } from './testing/whole.ts'

const NAMES = Object.keys(DOCUMENT_FORMS) as readonly DocumentName[]

/** What is published, as another program reads it. */
const VALIDATORS = new Map(
  specificationSchemaFiles().map(({ name, text }) => [
    name.replace('.schema.json', ''),
    new Ajv2020({ allErrors: true }).compile(JSON.parse(text) as object),
  ]),
)

/** The codes that say the form is wrong: what a schema says too. */
const OF_THE_FORM = new Set([
  'SPECIFICATION_MEMBER_MISSING',
  'SPECIFICATION_MEMBER_UNKNOWN',
  'SPECIFICATION_VALUE_INVALID',
])

function refusals(name: DocumentName, content: Json): readonly string[] {
  const validate = VALIDATORS.get(name)
  if (validate === undefined) throw new TypeError(name)
  return validate(content)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

const textOf = (content: Json): string => `${JSON.stringify(content, null, 1)}\n`

/** What the check finds in a document; the others are whole. */
const findings = (name: DocumentName, text: string) =>
  checkSpecifications(NAMES.map((one) => ({ path: `${one}.yaml`, text: one === name ? text : textOf(WHOLE[one]) })))

const reported = (name: DocumentName, content: Json) =>
  findings(name, textOf(content)).filter(({ at, code }) => at.file === `${name}.yaml` && OF_THE_FORM.has(code))

/** The members of a form and of all below it, as paths. */
function membersOf(form: Form, path: string): readonly string[] {
  if (form.type === 'array') return membersOf(form.items, `${path}[]`)
  if (form.type !== 'object') return []
  return Object.entries(form.properties).flatMap(([key, below]) => [
    `${path}.${key}`,
    ...membersOf(below, `${path}.${key}`),
  ])
}

function membersIn(content: Json, path: string): readonly string[] {
  if (Array.isArray(content)) return (content as readonly Json[]).flatMap((item) => membersIn(item, `${path}[]`))
  if (typeof content !== 'object' || content === null) return []
  return Object.entries(content).flatMap(([key, below]) => [
    `${path}.${key}`,
    ...membersIn(below as Json, `${path}.${key}`),
  ])
}

describe('the published schema of a document', () => {
  it.each(NAMES)('%s: takes a document that uses every member, as the check does', (name) => {
    expect(refusals(name, WHOLE[name])).toEqual([])
    expect(reported(name, WHOLE[name])).toEqual([])
    expect([...new Set(membersIn(WHOLE[name], ''))].sort()).toEqual([...membersOf(DOCUMENT_FORMS[name], '')].sort())
  })

  it.each(NAMES)('%s: refuses what the check reports about its form, and nothing else', (name) => {
    let refused = 0
    fc.assert(
      fc.property(fc.array(MUTATIONS, { minLength: 1, maxLength: 3 }), (mutations) => {
        const content = mutations.reduce(mutate, WHOLE[name])
        const [refusal] = refusals(name, content)
        const [finding] = reported(name, content)
        if (refusal !== undefined) refused += 1
        expect(finding === undefined, `${refusal} / ${finding?.text}: ${textOf(content)}`).toBe(refusal === undefined)
      }),
      { numRuns: isDeep ? 10_000 : 200 },
    )
    expect(refused).toBeGreaterThan(20)
  })
})

describe('the check', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc
      .constantFrom(...NAMES)
      .chain((name) =>
        fc.array(MUTATIONS, { maxLength: 4 }).map((mutations) => textOf(mutations.reduce(mutate, WHOLE[name]))),
      ),
    fc
      .array(
        fc.constantFrom(
          'architecture:',
          'domains:',
          '- ',
          'name: ',
          '\n',
          '  ',
          'on',
          '2026-01-01',
          '&a ',
          '*a',
          '[',
          ']',
          '? ',
          '!!int ',
          '"',
          ': ',
          '<<: ',
        ),
      )
      .map((parts) => parts.join('')),
  )

  it('finds something or nothing, in the order of places, in whatever documents', () => {
    fc.assert(
      fc.property(fc.tuple(anything, anything, anything), fc.string(), ([product, catalog, architecture], schema) => {
        const found = checkSpecifications([
          { path: 'product.yaml', text: product },
          { path: 'catalog.yaml', text: catalog },
          { path: 'architecture.yaml', text: architecture },
          { path: 'schemas/A.schema.json', text: schema },
        ])
        const files = found.map(({ at }) => at.file)
        expect(files).toEqual([...files].sort())
        for (const { text } of found) expect(text).toMatch(/[.]$/)
      }),
      { numRuns: isDeep ? 10_000 : 300 },
    )
  })
})
