/** What a problem is about. Stable: the catalogue of errors has a title, a cause and a way out for each. */
export type MergeCode =
  /** The folder of the template, or its control file, is not there or cannot be read. */
  | 'TEMPLATE_FOLDER_UNUSABLE'
  | 'TEMPLATE_CONTROL_MISSING'
  | 'TEMPLATE_CONTROL_NOT_PARSABLE'
  /** Keys, modes or values that the control file may not have. */
  | 'TEMPLATE_CONTROL_INVALID'
  /** A file that the control file names. */
  | 'TEMPLATE_FILE_MISSING'
  | 'TEMPLATE_NOT_PARSABLE'
  | 'TEMPLATE_UNSUPPORTED'
  | 'TEMPLATE_RENDER_FAILED'
  /** A template without an input that it could be tested with. */
  | 'TEMPLATE_SAMPLE_MISSING'
  | 'SPECIFICATIONS_UNUSABLE'
  | 'SPECIFICATION_NOT_PARSABLE'
  | 'MERGE_ENVIRONMENT_MISSING'
  | 'MERGE_CONTEXT_NOT_FOUND'
  | 'MERGE_CONTEXT_CYCLIC'
  | 'MERGE_REQUIREMENT_MISSING'
  | 'MERGE_ITEMS_INVALID'
  /** Outside of the folder, by its name or through a link. */
  | 'MERGE_OUTPUT_OUTSIDE'
  /** The template itself, or below a file. */
  | 'MERGE_OUTPUT_INVALID'
  /** The name asks for what is not there: refused where nothing but an ending is left of it, else a warning. */
  | 'MERGE_OUTPUT_INCOMPLETE'
  | 'MERGE_OUTPUT_TWICE'
  | 'MERGE_OUTPUT_UNUSABLE'
  | 'MERGE_OUTPUT_NOT_EMPTY'
  | 'MERGE_INTERRUPTED'
  /** A product that is merged again: what it says about the merge before, and what people changed in it. */
  | 'MERGE_PROVENANCE_INVALID'
  | 'MERGE_CONFLICT'
  | 'MERGE_OTHER_TEMPLATE'

/** One thing that is wrong, where, and what to do. */
export interface Problem {
  readonly code: MergeCode
  /** A sentence, with the names that matter. Holds untrusted text: whoever prints it makes control characters visible. */
  readonly message: string
  /** What to do, where the message does not say it already. */
  readonly hint?: string
  readonly at?: Place
}

/** A place in a file. */
export interface Place {
  /** Relative to the folder that it is in, with `/`. */
  readonly file: string
  /** From 1. */
  readonly line?: number
  /** From 1, in UTF-16 units. */
  readonly column?: number
}

/** Expected failures are returned; what is thrown is a defect. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] }

export const ok = <T>(value: T): Result<T> => ({ ok: true, value })
export const fail = (...problems: readonly Problem[]): Result<never> => ({ ok: false, problems })
