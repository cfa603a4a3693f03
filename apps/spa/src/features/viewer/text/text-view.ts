import type { TextFormat } from './node-lines.ts'

/** What the text pane shows: one of the rendered schemas, both, or documents to validate. */
export const VIEWS = ['bson', 'json', 'both', 'validate'] as const
export type TextView = (typeof VIEWS)[number]

/** The rendered schemas that a view needs. */
export function formatsOf(view: TextView): readonly TextFormat[] {
  if (view === 'both') return ['json', 'bson']
  // Documents are judged as the database would: by the BSON schema.
  return [view === 'json' ? 'json' : 'bson']
}
