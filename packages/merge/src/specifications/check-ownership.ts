import { placeText, shown, type Finding } from './finding.ts'
import { ACCESSES, type Access, type Domain, type Named } from './model.ts'
import { repeated } from './check-names.ts'
import { suggest } from '../suggest.ts'

/** A name where a domain uses it. */
interface Use extends Named {
  readonly domain: Domain
  readonly access: Access
}

/**
 * Who owns what: a name is controlled by one domain or created by any number, never both; a domain says once what it does with it.
 *
 * @param catalog `undefined` where there is none that could be read: then nothing is said about names that it has or has not.
 */
export function checkOwnership(domains: readonly Domain[], catalog: readonly Named[] | undefined): readonly Finding[] {
  const uses = domains.flatMap((domain) =>
    ACCESSES.flatMap((access) => once(domain[access]).map((use): Use => ({ ...use, domain, access }))),
  )
  const byName = new Map<string, Use[]>()
  for (const use of uses) {
    const others = byName.get(use.name)
    if (others === undefined) byName.set(use.name, [use])
    else others.push(use)
  }
  return [
    ...domains.flatMap((domain) => ACCESSES.flatMap((access) => repeated(`\`${access}\` has`, domain[access]))),
    ...[...byName.values()].flatMap(checkUses),
    ...(catalog === undefined ? [] : checkAgainst(catalog, uses, byName)),
  ]
}

/** The findings about one name, wherever it is used. */
function checkUses(uses: readonly Use[]): readonly Finding[] {
  const [controls, creates, consumes] = ACCESSES.map((access) => uses.filter((use) => use.access === access))
  const owner = controls?.[0]
  const findings: Finding[] = []
  for (const use of controls?.slice(1) ?? [])
    findings.push({
      ...clash('SPECIFICATION_CONTROLLED_TWICE', use, owner ?? use),
      text: `${domainText(use)} controls ${shown(use.name)}, which ${domainText(owner ?? use, 'the')} controls already (${placeText((owner ?? use).at)}).`,
    })
  if (owner !== undefined)
    for (const use of creates ?? [])
      findings.push({
        ...clash('SPECIFICATION_CONTROLLED_AND_CREATED', use, owner),
        text: `${domainText(use)} creates ${shown(use.name)}, which ${owner.domain === use.domain ? 'it' : domainText(owner, 'the')} controls (${placeText(owner.at)}).`,
      })
  for (const use of consumes ?? [])
    for (const other of [...(controls ?? []), ...(creates ?? [])].filter(({ domain }) => domain === use.domain))
      findings.push({
        ...clash('SPECIFICATION_ACCESS_REPEATED', use, other),
        // Both lists make the same files; one that creates may read anyway.
        severity: other.access === 'controls' ? 'error' : 'warning',
        text: `${domainText(use)} consumes ${shown(use.name)}, which it ${other.access} as well (${placeText(other.at)}).`,
      })
  return findings
}

function checkAgainst(
  catalog: readonly Named[],
  uses: readonly Use[],
  byName: ReadonlyMap<string, readonly Use[]>,
): readonly Finding[] {
  const names = new Set(catalog.map(({ name }) => name))
  const unknown = uses
    .filter(({ name }) => !names.has(name))
    .map((use): Finding => {
      const meant = suggest(use.name, names)
      return {
        code: 'SPECIFICATION_NAME_UNKNOWN',
        severity: 'error',
        text: `${domainText(use)} ${use.access} ${shown(use.name)}, which is not in the catalog.`,
        ...(meant === undefined ? {} : { hint: `Did you mean "${meant}"?` }),
        at: use.at,
      }
    })
  return [...unknown, ...catalog.flatMap((entry) => checkIsUsed(entry, byName.get(entry.name) ?? []))]
}

function checkIsUsed({ name, at }: Named, uses: readonly Use[]): readonly Finding[] {
  const [reader] = uses
  if (reader === undefined)
    return [
      {
        code: 'SPECIFICATION_NAME_UNUSED',
        severity: 'warning',
        text: `No domain controls, creates or consumes ${shown(name)}.`,
        at,
      },
    ]
  if (uses.some(({ access }) => access !== 'consumes')) return []
  return [
    {
      code: 'SPECIFICATION_NAME_UNWRITTEN',
      severity: 'warning',
      text: `${domainText(reader)} consumes ${shown(name)} (${placeText(reader.at)}), but no domain controls or creates it.`,
      at,
      other: reader.at,
    },
  ]
}

const clash = (code: Finding['code'], use: Use, other: Use): Omit<Finding, 'text'> => ({
  code,
  severity: 'error',
  at: use.at,
  other: other.at,
})

const domainText = ({ domain }: Use, article: 'The' | 'the' = 'The'): string =>
  domain.name === undefined
    ? `${article === 'The' ? 'A' : 'a'} domain without a name`
    : `${article} domain ${shown(domain.name)}`

/** Each name of a list the first time: what stands in it again is complained about once, as that. */
function once(names: readonly Named[]): readonly Named[] {
  const seen = new Set<string>()
  return names.filter(({ name }) => !seen.has(name) && seen.add(name))
}
