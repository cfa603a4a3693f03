import type { Reporter, TestCase } from '@playwright/test/reporter'
import { writeFileSync } from 'node:fs'

/** Counts what became of the tests; the numbers go to the file that STAGE0_TALLY names, for the closing line of the whole run. */
class TallyReporter implements Reporter {
  readonly #outcomes = new Map<string, TestCase>()
  #broken = 0

  printsToStdio(): boolean {
    return false
  }

  onTestEnd(test: TestCase): void {
    this.#outcomes.set(test.id, test)
  }

  /** A file that cannot be loaded holds no test, yet it fails the run. */
  onError(): void {
    this.#broken += 1
  }

  onEnd(): void {
    const file = process.env['STAGE0_TALLY']
    if (file === undefined) return
    const totals = { passed: 0, failed: this.#broken, skipped: 0 }
    for (const test of this.#outcomes.values()) {
      const outcome = test.outcome()
      if (outcome === 'expected') totals.passed += 1
      else if (outcome === 'skipped') {
        totals.skipped += 1
        const why = test.annotations.find(({ type }) => type === 'skip')?.description ?? 'no reason given'
        process.stdout.write(`skipped: ${why} (${test.title})\n`)
      } else totals.failed += 1
    }
    writeFileSync(file, JSON.stringify(totals))
  }
}

// Playwright loads a reporter by the default export of its file.
export default TallyReporter
