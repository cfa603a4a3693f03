import type { Result } from '../../problem.ts'
import type { MergePlan } from '../merge-plan.ts'
import { planMerge } from '../plan-merge.ts'
import { memoryTree } from '../tree.ts'
import { mappingOf } from './worked-example.ts'

/** A merge of a control file and files with plain specifications. */
export const mergeOf = (
  control: string,
  files: Readonly<Record<string, string | Uint8Array>> = {},
  specifications: object = {},
  environment: Readonly<Record<string, string>> = {},
): Result<MergePlan> =>
  planMerge({
    template: memoryTree({ '.stage0_template/process.yaml': control, ...files }),
    specifications: mappingOf(specifications),
    environment,
  })

/** The same of one template, whose output is named by the specifications, beside files that are copied. */
export const mergeInto = (output: string, files: Readonly<Record<string, string>> = {}): Result<MergePlan> =>
  mergeOf(
    'templates: [{ path: ./t, merge: true, output: "{{ specifications.out }}" }]',
    { t: 'text', ...files },
    { out: output },
  )

/** Paths and texts of what would be written. */
export function textsOf(result: Result<MergePlan>): Readonly<Record<string, string>> {
  if (!result.ok) throw new Error(JSON.stringify(result.problems, undefined, 2))
  return Object.fromEntries(result.value.writes.map(({ path, text }) => [path, text]))
}

/** `line:column CODE message` of each problem. */
export const problemsOf = (result: Result<unknown>): readonly string[] =>
  result.ok
    ? []
    : result.problems.map(({ code, message, at }) => `${at?.line ?? '-'}:${at?.column ?? '-'} ${code} ${message}`)
