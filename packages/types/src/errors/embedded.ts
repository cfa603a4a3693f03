import type { ErrorEntry } from './entry.ts'

/** Failures of the data folder of the embedded server. */
export const EMBEDDED_ERRORS = {
  EMBEDDED_DATA_IN_USE: {
    title: 'The data folder is in use',
    cause: 'Another process runs the embedded server on this folder; only one may write to it.',
    fix: 'Connect to that server, end it, or name another folder with --data.',
  },
  EMBEDDED_DATA_FOREIGN: {
    title: 'Not a data folder',
    cause: 'The folder holds files and none of them says that the embedded server wrote it.',
    fix: 'Name an empty folder, or one that does not exist yet, with --data. Nothing in this one was touched.',
  },
  EMBEDDED_DATA_NEWER: {
    title: 'A data folder of a newer version',
    cause: 'The folder was written by a newer version of Stage0, in a format that this one does not know.',
    fix: 'Use the newer version, or name another folder with --data. Nothing in this one was touched.',
  },
  EMBEDDED_DATA_UNREADABLE: {
    title: 'The data folder cannot be used',
    cause: 'The system refuses to read, make or write the folder or a file in it.',
    fix: 'Check its owner, its permissions and the room on the disk, or name another folder with --data.',
  },
  EMBEDDED_DATA_DAMAGED: {
    title: 'The data folder is damaged',
    cause: 'A checksum is wrong, or a file is missing: what is on the disk is not what was written.',
    fix: 'Restore a copy of the folder. Where only a log is damaged, --recover goes back to the last whole record before it and keeps the rest beside.',
  },
  EMBEDDED_DATA_TOO_LARGE: {
    title: 'The data folder holds more than is allowed',
    cause: 'Its documents exceed --max-documents or --max-bytes of this start.',
    fix: 'Start with higher limits.',
  },
} as const satisfies Record<string, ErrorEntry>
