import { Type, type Static } from 'typebox'

/** The largest page; without `limit` a list is whole, as the first implementation gave it. */
const MAX_PAGE = 1000
const MAX_TEXT = 200

const Offset = Type.Integer({ minimum: 0, description: 'How many to leave out' })
const Limit = Type.Integer({ minimum: 1, maximum: MAX_PAGE, description: 'How many at most; all without it' })

/** What narrows every list; a list may add filters of its own. */
export const LIST_QUERY = {
  q: Type.Optional(
    Type.String({ maxLength: MAX_TEXT, description: 'Text to look for in any case; never a regular expression' }),
  ),
  offset: Type.Optional(Offset),
  limit: Type.Optional(Limit),
}

/** Offset and limit may also stand in headers; the query wins. */
export const ListHeaders = Type.Object({ offset: Type.Optional(Offset), limit: Type.Optional(Limit) })
export type ListHeaders = Static<typeof ListHeaders>

interface Paging {
  readonly offset?: number
  readonly limit?: number
}

/** One page of a list. */
export function pageOf<T>(items: readonly T[], query: Paging, headers: Paging): readonly T[] {
  const offset = query.offset ?? headers.offset ?? 0
  const limit = query.limit ?? headers.limit
  return items.slice(offset, limit === undefined ? undefined : offset + limit)
}

/** Whether one of `texts` holds `q`, in any case; everything does where there is no `q`. */
export function holdsText(texts: readonly string[], q: string | undefined): boolean {
  if (q === undefined) return true
  const wanted = q.toLowerCase()
  return texts.some((text) => text.toLowerCase().includes(wanted))
}

/** The header of every list: how many there are before paging. */
export const TOTAL_COUNT = {
  'X-Total-Count': { type: 'integer', minimum: 0, description: 'How many match, on all pages' },
} as const
