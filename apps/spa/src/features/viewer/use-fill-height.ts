import { useEventListener, useResizeObserver } from '@vueuse/core'
import { ref, watch, type Ref } from 'vue'

/** Below this a workbench is of no use: the page scrolls instead. */
const LEAST_PX = 440
const BOTTOM_PX = 16

/** The height, in CSS pixels, that brings the lower edge of an element to that of the window. */
export function useFillHeight(element: Readonly<Ref<HTMLElement | null>>): Readonly<Ref<number>> {
  const height = ref(LEAST_PX)
  function measure(): void {
    if (!element.value) return
    const top = element.value.getBoundingClientRect().top + window.scrollY
    height.value = Math.max(LEAST_PX, Math.floor(window.innerHeight - top - BOTTOM_PX))
  }
  watch(element, measure, { flush: 'post' })
  useEventListener(window, 'resize', measure)
  // A banner above that comes or goes moves the element.
  useResizeObserver(() => document.body, measure)
  return height
}
