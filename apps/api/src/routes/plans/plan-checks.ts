import type { Observed, Plan } from '@stage0/core'
import type { PlanView, Problem } from '@stage0/types'

type Check = PlanView['checks'][number]

interface CheckDefinition {
  readonly name: string
  /** Problems of these codes are this check's. */
  readonly codes: RegExp
  /** What it says where nothing was found. */
  readonly passed: (plan: Plan, observed: Observed) => string
  /** Where it has something to look at; everywhere by default. */
  readonly applies?: (plan: Plan, observed: Observed) => boolean
  /** How it ends where it has but notices; `passed` by default. */
  readonly notice?: Check['status']
}

const hasStep = (plan: Plan, ...kinds: readonly string[]): boolean =>
  plan.steps.some(({ kind }) => kinds.includes(kind))

/** In the order in which a person would ask. A problem belongs to the first whose codes name it. */
const CHECKS: readonly CheckDefinition[] = [
  {
    name: 'Server',
    codes: /^SERVER_/,
    passed: ({ server }) => `${server} has what the steps need.`,
  },
  {
    name: 'Privileges',
    codes: /^TARGET_NOT_PERMITTED$/,
    passed: (_plan, { privileges }) =>
      privileges === undefined
        ? 'The server has no access control.'
        : 'The connected user may do what the steps and the records need.',
  },
  {
    name: 'Recorded versions',
    codes: /^(VERSION_|COLLECTION_NOT_IN_REPOSITORY|COLLECTION_UNKNOWN|OUTCOME_)/,
    passed: () => 'What the database records fits the versions of the repository.',
  },
  {
    name: 'Collections',
    codes: /^(COLLECTION_|NAME_RESERVED|CONSTRAINT_IN_FORCE)/,
    passed: () => 'The collections are there where they should be, and ordinary ones.',
  },
  {
    name: 'Drift',
    codes: /^(STATE_DRIFTED|ENUMERATORS_)/,
    passed: () => 'The database is as its recorded versions say.',
  },
  {
    name: 'Indexes',
    codes: /^INDEX_/,
    passed: () => 'No index conflicts with what is there, and no document with a unique one.',
    applies: (plan) => hasStep(plan, 'dropIndex', 'buildIndexes', 'changeIndex'),
  },
  {
    name: 'Migrations',
    codes: /^MIGRATION_/,
    passed: () => 'The pipelines can be run, and none was begun before.',
    applies: (plan) => hasStep(plan, 'migrate'),
  },
  {
    name: 'Test data',
    codes: /^(TEST_DATA_|DUPLICATE_KEY|DOCUMENT_INVALID)/,
    passed: () => 'The documents match their validator, and collide neither with each other nor with stored ones.',
    applies: (plan) => hasStep(plan, 'loadData'),
  },
  {
    name: 'Leftovers',
    codes: /^LEFTOVERS_/,
    passed: () => 'No earlier run left documents that do not match.',
    applies: (plan) => hasStep(plan, 'findLeftovers'),
    notice: 'warned',
  },
]
const OTHERS = 'Others'

/** What was checked before the first change, and how it ended: of several findings the most serious one speaks. */
export function planChecks(plan: Plan, observed: Observed, repositoryWarnings: number): Check[] {
  const found = new Map<string, Problem[]>()
  for (const problem of plan.problems) {
    const name = CHECKS.find(({ codes }) => codes.test(problem.code))?.name ?? OTHERS
    found.set(name, [...(found.get(name) ?? []), problem])
  }
  const judged = CHECKS.flatMap(({ name, passed, applies, notice }): Check[] => {
    const problems = found.get(name)
    if (problems !== undefined) return [judge(name, problems, notice)]
    return (applies?.(plan, observed) ?? true) ? [{ name, status: 'passed', text: passed(plan, observed) }] : []
  })
  const others = found.get(OTHERS)
  return [
    repositoryCheck(repositoryWarnings),
    ...earlierRun(observed),
    ...judged,
    ...(others === undefined ? [] : [judge(OTHERS, others)]),
  ]
}

function judge(name: string, problems: readonly Problem[], notice: Check['status'] = 'passed'): Check {
  const statusOf = { error: 'failed', warning: 'warned', notice } as const
  const worst =
    problems.find(({ severity }) => severity === 'error') ??
    problems.find(({ severity }) => severity === 'warning') ??
    problems[0]
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''
  return { name, status: statusOf[worst?.severity ?? 'notice'], text: `${worst?.text ?? ''}${more}` }
}

const repositoryCheck = (warnings: number): Check =>
  warnings === 0
    ? { name: 'Repository', status: 'passed', text: 'Every file was read and checked; nothing was found.' }
    : {
        name: 'Repository',
        status: 'warned',
        text: `Every file was read and checked; there ${warnings === 1 ? 'is 1 warning' : `are ${warnings} warnings`}.`,
      }

const earlierRun = ({ interrupted }: Observed): Check[] =>
  interrupted === undefined
    ? []
    : [
        {
          name: 'Earlier run',
          status: 'warned',
          text: `Run ${interrupted.runId} of ${interrupted.holder} was interrupted; this one finishes it.`,
        },
      ]
