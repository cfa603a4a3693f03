import type { ErrorEntry } from './entry.ts'

/** Failures of the command line and of settings. */
export const COMMAND_ERRORS = {
  USAGE: {
    title: 'Wrong use of the command',
    cause: 'An unknown command or option, or a missing argument.',
    fix: 'Run the command with --help.',
  },
} as const satisfies Record<string, ErrorEntry>
