import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { inProject } from '../../fresh.ts'

const FOLDER = 'packages/tooling/node_modules/@cyclonedx/cyclonedx-library/res/schema'
const fileOf = (name: string): string => `${name}.SNAPSHOT.schema.json`
const schema = (name: string): object =>
  JSON.parse(readFileSync(inProject(`${FOLDER}/${fileOf(name)}`), 'utf8')) as object

// Formats that ajv-formats has not: what they are about does not stand in our lists.
const ajv = new Ajv({ strict: false, allErrors: true, formats: { 'iri-reference': true, 'idn-email': true } })
addFormats.default(ajv)
// They name each other by the names of their files.
for (const name of ['spdx', 'jsf-0.82']) ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${fileOf(name)}`)
const validate = ajv.compile(schema('bom-1.6'))

/**
 * What the schema of CycloneDX 1.6 says against a list, one line each; nothing where it is valid. The schema is the one
 * that the makers of the format publish.
 */
export const problemsOfBom = (bom: unknown): readonly string[] =>
  validate(bom) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`)
