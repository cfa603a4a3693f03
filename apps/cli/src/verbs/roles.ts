import { rolesFor, stepsOfEveryWay, type Role } from '@stage0/core'
import { observeAndPlan } from '@stage0/engine'
import { EXIT, type ExitCode } from '@stage0/types'
import { readSnapshot } from '@stage0/workspace'
import { tellFailure, tellProblems } from '../failure.ts'
import { withTarget, type TargetOptions } from '../options.ts'
import { exitForTarget } from '../present/outcome.ts'
import { renderRoles } from '../present/roles.ts'
import type { Io } from '../terminal/io.ts'
import { exitForSettings, readSettings, repositoryFolder } from '../wiring/settings.ts'
import { withWorkbench } from '../wiring/workbench.ts'
import { examples, type Verbs } from './verb.ts'

interface RolesOptions extends TargetOptions {
  readonly forPlan?: true
}

export function addRoles({ program, io, finish }: Verbs): void {
  withTarget(program.command('roles'))
    .description(
      'Prints the roles that a database needs for this repository, with no more privileges than that, as a script for mongosh. Changes nothing.',
    )
    .option('--for-plan', 'for the plan from the database as it is now, and for no other')
    .addHelpText(
      'after',
      examples(
        'roles --repository ./my-repository --database shop > roles.js',
        'roles --json',
        'roles --for-plan --uri mongodb://127.0.0.1:27017/',
      ),
    )
    .addHelpText(
      'after',
      '\nstage0-reviewer looks: status, history, plan --for-review, with evidence. stage0-operator besides pauses, resumes, cancels and\nunlocks runs. stage0-deployer besides applies. Without --for-plan they are enough for everything that the repository holds,\nwhatever of it the database holds already, and no database is asked.',
    )
    .action(async (options: RolesOptions) =>
      finish(await (options.forPlan === true ? rolesForPlan(io, options) : rolesForRepository(io, options))),
    )
}

/** Who connects needs to look only: the roles are what somebody else is to get. */
const rolesForPlan = (io: Io, options: RolesOptions): Promise<ExitCode> =>
  withWorkbench(io, options, async ({ settings, target, wanted, planOptions }) => {
    const asked = { target, wanted, options: { ...planOptions, forReview: true }, look: 'none' as const }
    const planned = await observeAndPlan({ ...asked, signal: io.signal })
    if (!planned.ok) return tellFailure(io, { ...planned.error, exit: exitForTarget(planned.error) }, options.json)
    const { steps, collections } = planned.value.plan
    const input = { database: settings.MONGO_DB_NAME.value, steps, records: planOptions.records }
    return tell(io, options, rolesFor({ ...input, collections: collections.map(({ name }) => name) }))
  })

async function rolesForRepository(io: Io, options: RolesOptions): Promise<ExitCode> {
  const settings = readSettings(io, options)
  if (!settings.ok) return tellProblems(io, settings.error, exitForSettings(settings.error), options.json)
  const { wanted, problems } = await readSnapshot(repositoryFolder(io, settings.value), settings.value)
  if (wanted === undefined) return tellProblems(io, problems, EXIT.repositoryInvalid, options.json)
  const { LOAD_TEST_DATA, VERSION_COLLECTION_NAME, ENUMERATORS_COLLECTION_NAME, MONGO_DB_NAME } = settings.value
  const records = { versions: VERSION_COLLECTION_NAME.value, enumerators: ENUMERATORS_COLLECTION_NAME.value }
  const { collections: names } = options
  const unknown = names?.find((name) => !wanted.collections.some((one) => one.name === name))
  if (unknown !== undefined) {
    const message = `The repository has no collection ${unknown}.`
    return tellFailure(io, { code: 'COLLECTION_UNKNOWN', message, exit: EXIT.usage }, options.json)
  }
  const chosen = { environment: settings.value.ENVIRONMENT_NAME.value, loadTestData: LOAD_TEST_DATA.value, records }
  const steps = stepsOfEveryWay(wanted, { ...chosen, collections: names })
  const collections = names ?? wanted.collections.map(({ name }) => name)
  return tell(io, options, rolesFor({ database: MONGO_DB_NAME.value, collections, steps, records }))
}

function tell(io: Io, { json }: RolesOptions, roles: readonly Role[]): ExitCode {
  io.out(json === true ? `${JSON.stringify(roles, undefined, 2)}\n` : renderRoles(roles))
  return EXIT.done
}
