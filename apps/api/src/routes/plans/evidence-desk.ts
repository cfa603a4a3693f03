import { gatherEvidence, type EvidenceLimits, type TargetError } from '@stage0/engine'
import type { PlanEvidence, Result } from '@stage0/types'
import type { AppDeps } from '../../deps.ts'
import { Turns } from '../../runs/turns.ts'
import type { PlanSource } from './plan-store.ts'

type Gathered = Promise<Result<PlanEvidence, TargetError>>

/**
 * Gathers the evidence of plans: once for each, however many ask, and one plan at a time, so that looking never becomes a load.
 * What failed is not kept.
 */
export class EvidenceDesk {
  readonly #deps: Pick<AppDeps, 'settings' | 'target' | 'clock'>
  readonly #known = new WeakMap<PlanSource, { readonly gathered: Gathered; isDone: boolean }>()
  readonly #closing = new AbortController()
  readonly #turns = new Turns()

  constructor(deps: Pick<AppDeps, 'settings' | 'target' | 'clock'>) {
    this.#deps = deps
  }

  /** @param again Looks anew, unless somebody is looking already. */
  ask(source: PlanSource, again: boolean): Gathered {
    const known = this.#known.get(source)
    if (known !== undefined && !(again && known.isDone)) return known.gathered
    // What planning found counts for the first look only.
    const gathered = this.#turns.next(() => this.#gather(again ? { ...source, looked: undefined } : source))
    const entry = { gathered, isDone: false }
    this.#known.set(source, entry)
    const forget = (): boolean => this.#known.delete(source)
    gathered.then(({ ok }) => {
      entry.isDone = true
      if (!ok) forget()
    }, forget)
    return gathered
  }

  /** Looking ends with the service. */
  close(): void {
    this.#closing.abort()
  }

  async #gather({ plan, observed, looked }: PlanSource): Gathered {
    const { target, clock } = this.#deps
    const opened = await target.open()
    if (!opened.ok) return opened
    const { signal } = this.#closing
    const limits = this.#limits()
    return gatherEvidence({ target: opened.value, plan, observed, limits, looked, clock, signal })
  }

  #limits(): EvidenceLimits {
    const { EVIDENCE_MAX_MS, EVIDENCE_MAX_DOCUMENTS, EVIDENCE_SAMPLES } = this.#deps.settings
    return { ms: EVIDENCE_MAX_MS.value, documents: EVIDENCE_MAX_DOCUMENTS.value, samples: EVIDENCE_SAMPLES.value }
  }
}
