import { Type, type Static } from 'typebox'
import { toSarif } from '@stage0/core'
import { Severity, type Problem, type ProblemReport } from '@stage0/types'
import type { Snapshot } from '@stage0/workspace'
import { perSnapshot, Recent } from './memo.ts'
import { publicProblem } from './public-problem.ts'

export const ProblemQuery = Type.Object({
  severity: Type.Optional(
    Type.Array(Severity, { description: 'One or several: `severity=error&severity=warning`; all without it' }),
  ),
  file: Type.Optional(Type.String({ description: 'Path of a file of the repository, as problems name it' })),
})
export type ProblemQuery = Static<typeof ProblemQuery>

export const REPORT_FORMS = ['application/json', 'application/sarif+json'] as const
export type ReportForm = (typeof REPORT_FORMS)[number]

/** Texts of reports that are kept per snapshot, in characters. */
const MAX_KEPT = 8 * 1_048_576
const reports = perSnapshot(() => new Recent<string>(MAX_KEPT, (text) => text.length))

/** What is wrong in the repository, as told to who asks from another machine. */
export const publicProblems: (snapshot: Snapshot) => readonly Problem[] = perSnapshot(({ problems }) =>
  problems.map(publicProblem),
)

/** The problems that a query selects, as text; the counts are those of the whole repository. */
export function problemReport(snapshot: Snapshot, query: ProblemQuery, form: ReportForm, version: string): string {
  return reports(snapshot).get(JSON.stringify([form, query]), () => {
    const all = publicProblems(snapshot)
    const severities = query.severity === undefined ? undefined : new Set(query.severity)
    const problems = all.filter(
      ({ severity, file }) => (severities?.has(severity) ?? true) && (query.file === undefined || file === query.file),
    )
    if (form === 'application/sarif+json') return JSON.stringify(toSarif(problems, version))
    const report: ProblemReport = { counts: countsOf(all), problems }
    return JSON.stringify(report)
  })
}

const countsOf = (problems: readonly Problem[]): ProblemReport['counts'] => {
  const count = (wanted: Severity): number => problems.filter(({ severity }) => severity === wanted).length
  return { errors: count('error'), warnings: count('warning'), notices: count('notice') }
}
