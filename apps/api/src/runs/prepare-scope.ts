import { limitWanted, type PlanOptions, type Wanted } from '@stage0/core'
import type { TargetPort } from '@stage0/engine'
import type { Problem, Scope } from '@stage0/types'
import type { AppDeps } from '../deps.ts'
import { HttpProblem } from '../http-problem.ts'
import { publicProblem } from '../routes/repository/public-problem.ts'
import { targetProblem } from '../target-problem.ts'

/** What planning and applying a scope work with. */
export interface PreparedScope {
  readonly target: TargetPort
  readonly wanted: Wanted
  readonly options: PlanOptions
  /** What the repository is warned of; errors never get here. */
  readonly warnings: readonly Problem[]
}

/**
 * Reads the repository, cuts it to the versions of the scope and opens the database.
 *
 * @throws HttpProblem `REPOSITORY_INVALID` with all problems, `COLLECTION_UNKNOWN`, `VERSION_UNKNOWN`, `REQUEST_INVALID` for a version of a
 * collection that the scope leaves out, or a failure of the database.
 */
export async function prepareScope(
  { settings, snapshots, target }: Pick<AppDeps, 'settings' | 'snapshots' | 'target'>,
  scope: Scope,
): Promise<PreparedScope> {
  const loadTestData = scope.load_test_data ?? settings.LOAD_TEST_DATA.value
  const { wanted, problems } = await snapshots.current(loadTestData)
  if (wanted === undefined)
    throw new HttpProblem('REPOSITORY_INVALID', sayErrors(problems), { problems: problems.map(publicProblem) })
  const limited = limitWanted(wanted, scope.versions ?? {})
  if (!limited.ok) throw unknownNames(limited.error)
  refuseOutside(scope)
  const opened = await target.open()
  if (!opened.ok) throw targetProblem(opened.error)
  const options: PlanOptions = {
    environment: settings.ENVIRONMENT_NAME.value,
    loadTestData,
    collections: scope.collections,
    records: {
      versions: settings.VERSION_COLLECTION_NAME.value,
      enumerators: settings.ENUMERATORS_COLLECTION_NAME.value,
    },
    outcomes: scope.resolve,
  }
  return { target: opened.value, wanted: limited.value, options, warnings: problems }
}

/** A target version of a collection that is not to be touched would be ignored, which its author surely does not expect. */
function refuseOutside({ collections, versions = {} }: Scope): void {
  if (collections === undefined) return
  const chosen = new Set(collections)
  const outside = Object.keys(versions).filter((name) => !chosen.has(name))
  if (outside.length === 0) return
  const errors = outside.map((name) => ({
    pointer: `/body/scope/versions/${name}`,
    text: 'is the version of a collection that `collections` leaves out',
  }))
  const detail = `The scope names versions of collections that it leaves out: ${outside.join(', ')}.`
  throw new HttpProblem('REQUEST_INVALID', detail, { status: 422, errors })
}

const unknownNames = (problems: readonly Problem[]): HttpProblem =>
  new HttpProblem(
    problems.some(({ code }) => code === 'COLLECTION_UNKNOWN') ? 'COLLECTION_UNKNOWN' : 'VERSION_UNKNOWN',
    `The scope names what the repository does not have: ${problems.map(({ text }) => text).join('; ')}.`,
    // The request can be read, but not fulfilled: unlike in an address, the name is content here.
    { status: 422, problems },
  )

function sayErrors(problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length
  return `The repository has ${errors} ${errors === 1 ? 'error' : 'errors'}; nothing can be planned from it.`
}
