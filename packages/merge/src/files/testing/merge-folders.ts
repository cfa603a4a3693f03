import { fail, type Result } from '../../problem.ts'
import { planMerge } from '../../process/plan-merge.ts'
import { openTemplate } from '../open-template.ts'
import { readSpecifications } from '../read-specifications.ts'
import { lookAtTarget } from '../target.ts'
import { writeInPlace, writeNew, type PlannedMerge } from '../write-merge.ts'

/** A merge that was planned from folders. */
export function planned(template: string, specifications: string): PlannedMerge {
  const [opened, read] = [openTemplate(template), readSpecifications(specifications)]
  if (!opened.ok || !read.ok) throw new Error(JSON.stringify([opened, read]))
  const plan = planMerge({ template: opened.value, specifications: read.value.value, environment: {} })
  if (!plan.ok) throw new Error(JSON.stringify(plan.problems))
  return { template: opened.value, specifications: read.value, plan: plan.value, engine: '1.2.3' }
}

export function mergeNew(template: string, specifications: string, output: string): Result<void> {
  const merge = planned(template, specifications)
  const target = lookAtTarget(output, merge.template.folder)
  return target.ok ? writeNew(merge, target.value, '/') : fail(...target.problems)
}

export const mergeInPlace = (template: string, specifications: string): Result<void> =>
  writeInPlace(planned(template, specifications))
