import { nextTick, onScopeDispose } from 'vue'
import { useRouter } from 'vue-router'

/**
 * Tells whether the reader is still at the page that asks, and not on the way to another one: what was waited for must lead
 * nobody away from where they went meanwhile. Changes of the query alone stay at the page.
 */
export function useIsHere(): () => boolean {
  const router = useRouter()
  let isGone = false
  /** Where the reader is going, as long as it is not decided. */
  let target: string | undefined
  const stops = [
    router.beforeEach((to, from) => {
      target = to.path === from.path ? undefined : to.fullPath
    }),
    router.afterEach(async (to) => {
      // A page that was left is taken away with the next update; one that is still there after it has only other parameters.
      await nextTick()
      if (to.fullPath === target) target = undefined
    }),
  ]
  onScopeDispose(() => {
    isGone = true
    for (const stop of stops) stop()
  })
  return () => !isGone && target === undefined
}
