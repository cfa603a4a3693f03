import type { CheckOutcome } from './document-checker.ts'
import type { TextKey } from './finding-text.ts'

export type SummaryKind = 'success' | 'warning' | 'error'

/** What came of a check in one line. */
export interface Summary extends TextKey {
  readonly kind: SummaryKind
  /** For the choice between singular and plural. */
  readonly count: number
  /** Said below, untranslated: it comes from the reader or the schema compiler. */
  readonly detail?: string
  /** Where in the text, 1-based. */
  readonly line?: number
}

/** `undefined` where there is nothing to say. */
export function summaryOf(outcome: CheckOutcome | undefined): Summary | undefined {
  switch (outcome?.kind) {
    case 'checked': {
      const { documents, refused } = outcome
      const values = { documents: String(documents), refused: String(refused) }
      if (documents === 0) return { kind: 'warning', key: 'viewer.validate.noDocuments', values, count: 0 }
      return refused === 0
        ? { kind: 'success', key: 'viewer.validate.valid', values, count: documents }
        : { kind: 'error', key: 'viewer.validate.refused', values, count: documents }
    }
    case 'unreadable': {
      const { line, column, message } = outcome
      const values = { line: String(line), column: String(column) }
      return { kind: 'error', key: 'viewer.validate.unreadable', values, count: 1, detail: message, line }
    }
    case 'schema-refused':
      return error('viewer.validate.schemaRefused', outcome.messages.join('\n'))
    case 'too-slow':
      return {
        ...error('viewer.validate.tooSlow'),
        values: { seconds: String(outcome.limitMs / 1000) },
      }
    case 'failed':
      return error('viewer.validate.failed', outcome.message)
    case 'skeleton':
    case 'replaced':
    case undefined:
      return undefined
  }
}

const error = (key: string, detail?: string): Summary => ({
  kind: 'error',
  key,
  values: {},
  count: 1,
  ...(detail === undefined ? {} : { detail }),
})
