import { Type, type Static } from 'typebox'
import { compareStrings } from '@stage0/bson-schema'
import { CollectionState, type CollectionRow } from '@stage0/types'
import type { Settings, Snapshot } from '@stage0/workspace'
import { holdsText, LIST_QUERY, pageOf, type ListHeaders } from '../repository/list-query.ts'
import { Recent } from '../repository/memo.ts'
import type { ListText } from '../repository/written.ts'
import { collectionRows } from './collection-rows.ts'
import type { Observation } from './observation.ts'

const ASCENDING = ['name', 'state', 'problems', 'documents', 'last_run'] as const
const DESCENDING = ['-name', '-state', '-problems', '-documents', '-last_run'] as const
type Sort = (typeof ASCENDING)[number]

export const CollectionQuery = Type.Object({
  ...LIST_QUERY,
  state: Type.Optional(Type.Array(CollectionState, { description: 'One or several: `state=behind&state=drifted`' })),
  sort: Type.Optional(
    Type.Enum([...ASCENDING, ...DESCENDING], { description: 'Ascending, or descending with "-"; by name without it' }),
  ),
})
export type CollectionQuery = Static<typeof CollectionQuery>

/** Texts of lists that are kept for one look at the database, in characters. */
const MAX_KEPT = 8 * 1_048_576

interface Known {
  readonly observed: Observation['observed']
  readonly rows: readonly CollectionRow[]
  readonly lists: Recent<ListText>
  readonly versions: Recent<string>
}

/** For each snapshot the newest look at the database: an older one is of no use. */
const kept = new WeakMap<Snapshot, Known>()

/** What was made from a snapshot and a look at the database. */
export function knownOf(snapshot: Snapshot, settings: Settings, observation: Observation): Known {
  const found = kept.get(snapshot)
  if (found !== undefined && found.observed === observation.observed) return found
  const rows = collectionRows(snapshot, settings, observation)
  const lists = new Recent<ListText>(MAX_KEPT, ({ text }) => text.length)
  const versions = new Recent<string>(MAX_KEPT, (text) => text.length)
  const known = { observed: observation.observed, rows, lists, versions }
  kept.set(snapshot, known)
  return known
}

/** One page of the collections as JSON. */
export function collectionList(
  snapshot: Snapshot,
  settings: Settings,
  observation: Observation,
  query: CollectionQuery,
  headers: ListHeaders,
): ListText {
  const { rows, lists } = knownOf(snapshot, settings, observation)
  const make = (): ListText => {
    const states = query.state === undefined ? undefined : new Set(query.state)
    const found = rows.filter(
      ({ name, title, description, state }) =>
        (states?.has(state) ?? true) && holdsText([name, title, description], query.q),
    )
    const sorted = query.sort === undefined ? found : found.sort(orderOf(query.sort))
    const error = observation.error
    const list = {
      as_of: observation.asOf.toISOString(),
      ...(error !== undefined && { target_error: { code: error.code, message: error.message } }),
      items: pageOf(sorted, query, headers),
    }
    return { text: JSON.stringify(list), total: found.length }
  }
  // Without a look at the database each answer has its own time.
  if (observation.observed === undefined) return make()
  return lists.get(JSON.stringify([query, headers.offset, headers.limit]), make)
}

type Order = (a: CollectionRow, b: CollectionRow) => number

const ORDER: Readonly<Record<Sort, Order>> = {
  name: () => 0,
  state: (a, b) => compareStrings(a.state, b.state),
  problems: (a, b) => a.problems.errors - b.problems.errors || a.problems.warnings - b.problems.warnings,
  documents: (a, b) => (a.documents ?? -1) - (b.documents ?? -1),
  last_run: (a, b) => compareStrings(a.last_run?.at ?? '', b.last_run?.at ?? ''),
}

/** Equal ones by name, in the same direction. */
function orderOf(written: NonNullable<CollectionQuery['sort']>): Order {
  const sort = ASCENDING.find((each) => written === each || written === `-${each}`) ?? 'name'
  const ascending: Order = (a, b) => ORDER[sort](a, b) || compareStrings(a.name, b.name)
  return written.startsWith('-') ? (a, b) => ascending(b, a) : ascending
}
