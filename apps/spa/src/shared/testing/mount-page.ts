import { createKit, type KitStorage } from '@stage0/vue-kit'
import { PiniaColada } from '@pinia/colada'
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { vi } from 'vitest'
import { defineComponent, h, type Component } from 'vue'
import { createMemoryHistory, createRouter, RouterView, type Router, type RouteRecordRaw } from 'vue-router'
import { createTexts } from '../../app/texts.ts'

/** What the service answers, by path; a function may look at the request. A path that is not there is a 404. */
export type Answers = Readonly<Record<string, unknown>>

const memory = (): KitStorage => {
  const values = new Map<string, string>()
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
  }
}

const problem = (status: number, code: string): Response =>
  new Response(JSON.stringify({ type: '', title: code, status, code, instance: 'r', error: code }), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  })

/** A page at an address, over answers that stand in for the service; `asked` are the paths that were asked for. */
export async function mountPage(
  routes: RouteRecordRaw[],
  path: string,
  answers: Answers,
): Promise<{ page: VueWrapper; router: Router; asked: readonly string[] }> {
  const asked: string[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    const { pathname, search } = new URL(request.url)
    asked.push(pathname + search)
    const answer = answers[pathname]
    if (answer === undefined) return problem(404, 'ROUTE_UNKNOWN')
    if (answer instanceof Response) return answer.clone()
    return typeof answer === 'string' ? new Response(answer) : Response.json(answer)
  })
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [...routes, { path: '/:rest(.*)*', component: { render: () => h('p', 'elsewhere') } }],
  })
  await router.push(path)
  const root: Component = defineComponent({ render: () => h(RouterView) })
  const page = mount(root, {
    attachTo: document.body,
    global: { plugins: [createPinia(), PiniaColada, createTexts(), createKit({ storage: memory() }), router] },
  })
  await settle()
  return { page, router, asked }
}

/** Until what was asked for is on the page: components are loaded late, answers come after. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    await flushPromises()
    await vi.dynamicImportSettled()
  }
}
