import type { ErrorEntry } from './entry.ts'

/** Findings about the files of a configuration repository. */
export const REPOSITORY_ERRORS = {
  REPOSITORY_NOT_FOUND: {
    title: 'Repository folder not found',
    cause: 'The folder that should hold the configuration repository does not exist or is not a folder.',
    fix: 'Name an existing folder with --repository or INPUT_FOLDER.',
  },
  REPOSITORY_EMPTY: {
    title: 'Not a configuration repository',
    cause: 'The folder has none of the known sub-folders (configurations, dictionaries, types, enumerators, ...).',
    fix: 'Point --repository or INPUT_FOLDER at the folder that contains them.',
  },
} as const satisfies Record<string, ErrorEntry>
