import type { ErrorEntry } from './entry.ts'

/** Findings about fragments, rendered schemas and test data. */
export const SCHEMA_ERRORS = {} as const satisfies Record<string, ErrorEntry>
