import { inject, type InjectionKey } from 'vue'
import type { KitStorage } from './theme-choice.ts'

export const KIT_STORAGE: InjectionKey<KitStorage> = Symbol('kit storage')

/** The browser's storage, which forgets rather than throws where the browser refuses it. */
export function safeStorage(source: () => KitStorage): KitStorage {
  return {
    getItem(key) {
      try {
        return source().getItem(key)
      } catch {
        // Refused by the browser: nothing is remembered.
        return null
      }
    },
    setItem(key, value) {
      try {
        source().setItem(key, value)
      } catch {
        // Refused by the browser, or full: nothing is remembered.
      }
    },
  }
}

/** Where the kit remembers sizes and choices. */
export const useKitStorage = (): KitStorage => inject(KIT_STORAGE, () => safeStorage(() => localStorage), true)
