import type { ErrorEntry } from './entry.ts'

/** Findings of planning and applying, and failures of the target. */
export const ENGINE_ERRORS = {
  TARGET_UNREACHABLE: {
    title: 'Database not reachable',
    cause: 'No suitable server answered within the server selection timeout.',
    fix: 'Check host, port and network of the connection string, and that the server runs.',
  },
  LOCK_HELD: {
    title: 'Another run holds the lock',
    cause: 'Only one run at a time may change a database.',
    fix: 'Wait until the named holder is done, or until its lease ends.',
  },
  // The target: connection
  CONNECTION_STRING_INVALID: {
    title: 'Connection string not valid',
    cause:
      'The connection string has another form than mongodb://host:port/ or mongodb+srv://host/, or an option that does not exist.',
    fix: 'Correct MONGO_CONNECTION_STRING or --uri. Percent-encode special characters in user name and password.',
  },
  DATABASE_NAME_INVALID: {
    title: 'Database name not valid',
    cause: 'MongoDB does not allow this name, or keeps it for itself.',
    fix: 'Choose a name of at most 63 bytes without any of / \\ . " $ * < > : | ? and spaces, other than admin, config and local.',
  },
  TLS_REQUIRED: {
    title: 'Connection without TLS refused',
    cause: 'TLS is required for hosts other than this machine, and the connection string does not turn it on.',
    fix: 'Add tls=true to the connection string, or set MONGODB_REQUIRE_TLS=false where an unencrypted connection is acceptable.',
  },
  TLS_NOT_VERIFIED: {
    title: 'TLS without verification refused',
    cause: 'TLS is required, and the connection string turns the check of the certificate or of the host name off.',
    fix: 'Remove tlsInsecure, tlsAllowInvalidCertificates and tlsAllowInvalidHostnames, and name the authority with tlsCAFile.',
  },
  TARGET_TLS_FAILED: {
    title: 'TLS connection failed',
    cause:
      'The server answered, but no verified TLS connection could be made: the certificate is not trusted, has expired or is for another host, or the server does not speak TLS.',
    fix: 'Check the certificate of the server and tlsCAFile in the connection string.',
  },
  TARGET_AUTHENTICATION_FAILED: {
    title: 'Database refused the credentials',
    cause: 'User name, password, authSource or authMechanism is wrong.',
    fix: 'Correct the credentials in the connection string; authSource names the database that holds the user.',
  },
  TARGET_NOT_PERMITTED: {
    title: 'Database user lacks a privilege',
    cause: 'The connected user may not do this on the database.',
    fix: 'Grant the named action, for example with the roles readWrite and dbAdmin on the database.',
  },
  TARGET_CONNECTION_LOST: {
    title: 'Connection lost in the middle',
    cause:
      'The connection to the database broke, or its primary changed, while a command was under way. Whether the command took effect is not known.',
    fix: 'Run again: what was done is found by looking, and the rest is finished.',
  },
  TARGET_TIME_LIMIT: {
    title: 'Time limit of the database reached',
    cause: 'The server stopped the command because it took longer than its time limit, or waited too long for a lock.',
    fix: 'Look for long operations on the database that hold the collection, then run again.',
  },
  TARGET_NOT_DURABLE: {
    title: 'Write not confirmed by a majority',
    cause: 'The write took effect on the primary, but too few members of the replica set confirmed it.',
    fix: 'Bring the members of the replica set up, then run again.',
  },
  TARGET_REFUSED: {
    title: 'Database refused a command',
    cause: 'The server answered with an error that has no code of its own here.',
    fix: 'Read the answer of the server in the message.',
  },
  TARGET_STOPPED: {
    title: 'Stopped before the database answered',
    cause: 'The run was cancelled, or lost its lock, while a command was under way.',
    fix: 'Run again: what was done is found by looking, and the rest is finished.',
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
  INDEX_CONFLICT: {
    title: 'Index exists with another definition',
    cause:
      'An index of the same name has other keys or options, or one with the same keys has another name or options.',
    fix: 'Name the existing index under drop_indexes of the version, or give the new one the definition that exists.',
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
    cause: 'Another run has taken the lock over, so this one may not write any more.',
    fix: 'Look at the run that took over; it finishes what this one began.',
  },
} as const satisfies Record<string, ErrorEntry>
