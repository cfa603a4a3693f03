import { equalIgnoringOrder } from '@stage0/bson-schema'
import type { Problem } from '@stage0/types'
import type { Observed, ObservedEnumerators } from './observed.ts'
import type { StepOf } from './plan.ts'
import { planProblem } from './problem.ts'
import { parseStoredVersion } from '../model/version-number.ts'
import type { Wanted, WantedCollection, WantedEnumerators } from './wanted.ts'

export interface PlannedEnumerators {
  readonly steps: readonly StepOf<'recordEnumerators'>[]
  /** Versions that are stored more than once, with a content that is not the wanted one: nothing can be made of them. */
  readonly duplicates: readonly Problem[]
  readonly problems: readonly Problem[]
}

/**
 * One step per enumerators version that is missing or differs, in ascending order. What an applied version was rendered
 * with is never overwritten: that is drift.
 *
 * @param selected The collections that are planned; `undefined` for all. Only what they use is stored then.
 */
export function planEnumerators(
  wanted: Wanted,
  observed: Observed,
  selected: readonly WantedCollection[] | undefined,
): PlannedEnumerators {
  const steps: StepOf<'recordEnumerators'>[] = []
  const duplicates: Problem[] = []
  const problems: Problem[] = []
  const used = selected && new Set(selected.flatMap((one) => one.versions.map((version) => version.number[3])))
  for (const enumerators of wanted.enumerators) {
    if (used !== undefined && !used.has(enumerators.version)) continue
    const documents = observed.enumerators.filter((one) => one.version === enumerators.version)
    if (documents.length > 1) {
      // A step would correct one of them alone, and readers would go on to find either.
      const text = duplicateText(enumerators, documents)
      if (text !== undefined) duplicates.push(planProblem('ENUMERATORS_RECORD_DUPLICATE', 'error', text))
      continue
    }
    const [stored] = documents
    if (stored !== undefined && isSame(enumerators, stored)) continue
    const users = stored === undefined ? [] : usersOf(enumerators.version, observed)
    if (users.length === 0) steps.push(recordStep(enumerators, stored !== undefined))
    else {
      const text = `enumerators ${enumerators.version} differ from the stored ones, which ${users.join(', ')} uses`
      problems.push({ ...planProblem('ENUMERATORS_DRIFT', 'warning', text), file: enumerators.file })
    }
  }
  if (selected === undefined) problems.push(...strangers(wanted, observed))
  return { steps, duplicates, problems }
}

/** What is wrong with several documents of one version; nothing where each of them is what is wanted. */
function duplicateText({ version, document, file }: WantedEnumerators, stored: readonly ObservedEnumerators[]) {
  // By the content: a copy that somebody edited still carries the hash of what it was copied from.
  const others = stored.filter((one) => !equalIgnoringOrder(one.document, document)).length
  if (others === 0) return undefined
  const differing =
    others === stored.length ? 'all of them differ' : `${others} of them ${others === 1 ? 'differs' : 'differ'}`
  return `the database holds ${stored.length} documents of enumerators ${version}, and ${differing} from ${file}`
}

/** Documents of the first implementation have no hash; there the content decides, whatever the order of its keys. */
const isSame = (enumerators: WantedEnumerators, stored: ObservedEnumerators): boolean =>
  stored.hash === enumerators.hash || equalIgnoringOrder(stored.document, enumerators.document)

/** "user 1.0.1.3": collections whose recorded version was rendered with these enumerators. */
function usersOf(version: number, observed: Observed): string[] {
  return observed.versions.flatMap(({ collection, current }) => {
    if (collection === undefined || current === undefined) return []
    return parseStoredVersion(collection, current)?.[3] === version ? [current] : []
  })
}

function recordStep(enumerators: WantedEnumerators, exists: boolean): StepOf<'recordEnumerators'> {
  const version = String(enumerators.version)
  return {
    kind: 'recordEnumerators',
    id: `enumerators/${version}/recordEnumerators`,
    collection: '',
    version,
    name: `${exists ? 'replace' : 'store'} enumerators ${version}`,
    risks: [],
    recovery: 'observe',
    undo: exists ? 'store the former file again' : 'delete the stored document',
    document: enumerators.document,
    contentHash: enumerators.hash,
  }
}

/** Stored versions without a file, each once. */
function strangers(wanted: Wanted, observed: Observed): Problem[] {
  const known = new Set([...wanted.enumerators.map((one) => one.version), ...(wanted.heldBack ?? [])])
  const unknown = new Set(observed.enumerators.map((one) => one.version).filter((version) => !known.has(version)))
  return [...unknown].map((version) => {
    const text = `the database holds enumerators ${version}, which the repository does not have`
    return planProblem('ENUMERATORS_NOT_IN_REPOSITORY', 'notice', text)
  })
}
