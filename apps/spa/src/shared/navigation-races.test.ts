// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import { useSelection } from '../features/plans/use-selection.ts'
import { useIsHere } from './use-is-here.ts'

/** A page that keeps what a set-up gives it, and another page that is loaded when the test says so. */
async function pageWith<Given>(give: () => Given) {
  let given: Given | undefined
  let load = () => {}
  const empty = defineComponent(() => () => h('p'))
  const first = defineComponent(() => {
    given = give()
    return () => h('p')
  })
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/first', component: first },
      { path: '/second', component: () => new Promise<typeof empty>((loaded) => (load = () => loaded(empty))) },
      { path: '/refused', component: empty, beforeEnter: () => false },
    ],
  })
  await router.push('/first')
  mount(RouterView, { global: { plugins: [router] } })
  await flushPromises()
  if (given === undefined) throw new Error('the page was not set up')
  return { given, router, load: () => load() }
}

describe('whether a reader is still here', () => {
  it('is no as soon as they are on the way to another page, however long that takes to load', async () => {
    const { given: isHere, router, load } = await pageWith(useIsHere)
    expect(isHere()).toBe(true)
    await router.replace('/first?filter=a')
    expect(isHere(), 'a filter is the same page').toBe(true)
    const going = router.push('/second')
    await flushPromises()
    expect([isHere(), router.currentRoute.value.path]).toEqual([false, '/first'])
    load()
    await going
    await flushPromises()
    expect(isHere(), 'the page is gone').toBe(false)
  })
  it('is yes again where the other page refused them', async () => {
    const { given: isHere, router } = await pageWith(useIsHere)
    await router.push('/refused')
    expect([isHere(), router.currentRoute.value.path]).toEqual([true, '/first'])
  })
})

describe('the selection in the address', () => {
  it('takes two choices that follow at once, and both are in the address', async () => {
    const {
      given: { selection, change },
      router,
    } = await pageWith(useSelection)
    await Promise.all([change({ which: 'behind' }), change({ testData: 'yes' })])
    expect(selection.value).toMatchObject({ which: 'behind', testData: 'yes' })
    expect(router.currentRoute.value.fullPath).toBe('/first?which=behind&test_data=yes')
  })
  it('follows the address when somebody goes back', async () => {
    const {
      given: { selection, change },
      router,
    } = await pageWith(useSelection)
    await change({ which: 'behind' })
    await router.push('/first?test_data=no')
    expect(selection.value).toMatchObject({ which: 'all', testData: 'no' })
  })
})
