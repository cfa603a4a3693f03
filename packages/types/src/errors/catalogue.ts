import { COMMAND_ERRORS } from './command.ts'
import { EMBEDDED_ERRORS } from './embedded.ts'
import { ENGINE_ERRORS } from './engine.ts'
import type { ErrorEntry } from './entry.ts'
import { EVIDENCE_ERRORS } from './evidence.ts'
import { HTTP_ERRORS } from './http.ts'
import { INIT_ERRORS } from './init.ts'
import { MERGE_ERRORS } from './merge.ts'
import { REPOSITORY_ERRORS } from './repository.ts'
import { SCHEMA_ERRORS } from './schema.ts'
import { SPECIFICATION_ERRORS } from './specifications.ts'

/** Every code that Stage0 can report. */
export const ERRORS = {
  ...REPOSITORY_ERRORS,
  ...SCHEMA_ERRORS,
  ...ENGINE_ERRORS,
  ...EVIDENCE_ERRORS,
  ...COMMAND_ERRORS,
  ...EMBEDDED_ERRORS,
  ...INIT_ERRORS,
  ...MERGE_ERRORS,
  ...SPECIFICATION_ERRORS,
  ...HTTP_ERRORS,
}
export type ErrorCode = keyof typeof ERRORS

/** The catalogue by what the codes are about, in the words of a heading. */
export const ERROR_AREAS: Readonly<Record<string, Readonly<Record<string, ErrorEntry>>>> = {
  'Files of the repository': REPOSITORY_ERRORS,
  'Schemas, indexes, migrations, test data': SCHEMA_ERRORS,
  'Plans and runs': ENGINE_ERRORS,
  'Stored documents': EVIDENCE_ERRORS,
  'The command': COMMAND_ERRORS,
  'New repositories': INIT_ERRORS,
  'Templates and their merging': MERGE_ERRORS,
  'Specification documents': SPECIFICATION_ERRORS,
  'The embedded database': EMBEDDED_ERRORS,
  'The HTTP service': HTTP_ERRORS,
}

/** The catalogue as a plain lookup, for code that holds a code from outside: `__proto__` is none. */
export const errorEntry = (code: string): ErrorEntry | undefined =>
  Object.hasOwn(ERRORS, code) ? (ERRORS as Record<string, ErrorEntry>)[code] : undefined
