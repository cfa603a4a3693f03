import type { ErrorEntry } from './entry.ts'

/** Failures of making a new configuration repository. In each case nothing was written, or what was written was taken back. */
export const INIT_ERRORS = {
  INIT_NAME_INVALID: {
    title: 'Not a name for a repository, its database, or the place of Stage0',
    cause: 'Images, compose files, settings and the database itself take names of certain characters only.',
    fix: 'Use another name with --name, --database or --project.',
  },
  INIT_FOLDER_NOT_EMPTY: {
    title: 'The folder is not empty',
    cause: 'There are files in it, so that it is perhaps not the folder that was meant.',
    fix: 'Name another folder, or put the new files beside those with --add: none is overwritten.',
  },
  INIT_FILES_EXIST: {
    title: 'Files of these names are there',
    cause: 'The folder has files, or links in place of folders, where the new ones would go. None is ever overwritten.',
    fix: 'Move them away, or name another folder.',
  },
  INIT_FOLDER_UNUSABLE: {
    title: 'The folder cannot be made, or not be written to',
    cause:
      'The folder that it is in does not exist, it is a file, the system refuses to write, or another process makes a repository there.',
    fix: 'Name another folder, or change its permissions. Of an init that is no longer at work, remove the folder that the message names.',
  },
} as const satisfies Record<string, ErrorEntry>
