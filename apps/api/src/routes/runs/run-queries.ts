import { Type } from 'typebox'
import { RunState } from '@stage0/types'

const MAX_PAGE = 200
export const DEFAULT_PAGE = 50
export const MAX_EVENTS = 1000

export const RunParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100, description: 'The run' }) })

export const RunListQuery = Type.Object({
  status: Type.Optional(RunState),
  collection: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'Runs that were about this collection' }),
  ),
  offset: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'How many to leave out, from the newest' }),
  ),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: MAX_PAGE, default: DEFAULT_PAGE, description: 'How many at most' }),
  ),
})

export const EventsQuery = Type.Object({
  after: Type.Optional(
    Type.Integer({ minimum: 0, description: 'Number of the last event that is known; a stream begins behind it' }),
  ),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: MAX_EVENTS, default: MAX_EVENTS, description: 'Of a JSON page' }),
  ),
})

/** The browser sends back what it got as `id`; anything else is no number of ours, and counts as nothing. */
export function lastEventId(header: string | readonly string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined
}

export const KeyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: '^[\\x21-\\x7e]{1,255}$',
      description: 'A repeated request with the same key gets the run of the first one',
    }),
  ),
})
