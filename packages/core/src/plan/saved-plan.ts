import { err, ok, type Result } from '@stage0/types'
import { isRecord, textOf, type JsonRecord } from './json-record.ts'
import type { Plan } from './plan.ts'
import { planToJson, readPlanHash } from './plan-json.ts'
import { savedBefore, type SavedBefore } from './saved-before.ts'

/** A plan as it was agreed to or recorded, with what it takes to compare it with what is planned now. */
export interface SavedPlan {
  readonly hash: string
  readonly wantedHash: string
  readonly observedHash: string
  readonly database: string
  readonly server: string
  readonly environment: string
  readonly loadTestData: boolean
  /** In the order of the plan. */
  readonly steps: readonly SavedStep[]
  /** Texts of the errors that refused it. */
  readonly errors: readonly string[]
}

export interface SavedStep {
  /** `Step.id`: the same in every plan that contains the step. */
  readonly id: string
  readonly collection: string
  readonly version: string
  readonly kind: string
  /** In words, for people. */
  readonly name: string
  /** All that it makes of the database, as text: equal texts, equal outcome. */
  readonly deed: string
  /** The collection that it writes to, where it is another one. */
  readonly target: string | undefined
  /** What it changes, drops or replaces, as it was observed or as the steps before make it. */
  readonly before: SavedBefore | undefined
  readonly risks: readonly SavedRisk[]
  /** Ranges behind which a migration goes on; 0 where it begins. */
  readonly ranges: number
  /** Each index of a step that builds several, as text: what is left of such a step builds some of them. */
  readonly parts: readonly string[]
}

export interface SavedRisk {
  readonly code: string
  readonly path: string | undefined
}

/**
 * Reads a plan as `planToJson` writes it, checked against its hash: one that was changed by hand is not the one that was reviewed.
 * Whatever it says is only compared with; nothing in it is carried out.
 */
export function readPlan(text: string): Result<SavedPlan, 'not-a-plan' | 'changed'> {
  const hash = readPlanHash(text)
  if (!hash.ok) return hash
  const plan = parsed(text)
  if (plan === undefined || !Array.isArray(plan['steps'])) return err('not-a-plan')
  const steps = plan['steps'].filter(isRecord)
  const problems = Array.isArray(plan['problems']) ? plan['problems'].filter(isRecord) : []
  return ok({
    hash: hash.value,
    wantedHash: textOf(plan['wantedHash']),
    observedHash: textOf(plan['observedHash']),
    database: textOf(plan['database']),
    server: textOf(plan['server']),
    environment: textOf(plan['environment']),
    loadTestData: plan['loadTestData'] === true,
    steps: steps.map(toStep),
    errors: problems.filter((one) => one['severity'] === 'error').map((one) => textOf(one['text'])),
  })
}

/** The plan in the form in which saved ones are compared. */
export function savedPlan(plan: Plan): SavedPlan {
  const saved = readPlan(planToJson(plan))
  if (!saved.ok) throw new TypeError(`a plan is not read as it was written: ${saved.error}`)
  return saved.value
}

const toRisk = ({ code, path }: JsonRecord): SavedRisk => ({
  code: textOf(code),
  path: typeof path === 'string' ? path : undefined,
})

function parsed(text: string): JsonRecord | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * What a step says besides what it makes of the database: words, how it is recovered, and what depends on how far the run is. The
 * strategy is among it: it is chosen so that the documents come out the same. What is observed is compared on its own.
 */
const ASIDE = new Set([
  ...['name', 'risks', 'undo', 'why', 'recovery', 'changes', 'from', 'strategy', 'transform', 'repeatable', 'again'],
  ...['replacedBy', 'change', 'indexes', 'definition', 'before', 'replaces'],
])

function toStep(step: JsonRecord): SavedStep {
  const kind = textOf(step['kind'])
  const indexes = kind === 'buildIndexes' && Array.isArray(step['indexes']) ? step['indexes'] : []
  const isAside = (name: string): boolean => ASIDE.has(name) && !(name === 'indexes' && kind !== 'buildIndexes')
  return {
    id: textOf(step['id']),
    collection: textOf(step['collection']),
    version: textOf(step['version']),
    kind,
    name: textOf(step['name']),
    deed: JSON.stringify(Object.entries(step).filter(([name]) => !isAside(name))),
    parts: indexes.map((one) => JSON.stringify(one)),
    target: typeof step['target'] === 'string' ? step['target'] : undefined,
    before: savedBefore(step),
    risks: (Array.isArray(step['risks']) ? step['risks'].filter(isRecord) : []).map(toRisk),
    ranges: isRecord(step['from']) ? Number(step['from']['ranges']) : 0,
  }
}
