import { expect, it } from 'vitest'
import type { Problem } from './problem.ts'
import { conformanceCases, isShort, type CaseProblem, type ConformanceCase } from './testing/conformance-cases.ts'
import { productOfCase } from './testing/conformance-run.ts'

const expectedProduct = (one: ConformanceCase): unknown =>
  isShort(one) ? { 'page.txt': one.prints } : (one.product ?? {})

/** Of what went wrong, as much as the case says: not each has a line. */
function asTold(problems: readonly Problem[], expected: readonly CaseProblem[]): readonly CaseProblem[] {
  return problems.map(({ code, at, message }, index) => {
    const { file, line, says } = expected[index] ?? { file: '', line: 0 }
    return {
      code,
      ...(file === undefined || at === undefined ? {} : { file: at.file }),
      ...(line === undefined || at?.line === undefined ? {} : { line: at.line }),
      ...(says === undefined ? {} : { says: says.filter((name) => message.includes(name)) }),
    }
  })
}

it.each(conformanceCases().map((one) => [`${one.group}: ${one.name}`, one] as const))('%s', (_, one) => {
  const result = productOfCase(one)
  const { problems } = one
  if (problems === undefined) {
    expect(result.ok ? result.value : result.problems).toEqual(expectedProduct(one))
    return
  }
  expect(result.ok ? result.value : asTold(result.problems, problems)).toEqual(problems)
  if (!result.ok) for (const { message } of result.problems) expect(message).toMatch(/^\S.*[.]$/s)
})
