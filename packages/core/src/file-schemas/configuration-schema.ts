import { RISK_CODES } from '../plan/risk-catalogue.ts'
import { INDEX, RESERVED_NAMES } from './index-schema.ts'
import {
  choice,
  closed,
  displayText,
  ENVELOPE,
  flag,
  list,
  neededText,
  PLAIN_NAME,
  property,
  type JsonSchema,
} from './json-schema.ts'

/** A name in a list: what looks like a number is taken as it is written. */
const NAME_IN_LIST: JsonSchema = { type: ['string', 'number', 'boolean'], minLength: 1 }
const FILE_IN_LIST: JsonSchema = { type: ['string', 'number', 'boolean'], pattern: PLAIN_NAME }
const INDEX_IN_LIST: JsonSchema = { ...NAME_IN_LIST, not: { enum: RESERVED_NAMES } }

const LEVELS = {
  off: 'The validator is there, and nothing is checked.',
  moderate: 'Documents that were valid stay valid; others may be changed. The default.',
  strict: 'Every document that is written is checked.',
  constraint: 'Every stored document is valid, which the server guarantees. Needs a server that knows it.',
}
const ACTIONS = {
  error: 'The write is refused. The default.',
  warn: 'The write is logged and done.',
  errorAndLog: 'The write is refused and logged.',
}
const MODES = {
  'as-written': 'The pipeline is run once, and writes with `$out` or `$merge`. The default.',
  update: 'The pipeline is applied to each document where it lies, in ranges, while others write.',
}

const VALIDATION = property(
  'How the server uses the validator of this version.',
  {
    ...closed({
      level: choice('Which writes are checked.', LEVELS, 'moderate'),
      action: choice('What happens to a write that does not match.', ACTIONS, 'error'),
    }),
    type: ['object', 'null'],
    not: {
      type: 'object',
      required: ['level', 'action'],
      properties: { level: { const: 'constraint' }, action: { const: 'warn' } },
    },
  },
  [{ level: 'strict', action: 'error' }],
)

const ALLOW = list(
  'Risks of this version that are accepted, so that the plan counts them no longer.',
  closed(
    {
      code: choice(
        'The code of the risk, as the plan tells it.',
        Object.fromEntries(Object.entries(RISK_CODES).map(([code, { title }]) => [code, title])),
      ),
      path: displayText(
        'What the risk is about: a property, an index or a file. Without it the code is accepted everywhere in the version.',
        'profile.name',
      ),
      reason: {
        ...neededText('Why it is accepted, for whoever reviews the plan.', 'hidden since May, nothing became slow'),
        pattern: '\\S',
      },
    },
    ['code', 'reason'],
  ),
  [{ code: 'LI', path: 'byPhone', reason: 'hidden since May, nothing became slow' }],
)

const VERSION = closed(
  {
    version: property(
      'The number of the version: `major.minor.patch.enumerators`. The first three name the dictionary `<collection>.<major>.<minor>.<patch>.yaml`, the fourth the enumerators file; without it, it is 0.',
      { type: 'string', pattern: '^(?!0+(?:\\.0+){2,3}$)[0-9]+\\.[0-9]+\\.[0-9]+(?:\\.[0-9]+)?$' },
      ['1.0.0.1', '1.1.0.2'],
    ),
    drop_indexes: list('The names of indexes that are dropped first.', INDEX_IN_LIST, ['nameIndex']),
    migrations: list('Files of the migrations folder, in the order in which they run.', FILE_IN_LIST, [
      'user_display_name.json',
    ]),
    migration: property(
      'How the migrations of this version are run.',
      {
        ...closed({ mode: choice('How stored documents are changed.', MODES, 'as-written') }),
        type: ['object', 'null'],
      },
      [{ mode: 'update' }],
    ),
    add_indexes: list('Indexes that are built after the migrations.', INDEX, [
      { name: 'emailIndex', key: { email: 1 }, options: { unique: true } },
    ]),
    test_data: property(
      'A file of the test data folder, loaded last and only where `LOAD_TEST_DATA` is true.',
      { type: ['string', 'number', 'boolean', 'null'], pattern: PLAIN_NAME },
      ['user.1.0.0.1.json'],
    ),
    validation: VALIDATION,
    allow: ALLOW,
    down: list(
      'Files of the migrations folder that lead back. They are checked to exist and not run by `apply`.',
      FILE_IN_LIST,
      ['user_names_again.json'],
    ),
    _locked: flag('Whether this version is locked: its dictionary, test data and enumerators may not be changed.'),
  },
  ['version'],
)

/** A configuration: the versions of one collection. */
export const CONFIGURATION: JsonSchema = {
  ...closed({
    ...ENVELOPE,
    title: displayText('The name of the collection for people.', 'Users'),
    description: displayText('What the collection holds.', 'People who sign in'),
    versions: list('The versions of the collection. They are applied in the order of their numbers.', VERSION, [
      { version: '1.0.0.1', test_data: 'user.1.0.0.1.json' },
    ]),
    name: property('Has no effect: the name of the file before its first dot names the collection.', {}, ['user']),
  }),
}
