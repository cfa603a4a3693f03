import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'
import { closingLine, skipLines, type SkippedTest } from './closing-line.ts'

/**
 * Ends a vitest run with the closing line, and says before it why tests were skipped.
 *
 * A file that cannot be loaded and an unhandled error hold no failed test, yet they fail the run: each counts as one.
 */
export class ClosingLineReporter implements Reporter {
  readonly #print: (text: string) => void
  readonly #tally: string | undefined

  /** @param tally A file for the numbers, in place of the closing line: where this is one run of several. */
  constructor(
    print: (text: string) => void = (text) => void process.stdout.write(`${text}\n`),
    tally: string | undefined = process.env['STAGE0_TALLY'],
  ) {
    this.#print = print
    this.#tally = tally
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const totals = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    const skipped: SkippedTest[] = []
    for (const module of modules) {
      totals.failed += brokenOutsideTests(module)
      for (const test of module.children.allTests()) {
        const result = test.result()
        if (result.state === 'passed' || result.state === 'failed') totals[result.state] += 1
        else {
          totals.skipped += 1
          skipped.push({
            name: test.fullName,
            reason: result.state === 'skipped' ? result.note : 'the run ended before it',
          })
        }
      }
    }
    for (const line of skipLines(skipped)) this.#print(line)
    if (this.#tally === undefined) this.#print(closingLine(totals))
    else writeFileSync(this.#tally, JSON.stringify(totals))
  }
}

/** Errors of a file or of a suite's hooks, which no single test carries. */
function brokenOutsideTests(module: TestModule): number {
  let broken = module.errors().length > 0 ? 1 : 0
  for (const suite of module.children.allSuites()) if (suite.errors().length > 0) broken += 1
  return broken
}
