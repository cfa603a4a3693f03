import type { SchemaChange } from '../diff/schema-diff.ts'
import type { Risk, RiskCode } from './plan.ts'
import type { WantedVersion } from './wanted.ts'

/** Why each kind of risk matters, and what would be safer. */
const ADVICE: Readonly<Record<RiskCode, { readonly why: string; readonly safer: string }>> = {
  BC: {
    why: 'Programs that read or write the old shape stop working.',
    safer: 'Add the new shape first, move the programs over, and remove the old one in a later version.',
  },
  MF: {
    why: 'Stored documents may not match: they cannot be changed any more until they do.',
    safer: 'Migrate the documents in the same version, or begin with `validation: {action: warn}`.',
  },
  DS: {
    why: 'Data is removed and cannot be brought back by Stage0.',
    safer: 'Keep a copy, or leave the old fields until nobody reads them.',
  },
  LK: {
    why: 'The collection is locked for a moment, and behind long operations the wait blocks others.',
    safer: 'Run while there is little load and no long transaction.',
  },
  RB: {
    why: 'Between drop and build no index serves the queries, and a failing build leaves none.',
    safer: 'Add the new index under another name first, and drop the old one in a later version.',
  },
  CW: {
    why: 'What others write to the collection while the migration runs is lost when the result replaces it.',
    safer: 'Stop the writers for the time of the run, or use `migration: {mode: update}`.',
  },
  NI: {
    why: 'Running it twice gives another result, so a run that was cut off in it cannot simply be repeated.',
    safer: 'Write the pipeline so that a second run changes nothing.',
  },
  TD: {
    why: 'Invented documents stand among real ones.',
    safer: 'Leave LOAD_TEST_DATA at false outside of local environments.',
  },
}

/** A risk of a step of `version`, with the reason under which the file accepts it. */
export function risk(version: WantedVersion, code: RiskCode, what: string, path?: string): Risk {
  return { code, path, what, ...ADVICE[code], accepted: acceptance(version, code, path) }
}

/** `allow` without a path accepts the code everywhere in the version; with one, this path and what is below it. */
function acceptance(version: WantedVersion, code: RiskCode, path: string | undefined): string | undefined {
  const entry = version.allow.find((one) => {
    if (one.code !== code) return false
    if (one.path === undefined) return true
    return (
      path !== undefined && (path === one.path || path.startsWith(`${one.path}.`) || path.startsWith(`${one.path}[`))
    )
  })
  return entry?.reason
}

/** Risks of replacing a validator, one per property and kind. */
export const schemaRisks = (version: WantedVersion, changes: readonly SchemaChange[]): Risk[] =>
  changes.flatMap((change) => {
    if (change.risk === undefined) return []
    const subject = change.path === '' ? 'the document' : change.path
    return [risk(version, change.risk, `${subject}: ${change.what}`, change.path)]
  })
