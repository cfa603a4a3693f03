import { onScopeDispose, shallowReactive, watchEffect } from 'vue'

interface Part {
  readonly text: () => string
  readonly isFirst: boolean
}
const parts = shallowReactive<Part[]>([])

/**
 * Puts a text in front of the document's title as long as the component lives: `Page · App`. The frame calls it with the
 * app's name, a page with its own. `isFirst`: before all others, for what must be read in a narrow tab.
 */
export function useTitle(text: () => string, { isFirst = false }: { readonly isFirst?: boolean } = {}): void {
  const own: Part = { text, isFirst }
  parts.push(own)
  const stop = watchEffect(() => {
    const inOrder = [...parts.filter((part) => part.isFirst), ...parts.filter((part) => !part.isFirst).toReversed()]
    document.title = inOrder
      .map((part) => part.text())
      .filter((shown) => shown !== '')
      .join(' · ')
  })
  onScopeDispose(() => {
    stop()
    parts.splice(parts.indexOf(own), 1)
  })
}
