import { changeFolder } from '../files/change-folder.ts'
import type { Changes } from '../files/changes.ts'
import { digestOfEntry } from '../files/digest.ts'
import { openTemplate, type OpenedTemplate } from '../files/open-template.ts'
import { fail, ok, type Problem, type Result } from '../problem.ts'
import type { Environment } from '../process/environment.ts'
import { planMerge } from '../process/plan-merge.ts'
import { productOf, type ProductEntry } from '../process/product.ts'
import { compareTrees, type Difference } from './compare.ts'
import { EXPECTED, readExpected, readSample } from './sample.ts'

/** What a template gives of its sample, held against what is expected. */
export interface TemplateTest {
  readonly template: OpenedTemplate
  /** How many files were made. */
  readonly files: number
  /** Paths of all files that were made or are expected. */
  readonly paths: ReadonlySet<string>
  readonly differences: readonly Difference[]
  /** What a merge of the sample warns of. */
  readonly warnings: readonly Problem[]
}

/**
 * Merges a template with its sample in memory, and compares.
 *
 * @param folder      Of the template, absolute.
 * @param surrounding The environment of the process; what the template says of its sample goes before it.
 * @param given       Names and values that go before both.
 * @returns What keeps it from merging, as a merge tells it, or `TEMPLATE_SAMPLE_MISSING`.
 */
export function testTemplate(folder: string, surrounding: Environment, given: Environment): Result<TemplateTest> {
  const template = openTemplate(folder)
  if (!template.ok) return template
  const [sample, expected] = [readSample(template.value), readExpected(template.value)]
  if (!sample.ok || !expected.ok)
    return fail(...(sample.ok ? [] : sample.problems), ...(expected.ok ? [] : expected.problems))
  const plan = planMerge({
    template: template.value,
    specifications: sample.value.specifications.value,
    environment: { ...surrounding, ...sample.value.environment, ...given },
  })
  if (!plan.ok) return plan
  const product = productOf(plan.value, template.value)
  if (!product.ok) return product
  return ok({
    template: template.value,
    files: product.value.size,
    paths: new Set([...product.value.keys(), ...expected.value.keys()]),
    differences: compareTrees(expected.value, product.value),
    warnings: plan.value.warnings,
  })
}

/** Makes what a template gives what is expected of it: all of these differences or none. */
export function takeDifferences({ template }: TemplateTest, differences: readonly Difference[]): Result<void> {
  if (differences.length === 0) return ok(undefined)
  const puts = new Map<string, ProductEntry>()
  for (const { path, made } of differences) if (made !== undefined) puts.set(`${EXPECTED}/${path}`, made)
  const removes = differences.filter(({ made }) => made === undefined).map(({ path }) => `${EXPECTED}/${path}`)
  const was = new Map(
    differences.flatMap(({ path, expected }) =>
      expected === undefined ? [] : [[`${EXPECTED}/${path}`, digestOfEntry(expected)]],
    ),
  )
  const changes: Changes = { puts, removes, removesFolders: [], was }
  return changeFolder(template.folder, changes)
}
