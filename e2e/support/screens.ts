import { makePlan, applyAll } from './runs.ts'
import type { Stage } from './test.ts'

/** One page of the console: how it is reached by a deep link, and the heading that tells that it is there. */
export interface Screen {
  /** Also the name of its picture. */
  readonly name: string
  readonly path: string
  readonly heading: string | RegExp
  /** What it shows, in a sentence. */
  readonly about: string
}

const VERSION = '/collections/user/v/1.1.0.2'

const FIXED: readonly Screen[] = [
  {
    name: 'overview',
    path: '/',
    heading: 'Overview',
    about: 'What is where: the environment, what is behind, what is wrong, and the last runs.',
  },
  {
    name: 'collections',
    path: '/collections',
    heading: 'Collections',
    about: 'Every collection with its version in the database and in the repository, its state and its problems.',
  },
  {
    name: 'schema',
    path: `${VERSION}/schema?node=/created/at`,
    heading: 'user',
    about:
      'The schema viewer: properties with types and references expanded in place, details, and what the server gets.',
  },
  {
    name: 'rendered',
    path: `${VERSION}/rendered`,
    heading: 'user',
    about: 'The rendered JSON Schema and BSON schema side by side.',
  },
  {
    name: 'steps',
    path: `${VERSION}/steps`,
    heading: 'user',
    about: 'What an apply does for this version, in this order.',
  },
  {
    name: 'indexes',
    path: `${VERSION}/indexes`,
    heading: 'user',
    about: 'Indexes of a version, beside those that the database has.',
  },
  {
    name: 'collection-migrations',
    path: `${VERSION}/migrations`,
    heading: 'user',
    about: 'The migrations of a version.',
  },
  { name: 'collection-test-data', path: `${VERSION}/test-data`, heading: 'user', about: 'The test data of a version.' },
  { name: 'yaml', path: `${VERSION}/yaml`, heading: 'user', about: 'The files of a version as they are written.' },
  { name: 'history', path: `${VERSION}/history`, heading: 'user', about: 'The runs that touched a collection.' },
  {
    name: 'types',
    path: '/types',
    heading: 'Types',
    about: 'Kinds of values of the repository, and how often each is used.',
  },
  { name: 'type', path: '/types/trace/schema', heading: 'trace', about: 'A type in the same viewer.' },
  { name: 'type-text', path: '/types/trace/text', heading: 'trace', about: 'The text of a type.' },
  { name: 'type-used-by', path: '/types/trace/used-by', heading: 'trace', about: 'Where a type is used.' },
  { name: 'schemas', path: '/schemas', heading: 'Shared schemas', about: 'Schemas that others take in by reference.' },
  {
    name: 'shared-schema',
    path: '/schemas/address/schema',
    heading: 'address',
    about: 'A shared schema in the viewer.',
  },
  {
    name: 'enumerators',
    path: '/enumerators',
    heading: 'Enumerators',
    about: 'Named lists of values over all versions.',
  },
  {
    name: 'enumeration',
    path: '/enumerators/2/organization_status',
    heading: 'organization_status',
    about: 'Which value came and went in which version, and where the enumeration is used.',
  },
  {
    name: 'enumerators-file',
    path: '/enumerators/files/enumerations.2.yaml',
    heading: /^enumerations\.2/,
    about: 'A file of enumerators as it is written.',
  },
  { name: 'migrations', path: '/migrations', heading: 'Migrations', about: 'Pipelines that change documents.' },
  {
    name: 'migration',
    path: '/migrations/user_display_name.json',
    heading: /^user_display_name/,
    about: 'A migration and who uses it.',
  },
  { name: 'test-data', path: '/test-data', heading: 'Test data', about: 'Documents that versions bring with them.' },
  {
    name: 'test-data-file',
    path: '/test-data/user.1.1.0.2.json',
    heading: /^user\.1\.1\.0\.2/,
    about: 'Test data as it is written.',
  },
  { name: 'problems', path: '/problems', heading: 'Problems', about: 'What a check of the repository finds, by file.' },
  {
    name: 'error-code',
    path: '/errors/LOCK_LOST',
    heading: /\w/,
    about: 'What a code means, why it comes and what to do.',
  },
  {
    name: 'plan-new',
    path: '/plans/new',
    heading: 'Plan changes',
    about: 'The execution selector: which collections, up to which version, with or without test data.',
  },
  { name: 'runs', path: '/runs', heading: 'Runs', about: 'Every run, the newest first.' },
  {
    name: 'settings',
    path: '/settings',
    heading: 'Settings',
    about: 'The service and its settings, and where each comes from.',
  },
  { name: 'gallery', path: '/gallery', heading: 'Gallery', about: 'Every building block on one page.' },
  {
    name: 'not-found',
    path: '/nowhere/at/all',
    heading: 'There is no such page',
    about: 'An address that no page has.',
  },
]

/**
 * Every route of the console over a service that has applied the first version of its collections and has a plan for the
 * rest, so that no page is empty.
 */
export async function prepareScreens(stage: Stage): Promise<readonly Screen[]> {
  const first = await applyAll(stage, {
    versions: { user: '1.0.0.1', organization: '1.0.0.1' },
    load_test_data: true,
  })
  const plan = await makePlan(stage, { load_test_data: true })
  return [
    ...FIXED,
    {
      name: 'plan',
      path: `/plans/${plan.id}`,
      heading: `Plan for ${stage.database}`,
      about: 'A plan to review: steps with their differences, checks and risks. Apply does exactly this, or nothing.',
    },
    {
      name: 'run',
      path: `/runs/${first.run.run_id}`,
      heading: new RegExp(stage.database),
      about: 'A run, step by step: live while it goes, and the same page when it is over.',
    },
  ]
}
