/** What became of the tests of one run. */
export interface TestTotals {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** What became of the tests of two runs together. */
export const sumTotals = (a: TestTotals, b: TestTotals): TestTotals => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
})

/** A test that did not run, and why: its own words where it gave some. */
export interface SkippedTest {
  readonly name: string
  readonly reason: string | undefined
}

/**
 * The last line of a test run, for people and for scripts that read it: `12 passed, 0 failed`, followed by the number
 * of skipped tests where there are any.
 */
export const closingLine = ({ passed, failed, skipped }: TestTotals): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`

/** One line per reason, with how many tests it kept from running, most frequent first. */
export function skipLines(skipped: readonly SkippedTest[]): string[] {
  const groups = new Map<string, string[]>()
  for (const { name, reason } of skipped) {
    const key = reason ?? 'no reason given'
    groups.set(key, [...(groups.get(key) ?? []), name])
  }
  return [...groups]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([reason, names]) => `skipped ${names.length}: ${reason} (${names[0]}${names.length > 1 ? ', ...' : ''})`)
}
