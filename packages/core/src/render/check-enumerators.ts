import { canonicalJson } from '../plan/canonical.ts'
import type { ConfigurationVersion, Property, Repository } from '../model/model.ts'
import { didYouMean } from '../model/did-you-mean.ts'
import type { ProblemList } from './problem-list.ts'
import type { Renderer } from './renderer.ts'
import { forEachProperty, type Unit } from './units.ts'

/**
 * Checks what depends on the enumerators version: that its file exists, and that every enumerator which the files of a
 * version use, directly or through others, is in it. A missing enumerator is reported once per place and enumerators file.
 */
export function checkEnumeratorsOf(
  repository: Repository,
  renderer: Renderer,
  roots: ReadonlyMap<ConfigurationVersion, Unit>,
  problems: ProblemList,
): void {
  const rootsByNumber = new Map<number, Set<Unit>>()
  for (const configuration of repository.configurations.values()) {
    for (const version of configuration.versions) {
      const number = version.number[3]
      const root = roots.get(version)
      if (!repository.enumerators.has(number)) {
        problems.add(version.at, {
          code: 'ENUMERATORS_MISSING',
          severity: 'error',
          text: `version ${version.written} of ${configuration.name} uses enumerators ${number}, but no enumerators file has \`version: ${number}\``,
          hint: hintOf(repository),
        })
      } else if (root !== undefined) {
        let group = rootsByNumber.get(number)
        if (group === undefined) rootsByNumber.set(number, (group = new Set()))
        group.add(root)
      }
    }
  }
  for (const [number, units] of rootsByNumber) {
    for (const unit of renderer.units.reachable(units)) {
      if (unit.hasEnums || unit.hasChoices) checkUnitFor(unit, number, repository, renderer, problems)
    }
  }
}

const hintOf = (repository: Repository): string => {
  const known = [...repository.enumerators.keys()].sort((a, b) => a - b)
  return known.length === 0
    ? 'The repository has no enumerators file; add one.'
    : `There are enumerators ${known.join(', ')}.`
}

function checkUnitFor(
  unit: Unit,
  number: number,
  repository: Repository,
  renderer: Renderer,
  problems: ProblemList,
): void {
  forEachProperty(unit.root, (property) => {
    if (property.kind === 'enum' || property.kind === 'enum_array')
      checkEnum(property, number, repository, renderer, problems)
    else if (property.kind === 'one_of') checkAlternatives(property, number, renderer, problems)
  })
}

function checkEnum(
  property: Property & { readonly kind: 'enum' | 'enum_array' },
  number: number,
  repository: Repository,
  renderer: Renderer,
  problems: ProblemList,
): void {
  const values = renderer.enumValues(number, property.enums)
  if (values !== undefined && values.length > 0) return
  const enumerators = repository.enumerators.get(number)
  const path = enumerators?.at.file.path ?? ''
  if (values !== undefined) {
    const enumerator = enumerators?.enumerators.find((each) => each.name === property.enums)
    const text = `enumerator "${property.enums}" has no values, but property "${property.name}" uses it`
    problems.add(enumerator?.at ?? property.at, {
      code: 'ENUMERATOR_EMPTY',
      severity: 'error',
      text,
      hint: 'Add at least one value.',
    })
    return
  }
  problems.add(property.at, {
    code: 'ENUMERATOR_MISSING',
    severity: 'error',
    text: `property "${property.name}" uses enumerator "${property.enums}", which ${path} (version ${number}) does not have`,
    hint: didYouMean(property.enums, enumerators?.enumerators.map((each) => each.name) ?? []),
  })
}

/** Two equal alternatives: what matches one matches the other, and so never exactly one. */
function checkAlternatives(
  property: Property & { readonly kind: 'one_of' },
  number: number,
  renderer: Renderer,
  problems: ProblemList,
): void {
  const seen = new Map<string, Property>()
  for (const alternative of property.properties) {
    const rendered = renderer.renderProperty(alternative, number, 'bson')
    if (rendered === undefined) continue
    const text = canonicalJson(rendered)
    const equal = seen.get(text)
    seen.set(text, equal ?? alternative)
    if (equal === undefined) continue
    problems.add(alternative.at, {
      code: 'ONE_OF_OVERLAP',
      severity: 'warning',
      text: `property "${property.name}": alternatives "${equal.name}" and "${alternative.name}" are equal, so a value that matches them is refused`,
      hint: 'Remove one of them.',
    })
  }
}
