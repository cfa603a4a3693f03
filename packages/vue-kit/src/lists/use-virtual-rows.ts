import { useVirtualizer } from '@tanstack/vue-virtual'
import { computed, type ComputedRef, type Ref } from 'vue'

export interface VirtualRow {
  readonly index: number
  /** Distance from the top of all rows, in pixels. */
  readonly start: number
}

export interface VirtualRows {
  readonly shown: ComputedRef<readonly VirtualRow[]>
  /** The height of all rows, in pixels. */
  readonly height: ComputedRef<number>
  scrollTo(index: number): void
}

/** Which rows of a long list are in sight. Up to `limit` rows all are shown, which keeps find-in-page and printing. */
export function useVirtualRows(options: {
  readonly scroller: Readonly<Ref<HTMLElement | null>>
  readonly count: () => number
  readonly rowHeight: () => number
  readonly limit: number
}): VirtualRows {
  const isVirtual = computed(() => options.count() > options.limit)
  const virtualizer = useVirtualizer(
    computed(() => ({
      count: isVirtual.value ? options.count() : 0,
      getScrollElement: () => options.scroller.value,
      estimateSize: options.rowHeight,
      overscan: 12,
    })),
  )
  return {
    shown: computed(() =>
      isVirtual.value
        ? virtualizer.value.getVirtualItems()
        : Array.from({ length: options.count() }, (_, index) => ({ index, start: index * options.rowHeight() })),
    ),
    height: computed(() => options.count() * options.rowHeight()),
    scrollTo(index) {
      const scroller = options.scroller.value
      if (scroller === null) return
      const top = index * options.rowHeight()
      const { scrollTop, clientHeight } = scroller
      if (top < scrollTop) scroller.scrollTop = top
      else if (top + options.rowHeight() > scrollTop + clientHeight)
        scroller.scrollTop = top + options.rowHeight() - clientHeight
    },
  }
}
