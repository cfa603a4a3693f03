import { errorEntry, type ErrorCode, type Problem, type Severity } from '@stage0/types'
import type { SourcePlace } from '../model/source-place.ts'

/** One finding of planning, in the place of the repository that it is about. An error always says what to do. */
export function planProblem(
  code: ErrorCode,
  severity: Severity,
  text: string,
  options: { readonly source?: SourcePlace | undefined; readonly hint?: string | undefined } = {},
): Problem {
  const { source } = options
  const hint = options.hint ?? (severity === 'error' ? errorEntry(code)?.fix : undefined)
  return {
    code,
    severity,
    ...(source && { file: source.file, pointer: source.pointer, line: source.line, column: source.column }),
    text,
    ...(hint !== undefined && { hint }),
  }
}
