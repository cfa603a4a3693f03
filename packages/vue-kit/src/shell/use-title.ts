import { onScopeDispose, shallowReactive, watchEffect } from 'vue'

const parts = shallowReactive<(() => string)[]>([])

/**
 * Puts a text in front of the document's title as long as the component lives: `Page · App`. The frame calls it with the
 * app's name, a page with its own.
 */
export function useTitle(text: () => string): void {
  parts.push(text)
  const stop = watchEffect(() => {
    document.title = parts
      .map((part) => part())
      .filter((part) => part !== '')
      .reverse()
      .join(' · ')
  })
  onScopeDispose(() => {
    stop()
    parts.splice(parts.indexOf(text), 1)
  })
}
