import { placeText, shown, type Finding } from './finding.ts'
import type { Architecture, Domain, Port, Repo } from './model.ts'

/** Domains that every product has. */
const MANDATORY = ['schema', 'common_code']

/** The domain of code that others are built with: it needs not listen anywhere. */
const LIBRARIES = 'common_code'

export function checkMandatoryDomains({ domains, domainsAt }: Architecture): readonly Finding[] {
  return MANDATORY.filter((name) => !domains.some((domain) => domain.name === name)).map((name) => ({
    code: 'SPECIFICATION_DOMAIN_MISSING',
    severity: 'error',
    text: `There is no domain "${name}".`,
    at: domainsAt,
  }))
}

/** A reference to a shared image has no repository, so nothing of it can be made or published. */
export const checkReferences = ({ domains }: Architecture): readonly Finding[] =>
  domains
    .flatMap(({ repos }) => repos)
    .filter(({ type }) => type === 'spa_ref')
    .flatMap(({ name, ownMembers }) =>
      ownMembers.map((member) => ({
        code: 'SPECIFICATION_REFERENCE_WITH_REPO',
        severity: 'error',
        text: `${repoText(name)} is a \`spa_ref\`: it has no repository of its own, and so no \`${member.name}\`.`,
        at: member.at,
      })),
    )

/**
 * One port for each repo, counted from the first: none twice, none below; a warning where numbers are left out.
 *
 * @param base The first port of the product; `undefined` where it says none.
 */
export function checkPorts({ domains }: Architecture, base: Port | undefined): readonly Finding[] {
  const findings = domains.flatMap(checkPortsAreThere)
  const users = new Map<bigint, PortOfRepo>()
  const ports = domains.flatMap(({ repos }) => repos.flatMap(portOf))
  for (const { name, value, at } of ports) {
    const first = users.get(value)
    if (first === undefined) users.set(value, { name, value, at })
    else
      findings.push({
        code: 'SPECIFICATION_PORT_REPEATED',
        severity: 'error',
        text: `${repoText(name)} has the port ${value}, which ${repoText(first.name, 'the')} has already (${placeText(first.at)}).`,
        at,
        other: first.at,
      })
    if (base !== undefined && value < base.value)
      findings.push({
        code: 'SPECIFICATION_PORT_BELOW_BASE',
        severity: 'error',
        text: `${repoText(name)} has the port ${value}; ports are counted from \`base_port\`, ${base.value} (${placeText(base.at)}).`,
        at,
        other: base.at,
      })
  }
  return [...findings, ...(base === undefined ? [] : gaps([...users.values()], base))]
}

function checkPortsAreThere({ name: domain, repos }: Domain): readonly Finding[] {
  if (domain === LIBRARIES) return []
  return repos
    .filter((repo) => !repo.hasPort)
    .map(({ name, place }) => ({
      code: 'SPECIFICATION_PORT_MISSING',
      severity: 'warning',
      text: `${repoText(name)} has no port; what starts the product cannot reach it.`,
      at: place,
    }))
}

interface PortOfRepo extends Port {
  readonly name: string | undefined
}

const portOf = ({ name, port }: Repo): readonly PortOfRepo[] => (port === undefined ? [] : [{ name, ...port }])

/** Where the ports that are used, from the first one on, leave numbers out. The first itself may be free. */
function gaps(users: readonly PortOfRepo[], base: Port): readonly Finding[] {
  const sorted = users.filter(({ value }) => value >= base.value).sort((a, b) => Number(a.value - b.value))
  return sorted.flatMap(({ name, value, at }, index) => {
    const former = sorted[index - 1]?.value ?? base.value
    const [from, to] = [former + 1n, value - 1n]
    if (from > to) return []
    const free = from === to ? `the port ${from}` : `the ports from ${from} to ${to}`
    return [
      {
        code: 'SPECIFICATION_PORT_GAP',
        severity: 'warning',
        text: `${repoText(name)} has the port ${value}, and no repo has ${free}.`,
        at,
      },
    ]
  })
}

const repoText = (name: string | undefined, article: 'The' | 'the' = 'The'): string =>
  name === undefined ? `${article === 'The' ? 'A' : 'a'} repo without a name` : `${article} repo ${shown(name)}`
