import { defineStore } from 'pinia'
import { ref, type Ref } from 'vue'
import type { RouteLocationRaw } from 'vue-router'
import { announce } from '../base/announce.ts'
import type { MessageKind } from './kinds.ts'

/** The one thing that can be done from a message: go somewhere, or run something (undo, try again). */
export interface MessageAction {
  readonly label: string
  readonly to?: RouteLocationRaw
  readonly run?: () => unknown
}

/** What is shown. A message with the `key` of an earlier one takes its place. */
export interface ToastInput {
  readonly kind: MessageKind
  readonly text: string
  readonly detail?: string
  readonly action?: MessageAction
  /** Stays until it is closed; errors do unless told otherwise. */
  readonly sticky?: boolean
  readonly key?: string
}

export interface Toast extends ToastInput {
  readonly id: number
  readonly at: Date
}

const AT_ONCE = 3
const KEPT = 100
const LIFE_MS = 6000
// Enough time to decide about an undo.
const LIFE_WITH_ACTION_MS = 10_000

/** Messages on screen (at most three) and all of them since the page was opened (the newest hundred, newest first). */
export const useToasts = defineStore('kit-toasts', () => {
  const items: Ref<readonly Toast[]> = ref([])
  const history: Ref<readonly Toast[]> = ref([])
  const unseen = ref(0)
  const timers = new Map<number, ReturnType<typeof setTimeout>>()
  let nextId = 1

  function dismiss(id: number): void {
    clearTimeout(timers.get(id))
    timers.delete(id)
    items.value = items.value.filter((item) => item.id !== id)
  }

  /** Starts the time of a message anew, or stops it (while the pointer or the focus is on the messages). */
  function keep(isKept: boolean): void {
    for (const timer of timers.values()) clearTimeout(timer)
    timers.clear()
    if (!isKept) for (const item of items.value) schedule(item)
  }

  function schedule(toast: Toast): void {
    if (toast.sticky ?? toast.kind === 'error') return
    const life = toast.action === undefined ? LIFE_MS : LIFE_WITH_ACTION_MS
    timers.set(
      toast.id,
      setTimeout(() => dismiss(toast.id), life),
    )
  }

  /** Shows a message and returns its id. The oldest leaves the screen when there are more than three. */
  function show(input: ToastInput): number {
    const toast: Toast = { ...input, id: nextId++, at: new Date() }
    const isSame = (item: Toast) => input.key !== undefined && item.key === input.key
    for (const old of items.value.filter(isSame)) dismiss(old.id)
    for (const old of items.value.slice(0, Math.max(0, items.value.length - AT_ONCE + 1))) dismiss(old.id)
    items.value = [...items.value, toast]
    history.value = [toast, ...history.value.filter((item) => !isSame(item))].slice(0, KEPT)
    unseen.value += 1
    schedule(toast)
    announce(
      input.detail === undefined ? input.text : `${input.text}. ${input.detail}`,
      input.kind === 'error' ? 'assertive' : 'polite',
    )
    return toast.id
  }

  function markSeen(): void {
    unseen.value = 0
  }

  return { items, history, unseen, show, dismiss, keep, markSeen }
})
