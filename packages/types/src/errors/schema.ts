import type { ErrorEntry } from './entry.ts'

/** Findings about references, fragments, rendered schemas, indexes, migrations and test data. */
export const SCHEMA_ERRORS = {
  REFERENCE_MISSING: {
    title: 'A file that is named does not exist',
    cause:
      'A version, a `ref`, a custom type, a migration or test data names a file that the repository does not have.',
    fix: 'Create the file, or correct the name where it is used.',
  },
  REFERENCE_BROKEN: {
    title: 'A file that is named cannot be read',
    cause: 'The file is there but has errors of its own, which are reported for that file.',
    fix: 'Correct the errors of the named file.',
  },
  REFERENCE_CYCLE: {
    title: 'Files refer to each other in a circle',
    cause: 'References and custom types are rendered in place; a circle would be rendered without end.',
    fix: 'Remove one of the references of the chain, or replace it by an object without details.',
  },
  REFERENCE_TOO_DEEP: {
    title: 'Too many files nested in each other',
    cause: 'A chain of references and custom types is longer than RENDER_STACK_MAX_DEPTH.',
    fix: 'Shorten the chain, or raise RENDER_STACK_MAX_DEPTH.',
  },
  TYPE_UNKNOWN: {
    title: 'Unknown type',
    cause: 'The `type` of a property is neither one of the built-in kinds nor the name of a file in the types folder.',
    fix: 'Correct the name, or create the type.',
  },
  SCHEMA_TOO_LARGE: {
    title: 'The rendered schema is too large',
    cause:
      'Types and references are rendered in place; nested in each other they multiply beyond what one MongoDB document can hold (16 MiB).',
    fix: 'Reduce the nesting, or replace parts by an object with `additional_properties: true`.',
  },
  ENUMERATORS_MISSING: {
    title: 'No enumerators file of this version',
    cause: 'The fourth part of a version number names the enumerators file by its `version` field.',
    fix: 'Create that enumerators file, or use the number of an existing one.',
  },
  ENUMERATOR_MISSING: {
    title: 'Unknown enumerator',
    cause: 'The enumerators file of this version has no enumerator of that name.',
    fix: 'Correct the name, add the enumerator, or let the version use another enumerators file.',
  },
  ENUMERATOR_EMPTY: {
    title: 'An enumerator without values',
    cause: 'MongoDB refuses an empty `enum`, and no value could ever be accepted.',
    fix: 'Add at least one value.',
  },
  FRAGMENT_INVALID: {
    title: 'A schema fragment that would be refused',
    cause:
      'A keyword, a type name, a value or a pattern in the fragment is none that JSON Schema, or `$jsonSchema` of MongoDB, accepts.',
    fix: 'Correct the fragment; where both schemas need different words use kind `complex`.',
  },
  PATTERN_MAY_HANG: {
    title: 'A pattern that may take for ever',
    cause:
      'A repetition in the pattern can read one text in many ways. On a long value that almost matches, all of them are tried: the time doubles with every character.',
    fix: 'Let what is repeated begin or end with something that it holds nowhere else, so that there is one way to read a text.',
  },
  FRAGMENT_UNKNOWN_KEYWORD: {
    title: 'Unknown keyword in a JSON Schema fragment',
    cause: 'JSON Schema ignores keywords that it does not know, so a misspelt rule is no rule.',
    fix: 'Correct the keyword.',
  },
  FRAGMENT_WITHOUT_TYPE: {
    title: 'A fragment says nothing',
    cause: 'A `simple` property has no `type` inside its `schema`, or a half of a `complex` property is empty.',
    fix: 'Say the type: `schema: {type: string}`, `json_type: {type: string}`, `bson_type: {bsonType: string}`.',
  },
  FRAGMENT_CONTRADICTION: {
    title: 'The two halves of a property contradict each other',
    cause: '`json_type` and `bson_type` accept different values, so one of the two schemas is wrong.',
    fix: 'Make both halves say the same.',
  },
  BOUNDS_CONTRADICTION: {
    title: 'Bounds that no value can meet',
    cause: 'A minimum is greater than its maximum.',
    fix: 'Correct one of the two.',
  },
  PROPERTY_DUPLICATE: {
    title: 'Two properties of one name',
    cause: 'The later one replaces the earlier one.',
    fix: 'Remove or rename one of them.',
  },
  ONE_OF_EMPTY: {
    title: 'A choice without alternatives',
    cause: 'MongoDB refuses an empty `oneOf`.',
    fix: 'Add alternatives under `properties`.',
  },
  ONE_OF_OVERLAP: {
    title: 'Two alternatives are the same',
    cause: '`one_of` accepts a value that matches exactly one alternative; what matches two equal ones is refused.',
    fix: 'Remove one of the equal alternatives.',
  },
  CONSTANT_NOT_STRING: {
    title: 'A constant that is not a string',
    cause: 'Constants are rendered with type string, so no value can ever match this one.',
    fix: 'Quote the value, or use kind `complex` for a constant of another type.',
  },
  ROOT_REJECTS_DOCUMENTS: {
    title: 'A schema that rejects every document',
    cause:
      'The root allows no additional properties and has no `_id`, or it is not an object; every MongoDB document is an object with `_id`.',
    fix: 'Add a property `_id` to the root.',
  },
  INDEX_INVALID: {
    title: 'An index that MongoDB would refuse',
    cause: 'The key, the kind or an option of the index is not valid, or they do not go together.',
    fix: 'Correct the index as the text says.',
  },
  INDEX_OPTION_IGNORED: {
    title: 'An index option without effect',
    cause: 'MongoDB accepts the option here and ignores it.',
    fix: 'Remove the option.',
  },
  INDEX_DECLARED_TWICE: {
    title: 'Two indexes of a collection get in each other’s way',
    cause:
      'An index of the same name with another definition, or of the same key under another name, was added by an earlier version and not dropped since.',
    fix: 'Name the earlier index in `drop_indexes`, or use another name.',
  },
  INDEX_REPEATED: {
    title: 'An index is added again',
    cause: 'An earlier version added the same index, and it was not dropped since.',
    fix: 'Remove the repetition.',
  },
  DROP_INDEX_UNKNOWN: {
    title: 'An index to drop that no version adds',
    cause: '`drop_indexes` names an index that no earlier version of this configuration adds.',
    fix: 'Correct the name; leave it if databases have that index from elsewhere.',
  },
  RISK_CODE_UNKNOWN: {
    title: 'No such risk code',
    cause: 'An entry of `allow` accepts a code that no risk has, so that the risk that was meant stays open.',
    fix: 'Use one of the codes of docs/risks.md, as the plan shows it in front of the risk.',
  },
  ALLOW_WITHOUT_EFFECT: {
    title: 'An acceptance that no risk can match',
    cause:
      'Nothing in the version can bring a risk of this code, or `path` names no property, index or file of the version that the risk could be about.',
    fix: 'Correct the path (docs/risks.md says what it names for each code), or remove the entry.',
  },
  MIGRATION_HAS_NO_TARGET: {
    title: 'A migration that changes nothing',
    cause: 'A pipeline without a final `$out` or `$merge` only reads.',
    fix: 'Append `{"$out": "<collection>"}`, or set `migration: {mode: update}` in the version to update in place.',
  },
  MIGRATION_STAGE_INVALID: {
    title: 'A pipeline stage that MongoDB would refuse',
    cause: 'A stage is not an object with exactly one `$` key, is unknown, or stands where it must not.',
    fix: 'Correct the stage.',
  },
  MIGRATION_TARGET_UNKNOWN: {
    title: 'A migration writes to a collection that is not of the repository',
    cause: 'The target of `$out` or `$merge` has no configuration here.',
    fix: 'Correct the name; leave it if the collection is kept elsewhere on purpose.',
  },
  TEST_DATA_INVALID: {
    title: 'A test document that the schema rejects',
    cause: 'The document does not match the rendered schema of its version.',
    fix: 'Correct the document, or the schema.',
  },
  TEST_DATA_NOT_UNIQUE: {
    title: 'Test documents that a unique index rejects',
    cause:
      'Two documents have equal values (missing counts as null) in the fields of a unique index, or the same `_id`.',
    fix: 'Give the documents different values, make the index sparse or partial, or drop its `unique`.',
  },
  FILE_UNUSED: {
    title: 'A file that nothing uses',
    cause: 'No version, directly or through others, refers to the file.',
    fix: 'Delete the file if it is a left-over.',
  },
} as const satisfies Record<string, ErrorEntry>
