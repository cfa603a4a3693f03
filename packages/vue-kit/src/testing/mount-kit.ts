import { mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia, type Pinia } from 'pinia'
import { h, type Component } from 'vue'
import { createI18n } from 'vue-i18n'
import { createMemoryHistory, createRouter, RouterView, type Router } from 'vue-router'
import { createKit } from '../create-kit.ts'
import { kitTexts } from '../texts/en.ts'
import type { KitStorage } from '../theme/theme-choice.ts'

/** A storage of its own for each test. */
export function memoryStorage(
  entries: Record<string, string> = {},
): KitStorage & { readonly entries: Map<string, string> } {
  const map = new Map(Object.entries(entries))
  return { entries: map, getItem: (key) => map.get(key) ?? null, setItem: (key, value) => void map.set(key, value) }
}

/** Mounts a component as an app with the kit would, in the document, at the address `/`. */
export async function mountKit(
  component: Component,
  options: {
    readonly props?: Record<string, unknown>
    readonly slots?: Record<string, (props: never) => unknown>
    readonly storage?: KitStorage
    readonly path?: string
    /** Transitions as they are, not their stand-ins. */
    readonly transitions?: boolean
  } = {},
): Promise<{ wrapper: VueWrapper; router: Router; pinia: Pinia }> {
  const pinia = createPinia()
  setActivePinia(pinia)
  const page = { render: () => h(component, options.props, options.slots as never) }
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: page }] })
  await router.push(options.path ?? '/')
  const i18n = createI18n({ legacy: false, locale: 'en', messages: { en: { kit: kitTexts } } })
  const wrapper = mount(RouterView, {
    attachTo: document.body,
    global: {
      plugins: [pinia, i18n, router, createKit({ storage: options.storage ?? memoryStorage() })],
      ...(options.transitions === true ? { stubs: { 'transition-group': false } } : {}),
    },
  })
  await router.isReady()
  return { wrapper, router, pinia }
}

/** Presses a key on an element, as a keyboard does: the event goes up the document. Returns whether it was taken. */
export function press(target: Element, key: string, more: KeyboardEventInit = {}): boolean {
  return !target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))
}
