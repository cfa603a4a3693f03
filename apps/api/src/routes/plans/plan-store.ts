import type { Observed, Plan } from '@stage0/core'
import type { LookedAt } from '@stage0/engine'
import type { PlanView } from '@stage0/types'

export interface PlanStoreBounds {
  readonly plans: number
  /** As JSON, in all. */
  readonly characters: number
  readonly ageMs: number
}

/** Long enough for a review and a cup of coffee; the same plan can be made again at any time. */
export const PLAN_BOUNDS: PlanStoreBounds = { plans: 50, characters: 64_000_000, ageMs: 60 * 60 * 1000 }

/** What a plan was made of: what its evidence is gathered from. */
export interface PlanSource {
  readonly plan: Plan
  readonly observed: Observed
  /** What planning itself found out about stored documents. */
  readonly looked?: LookedAt | undefined
}

interface Kept {
  readonly plan: PlanView
  readonly source: PlanSource
  readonly characters: number
  readonly keptAtMs: number
}

/** Plans for display: in memory alone, so many, so large and so long. What is applied is planned anew. */
export class PlanStore {
  readonly #bounds: PlanStoreBounds
  readonly #nowMs: () => number
  /** Oldest first. */
  readonly #kept = new Map<string, Kept>()
  #characters = 0

  constructor(bounds: PlanStoreBounds, nowMs: () => number) {
    this.#bounds = bounds
    this.#nowMs = nowMs
  }

  keep(plan: PlanView, source: PlanSource): void {
    const characters = JSON.stringify(plan).length
    this.#kept.set(plan.id, { plan, source, characters, keptAtMs: this.#nowMs() })
    this.#characters += characters
    this.#dropOld()
  }

  find(id: string): PlanView | undefined {
    this.#dropOld()
    return this.#kept.get(id)?.plan
  }

  findSource(id: string): PlanSource | undefined {
    this.#dropOld()
    return this.#kept.get(id)?.source
  }

  /** The plan that has a hash, whichever of its views was looked at. */
  findByHash(hash: string): Plan | undefined {
    this.#dropOld()
    return [...this.#kept.values()].find(({ source }) => source.plan.hash === hash)?.source.plan
  }

  /** The newest one always stays: somebody is about to look at it. */
  #dropOld(): void {
    const { plans, characters, ageMs } = this.#bounds
    for (const [id, one] of this.#kept) {
      const isOld = this.#nowMs() - one.keptAtMs > ageMs
      const isTooMuch = this.#kept.size > 1 && (this.#kept.size > plans || this.#characters > characters)
      if (!isOld && !isTooMuch) return
      this.#kept.delete(id)
      this.#characters -= one.characters
    }
  }
}
