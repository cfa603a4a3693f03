import { join } from 'node:path'
import { openTemplate, type OpenedTemplate } from '../files/open-template.ts'
import { readSpecifications, type Specifications } from '../files/read-specifications.ts'
import { fail, ok, type Place, type Problem, type Result } from '../problem.ts'
import { TEMPLATE_FOLDER } from '../process/names.ts'
import type { Product, ProductEntry } from '../process/product.ts'
import { decode, type TemplateTree } from '../process/tree.ts'
import { kindOf, spelled } from '../process/words.ts'
import { Mapping } from '../value.ts'
import { readYaml } from '../values/read-yaml.ts'

/** The product that a template is to give of its sample. */
export const EXPECTED = `${TEMPLATE_FOLDER}/test_expected`
/** Where the sample is: as templates have it today, and as they had it. */
const SAMPLES = [`${TEMPLATE_FOLDER}/Specifications`, `${TEMPLATE_FOLDER}/test_data`]
/** Names of the environment with their values, for templates that need some. */
const ENVIRONMENT = `${TEMPLATE_FOLDER}/test_environment.yaml`

/** The sample input of a template. */
export interface Sample {
  readonly specifications: Specifications
  readonly environment: Readonly<Record<string, string>>
}

/** @returns `TEMPLATE_SAMPLE_MISSING` where there is none; what is wrong with its files, by their place in the template. */
export function readSample(template: OpenedTemplate): Result<Sample> {
  const folder = SAMPLES.find((path) => template.entries.get(path)?.kind === 'folder')
  if (folder === undefined) {
    const message = `The template has no sample input: neither ${SAMPLES.join(' nor ')}.`
    return fail({ code: 'TEMPLATE_SAMPLE_MISSING', message })
  }
  const read = readSpecifications(join(template.folder, folder))
  const specifications = read.ok ? read : fail(...read.problems.map((problem) => within(folder, problem)))
  const environment = readEnvironmentFile(template)
  if (specifications.ok && environment.ok)
    return ok({ specifications: specifications.value, environment: environment.value })
  return fail(...(specifications.ok ? [] : specifications.problems), ...(environment.ok ? [] : environment.problems))
}

function readEnvironmentFile(template: TemplateTree): Result<Readonly<Record<string, string>>> {
  if (template.entries.get(ENVIRONMENT)?.kind !== 'file') return ok({})
  const bytes = template.read(ENVIRONMENT)
  if (!bytes.ok) return bytes
  const invalid = (message: string, at: Place = { file: ENVIRONMENT }): Problem => ({
    code: 'TEMPLATE_CONTROL_INVALID',
    message,
    at,
  })
  const text = decode(bytes.value)
  if (text === undefined) return fail(invalid('The sample environment is not UTF-8.'))
  const document = readYaml(text, ENVIRONMENT, 'TEMPLATE_CONTROL_NOT_PARSABLE')
  if (!document.ok) return document
  const { value } = document.value
  if (!(value instanceof Mapping)) return fail(invalid(`The sample environment is ${kindOf(value)}, not a mapping.`))
  const problems: Problem[] = []
  const pairs: (readonly [string, string])[] = []
  for (const [key, content] of value.entries()) {
    if (typeof key === 'string' && typeof content === 'string') pairs.push([key, content])
    else
      problems.push(
        invalid(`The value of ${spelled(key)} is ${kindOf(content)}; put it in quotes.`, document.value.placeOf([key])),
      )
  }
  return problems.length > 0 ? fail(...problems) : ok(Object.fromEntries(pairs))
}

/** The expected product; nothing where there is none yet. */
export function readExpected(template: OpenedTemplate): Result<Product> {
  if (template.entries.get(EXPECTED)?.kind !== 'folder') return ok(new Map())
  const opened = openTemplate(join(template.folder, EXPECTED))
  if (!opened.ok) return fail(...opened.problems.map((problem) => within(EXPECTED, problem)))
  const product = new Map<string, ProductEntry>()
  for (const [path, entry] of opened.value.entries) {
    if (entry.kind === 'link') product.set(path, { kind: 'link', target: entry.target })
    if (entry.kind !== 'file') continue
    const bytes = opened.value.read(path)
    if (!bytes.ok) return fail(...bytes.problems.map((problem) => within(EXPECTED, problem)))
    product.set(path, { kind: 'file', bytes: bytes.value, isExecutable: entry.isExecutable })
  }
  return ok(product)
}

const within = (folder: string, problem: Problem): Problem =>
  problem.at === undefined ? problem : { ...problem, at: { ...problem.at, file: `${folder}/${problem.at.file}` } }
