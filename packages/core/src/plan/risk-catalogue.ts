/** The class of a risk in one word for people: how much it asks of who reviews the plan. */
export type RiskClass = 'breaking' | 'data-dependent' | 'under load' | 'test data'

/** What `allow: [{path: ...}]` names to accept a risk of one thing only; `validator`: the path "", as for the document itself. */
export type RiskPlace = 'property' | 'index' | 'file' | 'validator'

export interface RiskCodeEntry {
  readonly title: string
  readonly class: RiskClass
  /** What it means to accept it. */
  readonly meaning: string
  /** No later step of a plan makes it good: who agrees to a plan is told of it, unless the file accepts it. */
  readonly isGrave: boolean
}

/** Stable codes: files accept risks by them, so that none is renamed or given another meaning. */
export const RISK_CODES = {
  BC: {
    title: 'Breaks readers',
    class: 'breaking',
    meaning: 'Programs that know the shape of before meet documents, or refusals, that they do not expect.',
    isGrave: true,
  },
  MF: {
    title: 'Depends on the stored documents',
    class: 'data-dependent',
    meaning: 'Whether it does harm is decided by the documents that are there; the evidence of the plan counts them.',
    isGrave: false,
  },
  DS: {
    title: 'Destroys data',
    class: 'breaking',
    meaning: 'What is removed can be brought back from a backup only.',
    isGrave: true,
  },
  LK: {
    title: 'Takes a lock under load',
    class: 'under load',
    meaning: 'Reads and writes of the collection may have to wait.',
    isGrave: false,
  },
  RB: {
    title: 'Rebuilds an index with a gap',
    class: 'under load',
    meaning: 'An index is dropped before the one that replaces it is there.',
    isGrave: false,
  },
  LI: {
    title: 'Loses an index',
    class: 'under load',
    meaning: 'An index goes, and none that stays or is built does its work.',
    isGrave: false,
  },
  LU: {
    title: 'Loses uniqueness',
    class: 'breaking',
    meaning: 'A unique index goes, and no other one keeps equal values out.',
    isGrave: true,
  },
  CW: {
    title: 'Loses concurrent writes',
    class: 'breaking',
    meaning: 'What others write while the step runs is not in the result.',
    isGrave: true,
  },
  NI: {
    title: 'Not to be repeated',
    class: 'data-dependent',
    meaning: 'Where a run is cut off in the step, a person has to say whether it took effect.',
    isGrave: false,
  },
  TD: {
    title: 'Test data outside of a local environment',
    class: 'test data',
    meaning: 'Documents that were made up get among those of the environment.',
    isGrave: true,
  },
} as const satisfies Readonly<Record<string, RiskCodeEntry>>

export type RiskCode = keyof typeof RISK_CODES

export interface RiskCauseEntry {
  readonly code: RiskCode
  /** When a plan tells it. */
  readonly when: string
  readonly why: string
  readonly safer: string
  readonly place: RiskPlace
}

