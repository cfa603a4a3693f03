import { computed, onScopeDispose, ref, watch, type ComputedRef, type Ref } from 'vue'

export interface VirtualRow {
  readonly index: number
  /** Distance from the top of all rows, in pixels. */
  readonly start: number
}

export interface VirtualRows {
  readonly shown: ComputedRef<readonly VirtualRow[]>
  /** The height of all rows, in pixels. */
  readonly height: ComputedRef<number>
  /** Scrolls as little as needed to bring a row into sight, below a sticky header of `head` pixels. */
  scrollTo(index: number, head?: number): void
}

// Rows above and below those in sight, so that fast scrolling does not show gaps.
const SPARE = 12
// The height of the view before it is measured.
const FIRST_HEIGHT = 800

/** The rows in sight of a list of rows of one height: from the first to before the last index, with some to spare. */
export function rowsInSight(
  view: { top: number; height: number },
  rowHeight: number,
  count: number,
): { readonly from: number; readonly to: number } {
  const last = Math.max(0, count - Math.ceil(view.height / rowHeight))
  const first = Math.min(last, Math.floor(view.top / rowHeight))
  return { from: Math.max(0, first - SPARE), to: Math.min(count, first + Math.ceil(view.height / rowHeight) + SPARE) }
}

/** Which rows of a long list are in sight. Up to `limit` rows all are shown, which keeps find-in-page and printing. */
export function useVirtualRows(options: {
  readonly scroller: Readonly<Ref<HTMLElement | null>>
  readonly count: () => number
  readonly rowHeight: () => number
  readonly limit: number
}): VirtualRows {
  const top = ref(0)
  const viewHeight = ref(FIRST_HEIGHT)

  function measure(): void {
    const scroller = options.scroller.value
    if (scroller === null) return
    top.value = scroller.scrollTop
    viewHeight.value = scroller.clientHeight === 0 ? FIRST_HEIGHT : scroller.clientHeight
  }
  const observer = typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(measure)
  watch(
    options.scroller,
    (scroller, before) => {
      before?.removeEventListener('scroll', measure)
      observer?.disconnect()
      if (scroller === null) return
      scroller.addEventListener('scroll', measure, { passive: true })
      observer?.observe(scroller)
      measure()
    },
    { immediate: true, flush: 'post' },
  )
  onScopeDispose(() => {
    options.scroller.value?.removeEventListener('scroll', measure)
    observer?.disconnect()
  })

  const range = computed(() => {
    const count = options.count()
    if (count <= options.limit) return { from: 0, to: count }
    return rowsInSight({ top: top.value, height: viewHeight.value }, options.rowHeight(), count)
  })
  return {
    shown: computed(() => {
      const { from, to } = range.value
      return Array.from({ length: to - from }, (_, at) => ({
        index: from + at,
        start: (from + at) * options.rowHeight(),
      }))
    }),
    height: computed(() => options.count() * options.rowHeight()),
    scrollTo(index, head = 0) {
      const scroller = options.scroller.value
      if (scroller === null) return
      const start = index * options.rowHeight()
      const end = start + options.rowHeight() + head
      if (start < scroller.scrollTop) scroller.scrollTop = start
      else if (end > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = end - scroller.clientHeight
      measure()
    },
  }
}
