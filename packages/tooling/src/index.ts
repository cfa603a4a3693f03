export { ClosingLineReporter } from './closing-line-reporter.ts'
export { closingLine, skipLines, type SkippedTest, type TestTotals } from './closing-line.ts'
