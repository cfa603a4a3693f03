import type { RunStepView } from '@stage0/types'
import { computed, nextTick, ref, watch, type Ref } from 'vue'
import { currentStep, type StepFilter, type TimelineRow } from './run-view.ts'

interface Timeline {
  readonly scroller: Readonly<Ref<HTMLElement | null>>
  readonly virtual: { scrollTo(index: number): void }
  readonly rows: Readonly<Ref<readonly TimelineRow[]>>
  readonly steps: () => readonly RunStepView[]
  readonly isOver: () => boolean
  readonly filter: () => StepFilter
  /** Id of the step whose details are shown. */
  readonly selected: () => string | undefined
  /** Unfolds what the step is in. */
  readonly open: (step: RunStepView) => void
}

/** Keeps the step at work in sight, until the reader scrolls or opens a step; a step that is opened is brought into sight. */
export function useFollow({ scroller, virtual, rows, steps, isOver, filter, selected, open }: Timeline) {
  // The place where the list was scrolled to from here; any other is the reader's.
  let own = 0
  const isFollowing = ref(selected() === undefined)
  const current = computed(() => (isOver() ? undefined : currentStep(steps())))

  function show(id: string | undefined): void {
    const at = id === undefined ? -1 : rows.value.findIndex(({ step }) => step?.id === id)
    if (at < 0) return
    // With a line or two after it, so that one sees what comes.
    virtual.scrollTo(Math.min(at + 2, rows.value.length - 1))
    virtual.scrollTo(at)
    own = scroller.value?.scrollTop ?? 0
  }
  function scrolled(): void {
    if (Math.abs((scroller.value?.scrollTop ?? 0) - own) > 1) isFollowing.value = false
  }
  async function follow(): Promise<void> {
    isFollowing.value = true
    await nextTick()
    show(current.value?.id)
  }
  watch(
    () => [current.value?.id, filter()],
    async () => {
      await nextTick()
      if (isFollowing.value) show(current.value?.id)
    },
    { immediate: true },
  )
  watch(
    selected,
    async (id) => {
      if (id === undefined) return
      isFollowing.value = false
      const step = steps().find((one) => one.id === id)
      if (step !== undefined) open(step)
      await nextTick()
      show(id)
    },
    { immediate: true },
  )
  return { isFollowing, current, scrolled, follow }
}
