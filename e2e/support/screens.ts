import { makePlan, applyAll } from './runs.ts'
import type { Stage } from './test.ts'

export const PARTS = ['work on collections', 'the library', 'checks, plans and runs'] as const
export type Part = (typeof PARTS)[number]

/** One page of the console: how it is reached by a deep link, and the heading that tells that it is there. */
export interface Screen {
  /** Also the name of its picture. */
  readonly name: string
  readonly path: string
  readonly heading: string | RegExp
  readonly part: Part
  /** What it shows, in a sentence. */
  readonly about: string
}

const VERSION = '/collections/user/v/1.1.0.2'

/** Every route of the console. `:plan` and `:run` stand for the ones that were prepared. */
export const SCREENS: readonly Screen[] = [
  {
    name: 'overview',
    part: 'work on collections',
    path: '/',
    heading: 'Overview',
    about: 'What is where: the environment, what is behind, what is wrong, and the last runs.',
  },
  {
    name: 'collections',
    part: 'work on collections',
    path: '/collections',
    heading: 'Collections',
    about: 'Every collection with its version in the database and in the repository, its state and its problems.',
  },
  {
    name: 'schema',
    part: 'work on collections',
    path: `${VERSION}/schema?node=/created/at`,
    heading: 'user',
    about:
      'The schema viewer: properties with types and references expanded in place, details, and what the server gets.',
  },
  {
    name: 'rendered',
    part: 'work on collections',
    path: `${VERSION}/rendered`,
    heading: 'user',
    about: 'The rendered JSON Schema and BSON schema side by side.',
  },
  {
    name: 'steps',
    part: 'work on collections',
    path: `${VERSION}/steps`,
    heading: 'user',
    about: 'What an apply does for this version, in this order.',
  },
  {
    name: 'indexes',
    part: 'work on collections',
    path: `${VERSION}/indexes`,
    heading: 'user',
    about: 'Indexes of a version, beside those that the database has.',
  },
  {
    name: 'collection-migrations',
    part: 'work on collections',
    path: `${VERSION}/migrations`,
    heading: 'user',
    about: 'The migrations of a version.',
  },
  {
    name: 'collection-test-data',
    part: 'work on collections',
    path: `${VERSION}/test-data`,
    heading: 'user',
    about: 'The test data of a version.',
  },
  {
    name: 'yaml',
    part: 'work on collections',
    path: `${VERSION}/yaml`,
    heading: 'user',
    about: 'The files of a version as they are written.',
  },
  {
    name: 'history',
    part: 'work on collections',
    path: `${VERSION}/history`,
    heading: 'user',
    about: 'The runs that touched a collection.',
  },
  {
    name: 'types',
    part: 'the library',
    path: '/types',
    heading: 'Types',
    about: 'Kinds of values of the repository, and how often each is used.',
  },
  {
    name: 'type',
    part: 'the library',
    path: '/types/trace/schema',
    heading: 'trace',
    about: 'A type in the same viewer.',
  },
  { name: 'type-text', part: 'the library', path: '/types/trace/text', heading: 'trace', about: 'The text of a type.' },
  {
    name: 'type-used-by',
    part: 'the library',
    path: '/types/trace/used-by',
    heading: 'trace',
    about: 'Where a type is used.',
  },
  {
    name: 'schemas',
    part: 'the library',
    path: '/schemas',
    heading: 'Shared schemas',
    about: 'Schemas that others take in by reference.',
  },
  {
    name: 'shared-schema',
    part: 'the library',
    path: '/schemas/address/schema',
    heading: 'address',
    about: 'A shared schema in the viewer.',
  },
  {
    name: 'enumerators',
    part: 'the library',
    path: '/enumerators',
    heading: 'Enumerators',
    about: 'Named lists of values over all versions.',
  },
  {
    name: 'enumeration',
    part: 'the library',
    path: '/enumerators/2/organization_status',
    heading: 'organization_status',
    about: 'Which value came and went in which version, and where the enumeration is used.',
  },
  {
    name: 'enumerators-file',
    part: 'the library',
    path: '/enumerators/files/enumerations.2.yaml',
    heading: /^enumerations\.2/,
    about: 'A file of enumerators as it is written.',
  },
  {
    name: 'migrations',
    part: 'the library',
    path: '/migrations',
    heading: 'Migrations',
    about: 'Pipelines that change documents.',
  },
  {
    name: 'migration',
    part: 'the library',
    path: '/migrations/user_display_name.json',
    heading: /^user_display_name/,
    about: 'A migration and who uses it.',
  },
  {
    name: 'test-data',
    part: 'the library',
    path: '/test-data',
    heading: 'Test data',
    about: 'Documents that versions bring with them.',
  },
  {
    name: 'test-data-file',
    part: 'the library',
    path: '/test-data/user.1.1.0.2.json',
    heading: /^user\.1\.1\.0\.2/,
    about: 'Test data as it is written.',
  },
  {
    name: 'problems',
    part: 'checks, plans and runs',
    path: '/problems',
    heading: 'Problems',
    about: 'What a check of the repository finds, by file.',
  },
  {
    name: 'error-code',
    part: 'checks, plans and runs',
    path: '/errors/LOCK_LOST',
    heading: /\w/,
    about: 'What a code means, why it comes and what to do.',
  },
  {
    name: 'plan-new',
    part: 'checks, plans and runs',
    path: '/plans/new',
    heading: 'Plan changes',
    about: 'The execution selector: which collections, up to which version, with or without test data.',
  },
  {
    name: 'runs',
    part: 'checks, plans and runs',
    path: '/runs',
    heading: 'Runs',
    about: 'Every run, the newest first.',
  },
  {
    name: 'settings',
    part: 'checks, plans and runs',
    path: '/settings',
    heading: 'Settings',
    about: 'The service and its settings, and where each comes from.',
  },
  {
    name: 'gallery',
    part: 'checks, plans and runs',
    path: '/gallery',
    heading: 'Gallery',
    about: 'Every building block on one page.',
  },
  {
    name: 'not-found',
    part: 'checks, plans and runs',
    path: '/nowhere/at/all',
    heading: 'There is no such page',
    about: 'An address that no page has.',
  },
  {
    name: 'plan',
    part: 'checks, plans and runs',
    path: '/plans/:plan',
    heading: /^Plan for/,
    about: 'A plan to review: steps with their differences, checks and risks. Apply does exactly this, or nothing.',
  },
  {
    name: 'run',
    part: 'checks, plans and runs',
    path: '/runs/:run',
    heading: /^Run on/,
    about: 'A run, step by step: live while it goes, and the same page when it is over.',
  },
]

/**
 * Every route over a service that has applied the first version of its collections and has a plan for the rest, so that no
 * page is empty.
 */
export async function prepareScreens(stage: Stage): Promise<readonly Screen[]> {
  const first = await applyAll(stage, {
    versions: { user: '1.0.0.1', organization: '1.0.0.1' },
    load_test_data: true,
  })
  const plan = await makePlan(stage, { load_test_data: true })
  return SCREENS.map((screen) => ({
    ...screen,
    path: screen.path.replace(':plan', plan.id).replace(':run', first.run.run_id),
  }))
}
