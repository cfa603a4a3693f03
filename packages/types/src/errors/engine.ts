import type { ErrorEntry } from './entry.ts'

/** Findings of planning and applying, and failures of the target. */
export const ENGINE_ERRORS = {
  TARGET_UNREACHABLE: {
    title: 'Database not reachable',
    cause: 'No suitable server answered within the server selection timeout.',
    fix: 'Check host, port and network of the connection string, and that the server runs.',
    status: 503,
  },
  LOCK_HELD: {
    title: 'Another run holds the lock',
    cause: 'Only one run at a time may change a database.',
    fix: 'Wait until the named holder is done. Where its process is gone, wait until its lease ends, or free the lock with `stage0 unlock --if-owner RUN`.',
    status: 409,
  },
  // The target: connection
  CONNECTION_STRING_INVALID: {
    title: 'Connection string not valid',
    cause:
      'The connection string has another form than mongodb://host:port/ or mongodb+srv://host/, or an option that does not exist.',
    fix: 'Correct MONGO_CONNECTION_STRING or --uri. Percent-encode special characters in user name and password.',
    status: 503,
  },
  DATABASE_NAME_INVALID: {
    title: 'Database name not valid',
    cause: 'MongoDB does not allow this name, or keeps it for itself.',
    fix: 'Choose a name of at most 63 bytes without any of / \\ . " $ * < > : | ? and spaces, other than admin, config and local.',
    status: 503,
  },
  TLS_REQUIRED: {
    title: 'Connection without TLS refused',
    cause: 'TLS is required for hosts other than this machine, and the connection string does not turn it on.',
    fix: 'Add tls=true to the connection string, or set MONGODB_REQUIRE_TLS=false where an unencrypted connection is acceptable.',
    status: 503,
  },
  TLS_NOT_VERIFIED: {
    title: 'TLS without verification refused',
    cause: 'TLS is required, and the connection string turns the check of the certificate or of the host name off.',
    fix: 'Remove tlsInsecure, tlsAllowInvalidCertificates and tlsAllowInvalidHostnames, and name the authority with tlsCAFile.',
    status: 503,
  },
  TARGET_TLS_FAILED: {
    title: 'TLS connection failed',
    cause:
      'The server answered, but no verified TLS connection could be made: the certificate is not trusted, has expired or is for another host, or the server does not speak TLS.',
    fix: 'Check the certificate of the server and tlsCAFile in the connection string.',
    status: 503,
  },
  TARGET_AUTHENTICATION_FAILED: {
    title: 'Database refused the credentials',
    cause: 'User name, password, authSource or authMechanism is wrong.',
    fix: 'Correct the credentials in the connection string; authSource names the database that holds the user.',
    status: 503,
  },
  TARGET_NOT_PERMITTED: {
    title: 'Database user lacks a privilege',
    cause: 'The connected user may not do this on the database.',
    fix: 'Grant the named action: `stage0 roles` prints the roles that a repository needs, for mongosh.',
    status: 403,
  },
  TARGET_CONNECTION_LOST: {
    title: 'Connection lost in the middle',
    cause:
      'The connection to the database broke, or its primary changed, while a command was under way. Whether the command took effect is not known.',
    fix: 'Run again: what was done is found by looking, and the rest is finished.',
    status: 503,
  },
  TARGET_TIME_LIMIT: {
    title: 'Time limit of the database reached',
    cause: 'The server stopped the command because it took longer than its time limit, or waited too long for a lock.',
    fix: 'Look for long operations on the database that hold the collection, then run again.',
    status: 503,
  },
  TARGET_NOT_DURABLE: {
    title: 'Write not confirmed by a majority',
    cause: 'The write took effect on the primary, but too few members of the replica set confirmed it.',
    fix: 'Bring the members of the replica set up, then run again.',
    status: 503,
  },
  TARGET_REFUSED: {
    title: 'Database refused a command',
    cause: 'The server answered with an error that has no code of its own here.',
    fix: 'Read the answer of the server in the message.',
    status: 503,
  },
  TARGET_STOPPED: {
    title: 'Stopped before the database answered',
    cause: 'The run was cancelled, or lost its lock, while a command was under way.',
    fix: 'Run again: what was done is found by looking, and the rest is finished.',
    status: 503,
  },
  // The target: what it said to a change
  DUPLICATE_KEY: {
    title: 'Duplicate key',
    cause: 'Two documents have the same value in the fields of a unique index.',
    fix: 'Remove or change one of the documents with the named value, then run again.',
  },
  DOCUMENT_INVALID: {
    title: 'Document refused by the validator',
    cause: 'A document does not match the schema that is in force for its collection.',
    fix: 'Correct the document at the named path, or the schema.',
  },
  INDEX_CHANGED: {
    title: 'Index is no longer the one that is to be dropped',
    cause:
      'Somebody replaced the index by another one of the same name, or changed its options, after the plan was made.',
    fix: 'Look at the index, and plan again: the new plan says what it would drop. The index was left as it is.',
  },
  INDEX_CONFLICT: {
    title: 'Index exists with another definition',
    cause:
      'An index of the same name has other keys or options, or one with the same keys has another name or options.',
    fix: 'Name the existing index under drop_indexes of the version too: it is then changed in place where MongoDB can do that. Or give the new one the definition that exists.',
  },
  INDEX_DUPLICATES: {
    title: 'Documents stand in the way of a unique index',
    cause: 'Several stored documents have the same value in the fields of an index that is to be unique.',
    fix: 'Change or remove documents until no two have the same value, or migrate them in the same version; then run again. No index was dropped.',
  },
  INDEX_REFUSED: {
    title: 'Index definition refused',
    cause: 'The server does not accept the keys or an option of the index.',
    fix: 'Correct the index in the configuration file.',
  },
  SCHEMA_REFUSED: {
    title: 'Validator refused',
    cause: 'The server does not accept a keyword of the rendered schema, or its value.',
    fix: 'Correct the dictionary or type that the keyword comes from.',
  },
  COLLECTION_CONFLICT: {
    title: 'Collection exists with other options',
    cause: 'The collection was created meanwhile, with another validator than the planned one, or it is a view.',
    fix: 'Plan again; if nobody is expected to create it, find out who did.',
  },
  TEST_DATA_CONFLICT: {
    title: 'Another document has the _id of a test document',
    cause: 'The collection holds a document with the same _id and other content.',
    fix: 'Change the _id in the test data file, or remove the stored document.',
  },
  VERSION_RECORD_DUPLICATE: {
    title: 'Two version documents for one collection',
    cause: 'The versions collection holds more than one document for a collection, so its version is not known.',
    fix: 'Find out which one is true and delete the other; then plan again.',
  },
  VALUE_NOT_SENDABLE: {
    title: 'Value of a type that cannot be sent',
    cause: 'The deprecated BSON types undefined and dbPointer can be read, but no driver sends them.',
    fix: 'Replace the value at the named path.',
  },
  LOCK_LOST: {
    title: 'Lock lost',
    cause:
      'Another run has taken the lock over, `stage0 unlock` took it away, or its lease ended while the process was suspended: so this run may not write any more.',
    fix: 'Look with `stage0 status` who holds it now. What this run began the next one finishes.',
    status: 409,
  },
  RUN_NOT_AT_WORK: {
    title: 'The run is not at work',
    cause: 'The run that was to be paused, or to go on, has ended or was cut off; or nobody holds the lock.',
    fix: '`stage0 history` lists the runs. `stage0 apply` finishes one that was cut off.',
    status: 409,
  },
  RUN_PROCESS_GONE: {
    title: 'The process of the run is gone',
    cause:
      'The run still holds the lock, but its process on this machine ended without giving it back: nobody can do what is asked.',
    fix: 'Wait until the lock ends by itself, or free it with `stage0 unlock`. The next `stage0 apply` finishes what the run began.',
    status: 409,
  },
  LOCK_OF_ANOTHER_RUN: {
    title: 'Another run has the lock',
    cause: 'The lock is held, but not by the run that was named: perhaps a later one has taken over.',
    fix: 'Look with `stage0 status` who holds it, and name that run only if it is really gone.',
    status: 409,
  },
  LOCK_IN_USE: {
    title: 'The holder of the lock is at work',
    cause: 'The lease was extended while it was watched, so the process of the run is alive.',
    fix: 'End the run in order with `stage0 cancel`. Where its process can do no more than keep its lease, `--force` takes the lock away.',
    status: 409,
  },
  // Planning: what the database records and the repository knows
  VERSION_RECORD_UNREADABLE: {
    title: 'Version document not readable',
    cause:
      'A document of the versions collection holds no version of the form name.1.2.3 or name.1.2.3.4, or its `collection_name` is not the name of a collection.',
    fix: 'Correct the named field of the named document, or delete the document where nothing was applied; then plan again.',
  },
  VERSION_AHEAD: {
    title: 'The database is ahead of the repository',
    cause: 'The recorded version is newer than every version in the configuration of the collection.',
    fix: 'Use the repository that was applied last, or a newer one.',
  },
  VERSION_NOT_IN_REPOSITORY: {
    title: 'The recorded version is missing in the repository',
    cause:
      'The configuration of the collection lists older and newer versions, but not the one that the database is at.',
    fix: 'Restore the version in the configuration file.',
  },
  VERSION_EDITED: {
    title: 'An applied version was edited',
    cause:
      'The rendered schema of the recorded version is another one than was applied: its dictionary, a type or an enumerator changed.',
    fix: 'Restore the files of the applied version and put the change into a new version.',
  },
  VERSION_OUT_OF_ORDER: {
    title: 'A version was skipped',
    cause: 'The repository lists a version below the recorded one that was never applied to this database.',
    fix: 'Give it a number above the recorded version, or remove it.',
  },
  COLLECTION_NOT_IN_REPOSITORY: {
    title: 'Recorded collection without a configuration',
    cause: 'The database records a version for a collection that the repository does not configure.',
    fix: 'Restore the configuration file, or delete the version document where the collection is no longer managed.',
  },
  COLLECTION_MISSING: {
    title: 'Recorded collection does not exist',
    cause: 'A version is recorded for the collection, but the collection was dropped since.',
    fix: 'Restore the collection, or delete its version document to have it created anew from the first version.',
  },
  COLLECTION_KIND: {
    title: 'Not an ordinary collection',
    cause: 'A view or a time-series collection has the name. Neither takes a validator.',
    fix: 'Rename one of the two.',
  },
  NAME_RESERVED: {
    title: 'Name kept for records',
    cause: 'Stage0 or MongoDB itself keeps the collection of this name.',
    fix: 'Give the collection another name.',
  },
  STATE_DRIFTED: {
    title: 'The database differs from its record',
    cause:
      'A validator or an index of the recorded version was changed without Stage0, or was never made by the tool that recorded it.',
    fix: 'Put the wanted state into a new version, or restore it by hand. Nothing is changed unasked.',
  },
  ENUMERATORS_DRIFT: {
    title: 'Enumerators of an applied version differ',
    cause: 'The file, or the stored document, changed after a version was applied that renders with these enumerators.',
    fix: 'Restore the file and put the change into a new enumerators version. The stored document is left as it is.',
  },
  ENUMERATORS_NOT_IN_REPOSITORY: {
    title: 'Stored enumerators without a file',
    cause: 'The database holds an enumerators version that the repository does not have.',
    fix: 'Nothing needs to be done; delete the document where nobody reads it.',
  },
  ENUMERATORS_RECORD_DUPLICATE: {
    title: 'Two documents for one enumerators version',
    cause:
      'The enumerators collection holds more than one document of a version, and not each of them has the content of the file: which of them is read is not known.',
    fix: 'Delete the documents of that version but one, the one that is true; then plan again.',
  },
  // Planning: steps
  INDEX_ABSENT: {
    title: 'Index to drop is not there',
    cause: 'The database has no index of that name, so there is nothing to drop.',
    fix: 'Nothing needs to be done.',
  },
  INDEX_NOT_IN_REPOSITORY: {
    title: 'Index that the repository does not know',
    cause: 'The collection has an index that no version adds. It is never touched.',
    fix: 'Add it to a version to have it managed, or drop it with `drop_indexes`.',
  },
  INDEX_LIMIT: {
    title: 'An index too many',
    cause: 'A collection holds at most 64 indexes, and at most one text index.',
    fix: 'Drop an index in the same version.',
  },
  INDEX_ID_KEPT: {
    title: 'The index on _id cannot be dropped',
    cause: 'MongoDB needs the index on _id.',
    fix: 'Remove it from `drop_indexes`.',
  },
  CONSTRAINT_IN_FORCE: {
    title: 'Validation level constraint is in force',
    cause: 'Under the level constraint neither the rules can be changed nor can a migration write around them.',
    fix: 'Step down to `validation: {level: strict}` in a version of its own, without any other change, then change and step up again.',
  },
  MIGRATION_OTHER_DATABASE: {
    title: 'Migration into another database',
    cause:
      'A final `$out` or `$merge` names another database than the target. Its state is neither observed nor verified.',
    fix: 'Write to a collection of the target database.',
  },
  MIGRATION_ALREADY_DONE: {
    title: 'Migration already done',
    cause: 'An earlier run finished the migration and then ended before the version was recorded.',
    fix: 'Nothing needs to be done: it is not run again.',
  },
  MIGRATION_ONLINE: {
    title: 'Migration runs online',
    cause:
      'The documents are updated in ranges while others read and write, instead of being replaced by a copy: the result is the same, and no write is lost.',
    fix: 'Nothing needs to be done. Writers that still write the old shape are best changed before: what they leave is told at the end.',
  },
  MIGRATION_EDITED: {
    title: 'Migration edited after it ran',
    cause:
      'An earlier run executed, or began, the migration file with another content or under a name that the version no longer has, and the version is not recorded yet.',
    fix: 'Restore the file, finish the version, and put the change into a new version. Where the migration did not end, `--resolve STEP=repeat` runs it as it is now, one that was cut off between ranges on the documents that are left; `--resolve STEP=done` leaves out one that was not cut off between ranges.',
  },
  MIGRATION_UNCERTAIN: {
    title: 'Not known whether a migration ended',
    cause:
      'A run was cut off during a migration that may not be repeated, and the database does not show whether it took effect.',
    fix: 'Look at the documents. Then plan and apply with `--resolve STEP=done` where all of them show its result, or with `--resolve STEP=repeat` where none does. Where some do, bring them into one of the two states first.',
  },
  MIGRATION_STILL_RUNS: {
    title: 'A migration of an earlier run is not through',
    cause:
      'The run that began it is gone, the server goes on with it, and it may not be repeated: ended in the middle it would leave a part of the documents done.',
    fix: 'Wait until the server is through with it, then run again; nothing was changed. What it did is then asked for with `--resolve`.',
    status: 409,
  },
  OUTCOME_UNUSED: {
    title: 'Nothing to resolve',
    cause:
      'No run was cut off in the migration that `--resolve` names, or it was resolved before. Or the database itself tells how far the step got, and that counts.',
    fix: 'Copy the step from the text of MIGRATION_UNCERTAIN, or leave the option out.',
  },
  OUTCOME_STEP_UNKNOWN: {
    title: 'No such step to resolve',
    cause: '`--resolve` names a step that neither the repository nor an interrupted run has: it is misspelt.',
    fix: 'Copy the step from the text of MIGRATION_UNCERTAIN, or leave the option out.',
  },
  SERVER_TOO_OLD: {
    title: 'Server too old',
    cause: 'The server lacks what planning and applying rely on, or was never tested with it.',
    fix: 'Use MongoDB 6.0 or newer.',
  },
  SERVER_FEATURE_MISSING: {
    title: 'The server does not have the feature',
    cause: 'The validation level or action that a version asks for came with a later version of MongoDB.',
    fix: 'Upgrade the server, or choose another level or action.',
  },
  TEST_DATA_NOT_CHECKED: {
    title: 'Test data not compared with stored documents',
    cause: 'A pending migration will change the stored documents first, so what would collide is not known yet.',
    fix: 'Nothing needs to be done: a collision stops the step that loads the data.',
  },
  // Applying
  IDEMPOTENCY_KEY_USED: {
    title: 'This request has become a run already',
    cause: 'A run was begun with the same idempotency key before.',
    fix: 'Look at the named run; use another key for another run.',
    status: 409,
  },
  PLAN_REFUSED: {
    title: 'The plan has errors',
    cause: 'Planning found errors, so nothing was applied.',
    fix: 'Correct what the problems of the plan name.',
    status: 422,
  },
  STEP_FAILED: {
    title: 'A step failed',
    cause: 'The database refused a step. Other steps of its collection were skipped; other collections went on.',
    fix: 'Read the error of the step, correct it, and run again: what was done is not done twice.',
  },
  LEFTOVERS_FOUND: {
    title: 'Documents do not match the validator',
    cause:
      'After a migration documents are left that the new rules refuse: others wrote them in the old shape while it ran, or they did not match before and the migration was not to change that.',
    fix: 'Everything else is done. Look at the named documents, correct them, and change what still writes the old shape.',
  },
  LEFTOVERS_REMAIN: {
    title: 'Documents did not match when a run looked last',
    cause:
      'A run after a migration ended with documents that the rules refuse, and no run since has found them matching.',
    fix: 'Look at the documents that the run names and correct them. Every plan looks again until all match.',
  },
  MIGRATION_CONFLICTS: {
    title: 'A range met conflicting writes again and again',
    cause: 'Every attempt to change a range of documents collided with writes of others, or was ended by the server.',
    fix: 'Run again when there is less load, with a smaller `--batch-size`: it goes on where it stopped.',
  },
  VERIFY_FAILED: {
    title: 'The database is not as planned',
    cause:
      'All steps ended, but what the database holds now differs from what the plan promised: somebody else changed it meanwhile.',
    fix: 'Find out who changes the database, then plan again.',
  },
  // Dropping the database
  DROP_NOT_LOCAL: {
    title: 'Dropping is for local work only',
    cause: 'The service does not run in local mode, where files can be edited and databases are for trying out.',
    fix: 'Drop the database with the tools of MongoDB, if it is to be dropped at all.',
    status: 403,
  },
  DROP_NOT_ENABLED: {
    title: 'Dropping is not enabled',
    cause: 'ENABLE_DROP_DATABASE is not set to true.',
    fix: 'Set ENABLE_DROP_DATABASE=true and start the service again.',
    status: 403,
  },
  DROP_NOT_CONFIRMED: {
    title: 'The name of the database was not given',
    cause: 'The name that was typed is not the name of the database that would be dropped.',
    fix: 'Type the name of the database exactly.',
    status: 422,
  },
  DROP_TOO_MANY_DOCUMENTS: {
    title: 'The database holds too much to be dropped',
    cause: 'A collection holds more documents than MONGODB_DROP_SAFETY allows.',
    fix: 'Empty the named collections first, or raise MONGODB_DROP_SAFETY where nothing in them is worth keeping.',
    status: 409,
  },
} as const satisfies Record<string, ErrorEntry>
