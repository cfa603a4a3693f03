import { computed, nextTick, ref, type Ref } from 'vue'

const PAGE = 12
const STEPS: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (at, last) => Math.min(last, at + 1),
  ArrowUp: (at) => Math.max(0, at - 1),
  Home: () => 0,
  End: (_at, last) => last,
  PageDown: (at, last) => Math.min(last, at + PAGE),
  PageUp: (at) => Math.max(0, at - PAGE),
}

interface Rows {
  readonly scroller: Readonly<Ref<HTMLElement | null>>
  readonly virtual: { scrollTo(index: number): void }
  readonly count: () => number
  /** Called when the reader moves. */
  readonly moved: () => unknown
}

/** One line of a list is in the order of the tab key; the arrow keys, Home, End and the page keys move to another. */
export function useRowKeys({ scroller, virtual, count, moved }: Rows) {
  const active = ref(0)
  const activeIndex = computed(() => Math.min(active.value, count() - 1))
  async function keydown(event: KeyboardEvent): Promise<void> {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const next = STEPS[event.key]?.(activeIndex.value, count() - 1)
    if (next === undefined) return
    event.preventDefault()
    moved()
    active.value = next
    virtual.scrollTo(next)
    await nextTick()
    scroller.value?.querySelector<HTMLElement>(`[data-row="${String(next)}"]`)?.focus({ preventScroll: true })
  }
  return {
    activate: (index: number) => (active.value = index),
    tabindexOf: (index: number) => (index === activeIndex.value ? 0 : -1),
    keydown,
  }
}
