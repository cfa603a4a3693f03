import { checkUsableNames, isUsable } from './check-usable.ts'
import { placeText, shown, type Finding } from './finding.ts'
import type { Architecture, Named } from './model.ts'

/** Names of the catalog that stand in it twice, that nothing can be called, or that are not written as names of collections are. */
export const checkCatalogNames = (catalog: readonly Named[]): readonly Finding[] => [
  // Settings and files are called after a name in capitals or in small letters.
  ...repeated('The catalog has the collection', catalog, (name) => name.toLowerCase()),
  ...checkUsableNames(catalog),
  ...catalog.filter(({ name }) => isUsable(name)).flatMap(checkStyle),
]

/** Names of environments, domains and repos that stand twice where they must differ. */
export function checkArchitectureNames({ environments, domains }: Architecture): readonly Finding[] {
  const named = (one: Partial<Named>): readonly Named[] =>
    one.name === undefined || one.at === undefined ? [] : [{ name: one.name, at: one.at }]
  const repos = domains.flatMap((domain) => domain.repos)
  return [
    ...repeated('There is an environment', environments),
    ...repeated('There is a domain', domains.flatMap(named)),
    ...repeated('There is a repo', repos.filter(({ type }) => type !== 'spa_ref').flatMap(named)),
    // Several domains may run one shared image, each once.
    ...domains.flatMap((domain) =>
      repeated(
        `The domain ${shown(domain.name ?? '')} has a reference to`,
        domain.repos.filter(({ type }) => type === 'spa_ref').flatMap(named),
      ),
    ),
  ]
}

/** One finding for each name that was there before. */
export function repeated(
  sentence: string,
  names: readonly Named[],
  keyOf: (name: string) => string = (name) => name,
): readonly Finding[] {
  const firsts = new Map<string, Named>()
  return names.flatMap(({ name, at }) => {
    const first = firsts.get(keyOf(name))
    if (first === undefined) {
      firsts.set(keyOf(name), { name, at })
      return []
    }
    const already = first.name === name ? 'already' : `already as ${shown(first.name)}`
    return [
      {
        code: 'SPECIFICATION_NAME_REPEATED' as const,
        severity: 'error' as const,
        text: `${sentence} ${shown(name)} ${already} (${placeText(first.at)}).`,
        at,
        other: first.at,
      },
    ]
  })
}

function checkStyle({ name, at }: Named): readonly Finding[] {
  const what = !/^\p{Lu}[\p{L}\p{N}]*$/u.test(name)
    ? `is not in PascalCase`
    : looksPlural(name)
      ? `looks like a plural`
      : undefined
  if (what === undefined) return []
  return [
    {
      code: 'SPECIFICATION_NAME_STYLE',
      severity: 'warning',
      text: `The name ${shown(name)} ${what}.`,
      at,
    },
  ]
}

/** Words that end in s and are no plurals: by their ending (Address, Status, Analysis, Canvas, Chaos), and some by themselves. */
const SINGULAR = /(?:ss|us|is|as|os|News|Series|Species|Lens|ics)$/

const looksPlural = (name: string): boolean => name.endsWith('s') && !SINGULAR.test(name)
