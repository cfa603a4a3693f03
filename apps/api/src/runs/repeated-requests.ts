import { canonicalJson } from '@stage0/core'
import type { RunStarted } from '@stage0/types'
import { misusedKey, type BeginRun } from './begin-run.ts'

/** Keys that are remembered here; the others are found in the database. */
const KEPT = 1000

interface Asked {
  readonly content: string
  readonly answer: Promise<RunStarted>
}

/** Requests with an `Idempotency-Key`: the same key gives the same run, also while the first request is still at it. */
export class RepeatedRequests {
  readonly #asked = new Map<string, Asked>()

  /** @throws HttpProblem `IDEMPOTENCY_KEY_MISUSED` where the key came with another content before; and what `begin` throws. */
  async once(request: BeginRun, begin: () => Promise<RunStarted>): Promise<RunStarted> {
    const { idempotencyKey: key, command: _command, confirm: _confirm, ...rest } = request
    if (key === undefined) return begin()
    const content = canonicalJson(rest)
    const earlier = this.#asked.get(key)
    if (earlier !== undefined) {
      if (earlier.content === content) return earlier.answer
      const started = await earlier.answer.catch(() => undefined)
      if (started !== undefined) throw misusedKey(started.run_id)
      // Nothing was begun with it, so the key is free for this request.
      return this.once(request, begin)
    }
    const answer = begin()
    this.#asked.set(key, { content, answer })
    try {
      return await answer
    } catch (cause) {
      // Nothing was begun, so the key is free again, unless it was forgotten and came anew meanwhile.
      if (this.#asked.get(key)?.answer === answer) this.#asked.delete(key)
      throw cause
    } finally {
      const oldest = this.#asked.size > KEPT ? this.#asked.keys().next().value : undefined
      if (oldest !== undefined) this.#asked.delete(oldest)
    }
  }
}
