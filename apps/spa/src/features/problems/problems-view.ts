import type { Problem, Severity } from '@stage0/types'
import { severityMark, type Mark } from '../../shared/marks.ts'
import { placePath } from '../../shared/paths.ts'

/** A finding as it is shown. */
export interface ProblemLine {
  readonly id: string
  readonly code: string
  readonly severity: Severity
  readonly mark: Mark
  readonly text: string
  readonly hint: string | undefined
  /** "line 3, column 5" stands as numbers; the pointer where there is no line. */
  readonly line: number | undefined
  readonly column: number | undefined
  readonly pointer: string | undefined
  readonly path: string | undefined
}

/** The findings of a file; those that belong to no file come under the name "". */
export interface ProblemGroup {
  readonly file: string
  readonly path: string | undefined
  readonly lines: readonly ProblemLine[]
  readonly errors: number
  readonly warnings: number
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, notice: 2 }

const problemLine = (problem: Problem, index: number): ProblemLine => ({
  id: `${String(index)} ${problem.code}`,
  code: problem.code,
  severity: problem.severity,
  mark: severityMark(problem.severity),
  text: problem.text,
  hint: problem.hint,
  line: problem.line,
  column: problem.column,
  pointer: problem.pointer,
  path: placePath(problem),
})

/** What is asked for: findings of some severity, of one file. Empty: all. */
export interface ProblemFilter {
  readonly severity: string
  readonly file: string
}

export const filterProblems = (problems: readonly Problem[], { severity, file }: ProblemFilter): readonly Problem[] =>
  problems.filter(
    (problem) => (severity === '' || problem.severity === severity) && (file === '' || problem.file === file),
  )

/** Findings by file: files with errors first, then by name; in a file the gravest first, then by line. */
export function groupProblems(problems: readonly Problem[]): readonly ProblemGroup[] {
  const byFile = new Map<string, ProblemLine[]>()
  for (const [index, problem] of problems.entries()) {
    const file = problem.file ?? ''
    byFile.set(file, [...(byFile.get(file) ?? []), problemLine(problem, index)])
  }
  return [...byFile]
    .map(([file, found]) => {
      const lines = found.toSorted((a, b) => RANK[a.severity] - RANK[b.severity] || (a.line ?? 0) - (b.line ?? 0))
      return {
        file,
        path: file === '' ? undefined : placePath({ file }),
        lines,
        errors: lines.filter(({ severity }) => severity === 'error').length,
        warnings: lines.filter(({ severity }) => severity === 'warning').length,
      }
    })
    .toSorted((a, b) => Number(b.errors > 0) - Number(a.errors > 0) || (a.file < b.file ? -1 : 1))
}

/** How many findings each severity has, in order of gravity. */
export const severityCounts = (problems: readonly Problem[]): readonly { severity: Severity; count: number }[] =>
  (['error', 'warning', 'notice'] as const).map((severity) => ({
    severity,
    count: problems.filter((problem) => problem.severity === severity).length,
  }))

/** The findings as a JSON text, for a download. */
export const problemsAsJson = (problems: readonly Problem[]): string => `${JSON.stringify(problems, undefined, 2)}\n`
