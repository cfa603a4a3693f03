import { PiniaColada } from '@pinia/colada'
import { createKit, kitTexts } from '@stage0/vue-kit'
import { mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { h, type Component } from 'vue'
import { createI18n } from 'vue-i18n'
import { createMemoryHistory, createRouter, RouterView, type Router } from 'vue-router'
import shared from '../../../shared/en.json'
import viewer from '../en.json'

/** Nothing is remembered from one test to the next. */
const storage = { getItem: () => null, setItem: () => undefined }

/** Mounts a component in the document as the console does, at an address. */
export async function mountAt(
  path: string,
  component: Component,
  props: Record<string, unknown>,
): Promise<{ wrapper: VueWrapper; router: Router }> {
  const pinia = createPinia()
  setActivePinia(pinia)
  const page = { render: () => h(component, props) }
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: page }] })
  await router.push(path)
  const i18n = createI18n({ legacy: false, locale: 'en', messages: { en: { kit: kitTexts, shared, viewer } as never } })
  const wrapper = mount(RouterView, {
    attachTo: document.body,
    global: { plugins: [pinia, PiniaColada, i18n, router, createKit({ storage })] },
  })
  await router.isReady()
  return { wrapper, router }
}
