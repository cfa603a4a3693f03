import { computed, onScopeDispose, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import { documentChecker, openCheckWorker, type CheckOutcome, type DocumentChecker } from './document-checker.ts'
import type { CheckRequest } from './messages.ts'

export interface Validation {
  readonly outcome: Readonly<ShallowRef<CheckOutcome | undefined>>
  readonly isRunning: Readonly<ShallowRef<boolean>>
  /** The text was changed after it was checked: lines may be others. */
  readonly isOutdated: ComputedRef<boolean>
  readonly validate: (schema: string) => Promise<void>
  /** An example document as text; `undefined` when none could be made (the outcome says why). */
  readonly example: (schema: string) => Promise<string | undefined>
}

/**
 * Checks what is typed against a rendered BSON schema, outside of the page's own thread.
 *
 * @param text What is typed.
 */
export function useValidation(
  text: () => string,
  checker: DocumentChecker = documentChecker(openCheckWorker),
): Validation {
  const outcome = shallowRef<CheckOutcome>()
  const checked = shallowRef('')
  const isRunning = shallowRef(false)
  onScopeDispose(() => checker.close())

  async function run(request: CheckRequest): Promise<CheckOutcome | undefined> {
    isRunning.value = true
    const answer = await checker.run(request)
    // A later check has taken over: its answer counts.
    if (answer.kind === 'replaced') return undefined
    isRunning.value = false
    return answer
  }

  async function validate(schema: string): Promise<void> {
    const documents = text()
    const answer = await run({ kind: 'validate', schema, documents })
    if (answer === undefined) return
    checked.value = documents
    outcome.value = answer
  }

  async function example(schema: string): Promise<string | undefined> {
    const answer = await run({ kind: 'skeleton', schema })
    if (answer?.kind === 'skeleton') return answer.text
    if (answer !== undefined) outcome.value = answer
    return undefined
  }

  return {
    outcome,
    isRunning,
    isOutdated: computed(() => outcome.value?.kind === 'checked' && text() !== checked.value),
    validate,
    example,
  }
}
