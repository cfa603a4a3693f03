import type { CollectionDetail, IndexView, Usage, VersionDetail, VersionSummary } from '@stage0/types'
import { rowMark, sentence, type Mark } from '../../shared/marks.ts'
import { paths, placePath } from '../../shared/paths.ts'

/** A version as the switcher shows it. */
export interface VersionOption {
  readonly version: string
  readonly mark: Mark
  readonly locked: boolean
  readonly at: string | undefined
  readonly runPath: string | undefined
}

const VERSION_KINDS = { applied: 'neutral', current: 'success', pending: 'warning', unknown: 'neutral' } as const

/** The versions of a collection, newest first, as the service orders them. */
export const versionOptions = (versions: readonly VersionSummary[]): readonly VersionOption[] =>
  versions.map(({ version, state, locked, applied_at: at, run_id: run }) => ({
    version,
    mark: { kind: VERSION_KINDS[state], label: sentence(state) },
    locked,
    at,
    runPath: run === undefined ? undefined : paths.run(run),
  }))

/** The version that `written` means: four parts, or as it stands in the file; undefined where there is none such. */
export const findVersion = (versions: readonly VersionSummary[], written: string): VersionSummary | undefined =>
  versions.find(({ version }) => version === written) ?? versions.find((of) => of.written === written)

/** What stands in the head of the workbench. */
export interface WorkbenchHead {
  readonly name: string
  readonly description: string
  readonly mark: Mark
  readonly recorded: string | undefined
  readonly newest: string | undefined
  /** Whether the database could be read. */
  readonly isRecordedKnown: boolean
  readonly drift: readonly string[]
  readonly canBePlanned: boolean
}

export function workbenchHead({ row }: CollectionDetail): WorkbenchHead {
  return {
    name: row.name,
    description: row.description === '' ? row.title : row.description,
    mark: rowMark(row),
    recorded: row.recorded,
    newest: row.newest,
    isRecordedKnown: row.state !== 'unknown',
    drift: row.drift,
    canBePlanned: row.newest !== undefined && row.state !== 'invalid',
  }
}

/** The numbered steps of a version: order and words are the service's alone (C-17). */
export const stepLines = ({ steps }: VersionDetail) =>
  steps.map(({ text, place }, index) => ({
    number: index + 1,
    text,
    path: place && placePath(place),
  }))

/** An index as a row. `live` is the word of the service for what the database has. */
export interface IndexLine {
  readonly name: string
  readonly keys: string
  readonly options: string
  readonly change: Mark
  readonly live: Mark
  readonly path: string | undefined
}
const CHANGES = { added: 'info', dropped: 'warning', kept: 'neutral' } as const
const LIVE = { there: 'success', missing: 'warning', different: 'error', unknown: 'neutral' } as const
// An index that the version drops is meant to be missing.
const LIVE_DROPPED = { there: 'warning', missing: 'success', different: 'warning', unknown: 'neutral' } as const

export const indexLines = (indexes: readonly IndexView[]): readonly IndexLine[] =>
  indexes.map((index) => ({
    name: index.name,
    keys: index.keys.map(({ field, direction }) => `${field}: ${direction}`).join(', '),
    options: index.options === '{}' ? '' : index.options,
    change: { kind: CHANGES[index.change], label: sentence(index.change) },
    live: { kind: (index.change === 'dropped' ? LIVE_DROPPED : LIVE)[index.live], label: sentence(index.live) },
    path: index.place && placePath(index.place),
  }))

/** One use, with a way to it. */
export interface UseLine {
  readonly label: string
  readonly how: string
  readonly path: string | undefined
}

/** What a version uses: a line for each file or enumerator, whatever the number of places. */
export function useLines({
  uses,
  enumerators,
}: Pick<VersionDetail, 'uses' | 'enumerators'>): readonly (UseLine & { readonly places: number })[] {
  const lines = new Map<string, UseLine & { places: number }>()
  for (const use of uses) {
    const known = lines.get(`${use.how} ${use.used}`)
    if (known !== undefined) {
      known.places += 1
      continue
    }
    lines.set(`${use.how} ${use.used}`, {
      label: use.used,
      how: sentence(use.how),
      path: usedPath(use, enumerators?.version),
      places: 1,
    })
  }
  return [...lines.values()]
}

// C-15: an enumerator is looked at in the version that the schema is pinned to, never in the newest.
const usedPath = ({ how, used }: Usage, pinned: number | undefined): string | undefined => {
  if (how === 'enumerator') return pinned === undefined ? undefined : paths.enumeration(pinned, used)
  return placePath({ file: used })
}

/** How many things stand on each tab, by its path. */
export const tabCounts = (detail: VersionDetail): Readonly<Record<string, number | undefined>> => ({
  steps: detail.steps.length,
  indexes: detail.indexes.length,
  migrations: detail.migrations.length,
  'test-data': detail.test_data?.items ?? 0,
})
