import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'

const PREFIX = 'stage0.document.'

/**
 * What was typed to be validated, per collection or file: kept when the page changes, when the check fails and when the
 * page is loaded again, until the browser's tab is closed.
 */
export const useDocumentDrafts = defineStore('viewer-document-drafts', () => {
  const texts = shallowReactive(new Map<string, string>())

  function textOf(owner: string): string {
    return texts.get(owner) ?? stored(owner) ?? ''
  }

  function keep(owner: string, text: string): void {
    texts.set(owner, text)
    try {
      if (text === '') sessionStorage.removeItem(PREFIX + owner)
      else sessionStorage.setItem(PREFIX + owner, text)
    } catch {
      // Full, or forbidden by the browser: the text stays in memory, only a reload loses it.
    }
  }

  return { texts, textOf, keep }
})

function stored(owner: string): string | undefined {
  try {
    return sessionStorage.getItem(PREFIX + owner) ?? undefined
  } catch {
    // Forbidden by the browser: nothing is remembered over a reload.
    return undefined
  }
}
