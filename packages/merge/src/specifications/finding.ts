import type { MergeCode, Place } from '../problem.ts'

/** What a finding is about. Stable: the catalogue of errors has a title, a cause and a way out for each. */
export type SpecificationCode =
  | 'SPECIFICATION_CATALOG_EMPTY'
  | 'SPECIFICATION_DOCUMENT_MISSING'
  | 'SPECIFICATION_FILE_UNREAD'
  | 'SPECIFICATION_MEMBER_MISSING'
  | 'SPECIFICATION_MEMBER_REPEATED'
  | 'SPECIFICATION_MEMBER_UNKNOWN'
  | 'SPECIFICATION_MEMBER_WANTED'
  | 'SPECIFICATION_VALUE_INVALID'
  | 'SPECIFICATION_NUMBER_NOTATION'
  | 'SPECIFICATION_NAME_REPEATED'
  | 'SPECIFICATION_NAME_STYLE'
  | 'SPECIFICATION_NAME_UNKNOWN'
  | 'SPECIFICATION_NAME_UNUSABLE'
  | 'SPECIFICATION_NAME_UNUSED'
  | 'SPECIFICATION_NAME_UNWRITTEN'
  | 'SPECIFICATION_ACCESS_REPEATED'
  | 'SPECIFICATION_CONTROLLED_TWICE'
  | 'SPECIFICATION_CONTROLLED_AND_CREATED'
  | 'SPECIFICATION_DOMAIN_MISSING'
  | 'SPECIFICATION_PORT_BELOW_BASE'
  | 'SPECIFICATION_PORT_GAP'
  | 'SPECIFICATION_PORT_MISSING'
  | 'SPECIFICATION_PORT_REPEATED'
  | 'SPECIFICATION_REFERENCE_WITH_REPO'
  | 'SPECIFICATION_SCHEMA_INVALID'
  | 'SPECIFICATION_SCHEMA_MISSING'
  | 'SPECIFICATION_SCHEMA_UNUSED'

/** One thing that specifications say and should not, or do not say and should. */
export interface Finding {
  readonly code: SpecificationCode | MergeCode
  /** An error makes a merge fail or its product contradict itself; a warning is a slip as a rule; a notice is for information. */
  readonly severity: 'error' | 'warning' | 'notice'
  /** A sentence, with the names that matter. Holds untrusted text: whoever prints it makes control characters visible. */
  readonly text: string
  /** What to do, where the sentence does not say it already. */
  readonly hint?: string
  readonly at: Place
  /** The other place, where two of them do not go together; the sentence names it too. */
  readonly other?: Place
}

/** `architecture.yaml:14`, as a sentence names another place. */
export const placeText = ({ file, line }: Place): string => (line === undefined ? file : `${file}:${line}`)

const LONGEST_SHOWN = 60

/** A text of the documents as a sentence shows it: in quotes, on one line, cut where it is long. */
export function shown(text: string): string {
  const points = [...text.slice(0, 2 * LONGEST_SHOWN)]
  return JSON.stringify(points.length > LONGEST_SHOWN ? `${points.slice(0, LONGEST_SHOWN).join('')}...` : text)
}