/** What brings a risk: the code says how grave it is, the cause why it matters here and what would be safer. */
export const RISK_CAUSES = {
  shapeChanged: {
    code: 'BC',
    when: 'A validator removes a property, or gives it another type.',
    why: 'Programs that read or write the old shape stop working.',
    safer: 'Add the new shape first, move the programs over, and remove the old one in a later version.',
    place: 'property',
  },
  rulesTightened: {
    code: 'MF',
    when: 'A validator asks for more than the one in force: a required property, fewer values, a tighter bound or pattern, no unknown fields; or the collection had none.',
    why: 'Stored documents may not match. At level `strict` they cannot be changed until they do; at `moderate` they can, and stay as they are.',
    safer: 'Migrate the documents in the same version, or begin with `validation: {action: warn}`.',
    place: 'property',
  },
  uniqueAsked: {
    code: 'MF',
    when: 'A unique index is built over documents that are there, or an index becomes unique.',
    why: 'Two stored documents with equal values make the step fail, and then the version stays unfinished.',
    safer: 'Look at the duplicates that the evidence of the plan lists, and merge or correct them before.',
    place: 'index',
  },
  fieldsRemoved: {
    code: 'DS',
    when: 'A migration of the collection holds stages that leave out fields or documents.',
    why: 'What the stages leave out is gone from the documents, and Stage0 cannot bring it back.',
    safer: 'Keep a copy, or leave the old fields until nobody reads them.',
    place: 'file',
  },
  collectionReplaced: {
    code: 'DS',
    when: 'A migration ends in `$out` to another collection, which is there.',
    why: 'Everything that the other collection holds is replaced by the result.',
    safer: 'Write to a collection of a new name, or end the pipeline in `$merge`, which keeps what it does not match.',
    place: 'file',
  },
  documentsExpire: {
    code: 'DS',
    when: 'An index gets `expireAfterSeconds`, or a shorter time than before.',
    why: 'The server deletes every document whose time has passed, those stored long ago included, soon after the step and without a further word.',
    safer:
      'Count the documents whose time has passed; begin with a long time and shorten it in later versions, which is done in place.',
    place: 'index',
  },
  validatorSet: {
    code: 'LK',
    when: 'The validator of a collection that is there is replaced.',
    why: 'The collection is locked for a moment, and behind long operations the wait blocks others.',
    safer: 'Run while there is little load and no long transaction.',
    place: 'validator',
  },
  indexBuilt: {
    code: 'LK',
    when: 'An index is built on a collection that is there.',
    why: 'The server reads every document, and locks the collection at the beginning and the end of the build.',
    safer: 'Run while there is little load; the evidence of the plan says how many documents there are.',
    place: 'index',
  },
  indexChanged: {
    code: 'LK',
    when: 'An index is changed in place.',
    why: 'The collection is locked for a moment, and behind long operations the wait blocks others.',
    safer: 'Run while there is little load and no long transaction.',
    place: 'index',
  },
  droppedBeforeBuilt: {
    code: 'RB',
    when: 'An index must be dropped before its successor is built: both have one name or one key, or a migration must not meet the old one.',
    why: 'Between drop and build no index serves the queries, and a failing build leaves none.',
    safer: 'Add the new index under another name first, and drop the old one in a later version.',
    place: 'index',
  },
  queriesLoseIndex: {
    code: 'LI',
    when: 'An index is dropped, and no other one begins with its fields.',
    why: 'Queries that use it read the whole collection from then on.',
    safer:
      'Hide it in one version (`hidden: true`, which is undone at once), see that nothing becomes slow, and drop it in a later one.',
    place: 'index',
  },
  nothingExpires: {
    code: 'LI',
    when: 'An index with `expireAfterSeconds` is dropped, and no other one deletes by the same field.',
    why: 'The server deletes nothing by it any more: the documents stay, and the collection grows.',
    safer: 'Keep it, or make sure that something else removes what is no longer needed.',
    place: 'index',
  },
  uniquenessLost: {
    code: 'LU',
    when: 'A unique index is dropped, and no unique index on its fields, or on some of them, stays or is built.',
    why: 'Equal values can be stored from then on, and once they are, the index cannot be built again.',
    safer:
      'Drop it when nothing relies on the values being different, or build the unique index that replaces it first.',
    place: 'index',
  },
  writesOverwritten: {
    code: 'CW',
    when: 'A migration ends in `$out` onto its own collection and cannot be run online.',
    why: 'What others write to the collection while the migration runs is lost when the result replaces it.',
    safer: 'Stop the writers for the time of the run, or use `migration: {mode: update}`.',
    place: 'file',
  },
  notRepeatable: {
    code: 'NI',
    when: 'A migration gives another result when it meets its own, and no checkpoint tells how far it is.',
    why: 'Running it twice gives another result, so a run that was cut off in it cannot simply be repeated.',
    safer: 'Write the pipeline so that a second run changes nothing.',
    place: 'file',
  },
  testDataLoaded: {
    code: 'TD',
    when: 'LOAD_TEST_DATA is true, and the environment is not `local`.',
    why: 'Invented documents stand among real ones.',
    safer: 'Leave LOAD_TEST_DATA at false outside of local environments.',
    place: 'file',
  },
} as const satisfies Readonly<Record<string, RiskCauseEntry>>

export type RiskCause = keyof typeof RISK_CAUSES

/** Where the codes are described for people, from the root of the project. */
export const RISKS_PAGE = 'docs/risks.md'
