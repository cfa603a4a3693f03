import { goesOn, isPartOf, newRisks } from './plan-rest.ts'
import { isExpected } from './saved-before.ts'
import type { SavedPlan, SavedRisk, SavedStep } from './saved-plan.ts'

/** What became different between a plan that was agreed to and the one that would be made now. */
export interface PlanDifference {
  /** The repository wants something else of the database. */
  readonly repositoryChanged: boolean
  /** The database is not as it was. */
  readonly databaseChanged: boolean
  /** Settings and circumstances that differ, in words: "the environment is local, it was production". */
  readonly circumstances: readonly string[]
  /** Only those with a difference; "" for enumerators. In the order of the plans. */
  readonly collections: readonly CollectionDifference[]
  /** Errors that would refuse the plan now, and did not before. */
  readonly errors: readonly string[]
  /** Errors that refused the plan, and would not refuse the one that is made now. */
  readonly errorsGone: readonly string[]
}

/** Names of steps, in words. */
export interface CollectionDifference {
  readonly name: string
  readonly noLongerNeeded: readonly string[]
  readonly added: readonly string[]
  /** With what the step would meet, where it is not what it was to meet. */
  readonly changed: readonly string[]
  /** With the codes of risks that the step did not have. */
  readonly riskier: readonly string[]
}

export function planDifference(agreed: SavedPlan, now: SavedPlan): PlanDifference {
  const circumstances: string[] = []
  for (const [what, key] of CIRCUMSTANCES) {
    if (agreed[key] !== now[key]) circumstances.push(`${what} is ${String(now[key])}, it was ${String(agreed[key])}`)
  }
  const before = new Map(agreed.steps.map((one) => [one.id, one]))
  const after = new Map(now.steps.map((one) => [one.id, one]))
  const names = [...new Set([...agreed.steps, ...now.steps].map((one) => one.collection))]
  const collections = names.map((name): CollectionDifference => {
    const own = ({ collection }: SavedStep): boolean => collection === name
    const words = (one: SavedStep): string => (name === '' ? one.name : `${one.version} ${one.name}`)
    const wordsOf = (steps: readonly SavedStep[]): string[] => steps.map(words)
    const kept = now.steps.filter((one) => own(one) && before.has(one.id))
    return {
      name,
      noLongerNeeded: wordsOf(agreed.steps.filter((one) => own(one) && !after.has(one.id))),
      added: wordsOf(now.steps.filter((one) => own(one) && !before.has(one.id))),
      changed: kept
        .filter((one) => !isSame(one, before.get(one.id)))
        .map((one) => `${words(one)}${metText(one, before.get(one.id))}`),
      riskier: kept.flatMap((one) => riskText(words(one), newRisks(one, before.get(one.id) ?? one))),
    }
  })
  return {
    repositoryChanged: agreed.wantedHash !== now.wantedHash,
    databaseChanged: agreed.observedHash !== now.observedHash,
    circumstances,
    collections: collections.filter(
      ({ noLongerNeeded, added, changed, riskier }) => [noLongerNeeded, added, changed, riskier].flat().length > 0,
    ),
    errors: now.errors.filter((one) => !agreed.errors.includes(one)),
    errorsGone: agreed.errors.filter((one) => !now.errors.includes(one)),
  }
}

const CIRCUMSTANCES = [
  ['the database', 'database'],
  ['the server', 'server'],
  ['the environment', 'environment'],
  ['LOAD_TEST_DATA', 'loadTestData'],
] as const

const isSame = (a: SavedStep, b: SavedStep | undefined): boolean =>
  b !== undefined && isPartOf(a, b) && isPartOf(b, a) && goesOn(a, b) && a.name === b.name

/** Where the step would meet something else than it was to: what that is. */
function metText(now: SavedStep, agreed: SavedStep | undefined): string {
  if (agreed === undefined || isExpected(now.before, agreed.before)) return ''
  if (now.kind === 'setValidator') return ' (in place of another validator)'
  if (agreed.before === undefined) return ' (the agreed plan does not say how the index is defined)'
  return ` (the index has ${now.before?.text ?? 'no definition'}, it had ${agreed.before.text ?? 'none'})`
}

function riskText(step: string, risks: readonly SavedRisk[]): string[] {
  const each = risks.map(({ code, path }) => `${code}${path === undefined || path === '' ? '' : ` of ${path}`}`)
  return each.length === 0 ? [] : [`${step}: ${each.join(', ')}`]
}

const MOST_NAMES = 3
const MOST_COLLECTIONS = 5

/** The difference in sentences, without a full stop at the end; long lists are cut, with how many more there are. */
export function differenceText(difference: PlanDifference): string {
  const { repositoryChanged, databaseChanged, circumstances, collections, errors, errorsGone } = difference
  const who = [...(repositoryChanged ? ['the repository'] : []), ...(databaseChanged ? ['the database'] : [])].join(
    ' and ',
  )
  const parts = [...(who === '' ? [] : [`${who} changed`]), ...circumstances]
  const shown = collections.slice(0, MOST_COLLECTIONS).map(collectionText)
  const more = collections.length - shown.length
  if (more > 0) shown.push(`${more} more ${more === 1 ? 'collection differs' : 'collections differ'}`)
  const refused = [
    ...(errorsGone.length > 0 ? [`no longer refused: ${listed(errorsGone)}`] : []),
    ...(errors.length > 0 ? [`now refused: ${listed(errors)}`] : []),
  ]
  const unequal = shown.length > 0 || refused.length > 0 ? shown : ['the steps are the same']
  const isSpeaking = shown.length === 0 && refused.length > 0
  const why = isSpeaking ? 'what speaks against it is not the same' : 'what is asked for is not the same'
  return [parts.length > 0 ? parts.join('; ') : why, ...unequal, ...refused].join('. ')
}

function collectionText({ name, noLongerNeeded, added, changed, riskier }: CollectionDifference): string {
  const parts = [
    ...(noLongerNeeded.length > 0 ? [`no longer needed: ${listed(noLongerNeeded)}`] : []),
    ...(added.length > 0 ? [`new: ${listed(added)}`] : []),
    ...(changed.length > 0 ? [`not the same: ${listed(changed)}`] : []),
    ...(riskier.length > 0 ? [`with risks that were not agreed to: ${listed(riskier)}`] : []),
  ]
  return `${name === '' ? 'enumerators' : name}: ${parts.join('; ')}`
}

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMES
  return `${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
