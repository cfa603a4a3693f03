import type { SchemaChange } from '../diff/schema-diff.ts'
import type { Risk } from './plan.ts'
import { RISK_CAUSES, type RiskCause, type RiskCauseEntry } from './risk-catalogue.ts'
import type { WantedVersion } from './wanted.ts'

/**
 * A risk of a step of `version`, with the reason under which the file accepts it.
 *
 * @param what What it is about here, in words: "unique index email fails where stored documents have equal values".
 */
export function risk(version: WantedVersion, cause: RiskCause, what: string, path?: string): Risk {
  const { code, why, safer } = RISK_CAUSES[cause]
  return { code, path, what, why, safer, accepted: acceptance(version, RISK_CAUSES[cause], path) }
}

/** `allow` without a path accepts the code everywhere in the version; with one, this path and what is below it. */
function acceptance(
  version: WantedVersion,
  { code, place }: RiskCauseEntry,
  path: string | undefined,
): string | undefined {
  const accepts = (allowed: string | undefined): boolean =>
    allowed === undefined || (path !== undefined && covers(allowed, path, place === 'file'))
  return version.allow.find((one) => one.code === code && accepts(one.path))?.reason
}

/**
 * Whether an `allow` with the path `allowed` accepts a risk at `path`: a property covers what is below it, a file goes by its name
 * alone too, as the version names it.
 */
export const covers = (allowed: string, path: string, isFile: boolean): boolean =>
  isFile
    ? path === allowed || path.endsWith(`/${allowed}`)
    : path === allowed ||
      path.startsWith(`${allowed}.`) ||
      path.startsWith(`${allowed}[`) ||
      path.startsWith(`${allowed}<`)

/** Risks of replacing a validator, one per property and kind. */
export const schemaRisks = (version: WantedVersion, changes: readonly SchemaChange[]): Risk[] =>
  changes.flatMap((change) => {
    if (change.risk === undefined) return []
    const subject = change.path === '' ? 'the document' : change.path
    const cause = change.risk === 'BC' ? 'shapeChanged' : 'rulesTightened'
    return [risk(version, cause, `${subject}: ${change.what}`, change.path)]
  })
