import type { Problem, Severity } from '@stage0/types'
import { placePath } from '../../shared/paths.ts'

/** The findings of a file; those that belong to no file come under the name "". */
export interface ProblemGroup {
  readonly file: string
  readonly path: string | undefined
  readonly problems: readonly Problem[]
  readonly errors: number
  readonly warnings: number
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, notice: 2 }

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
  const byFile = new Map<string, Problem[]>()
  for (const problem of problems) {
    const file = problem.file ?? ''
    byFile.set(file, [...(byFile.get(file) ?? []), problem])
  }
  return [...byFile]
    .map(([file, found]) => ({
      file,
      path: file === '' ? undefined : placePath({ file }),
      problems: found.toSorted((a, b) => RANK[a.severity] - RANK[b.severity] || (a.line ?? 0) - (b.line ?? 0)),
      errors: found.filter(({ severity }) => severity === 'error').length,
      warnings: found.filter(({ severity }) => severity === 'warning').length,
    }))
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
