import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

/** A question before an act that cannot be undone. */
export interface ConfirmInput {
  readonly title: string
  readonly text: string
  /** What the button says: the act itself. */
  readonly verb: string
  readonly danger?: boolean
  /** What the other button says; "Cancel" unless given, for an act that is itself called so. */
  readonly dismiss?: string
  /** What must be typed before the button works, for example the name of what is lost. */
  readonly typed?: string
}

interface OpenQuestion {
  readonly input: ConfirmInput
  readonly settle: (isConfirmed: boolean) => void
}

/** One question at a time; a new one refuses the one before. */
export const useConfirm = defineStore('kit-confirm', () => {
  const question = shallowRef<OpenQuestion>()

  /** Asks, and resolves to whether the reader agreed. */
  function confirm(input: ConfirmInput): Promise<boolean> {
    question.value?.settle(false)
    return new Promise((resolve) => {
      question.value = { input, settle: resolve }
    })
  }

  function answer(isConfirmed: boolean): void {
    const open = question.value
    question.value = undefined
    open?.settle(isConfirmed)
  }

  return { question, confirm, answer }
})
