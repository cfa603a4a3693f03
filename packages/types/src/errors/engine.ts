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
} as const satisfies Record<string, ErrorEntry>
