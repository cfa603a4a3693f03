// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from '@vue/test-utils'
import { mdiHomeOutline } from '@mdi/js'
import { afterEach, describe, expect, it } from 'vitest'
import { defineComponent, h, nextTick, ref } from 'vue'
import { reportReachable } from '../http/use-online.ts'
import { memoryStorage, mountKit } from '../testing/mount-kit.ts'
import AppFrame from './AppFrame.vue'
import ErrorBoundary from './ErrorBoundary.vue'
import PageHeader from './PageHeader.vue'

enableAutoUnmount(afterEach)
const NAV = [
  { to: '/', icon: mdiHomeOutline, label: 'Overview' },
  { to: '/runs', icon: mdiHomeOutline, label: 'Runs', count: 3, live: true },
]

describe('the frame', () => {
  it('has one main, a named navigation and a skip link that leads to the main', async () => {
    const { wrapper } = await mountKit(AppFrame, {
      props: { title: 'App', nav: NAV },
      slots: { default: () => h('p', 'page') },
    })
    expect(wrapper.findAll('main')).toHaveLength(1)
    expect(wrapper.get('nav.rail').attributes('aria-label')).toBe('Main')
    await wrapper.get('.skip').trigger('click')
    expect(document.activeElement).toBe(wrapper.get('main').element)
  })
  it('marks the page that is shown, also below it, and the start page only by itself', async () => {
    const { wrapper, router } = await mountKit(AppFrame, { props: { title: 'App', nav: NAV } })
    const current = () =>
      wrapper.findAll('nav.rail a[aria-current=page]').map((link) => link.get('.kit-truncate').text())
    expect(current()).toEqual(['Overview'])
    await router.push('/runs/7')
    await flushPromises()
    expect(current()).toEqual(['Runs'])
  })
  it('remembers that the rail is slim; the names stay for readers', async () => {
    const storage = memoryStorage()
    const { wrapper } = await mountKit(AppFrame, { props: { title: 'App', nav: NAV }, storage })
    await wrapper.get('[aria-label="Collapse navigation"]').trigger('click')
    expect(storage.entries.get('kit.nav')).toBe('slim')
    expect(wrapper.findAll('nav.rail a').map((link) => link.text())).toEqual(['Overview', 'Runsrunning3'])
    expect(wrapper.find('[aria-label="Expand navigation"]').exists()).toBe(true)
  })
  it('says that there is no connection for as long as there is none', async () => {
    const { wrapper } = await mountKit(AppFrame, { props: { title: 'App', nav: NAV } })
    reportReachable(false)
    await nextTick()
    expect(wrapper.get('main').text()).toContain('No connection')
    reportReachable(true)
    await nextTick()
    expect(wrapper.get('main').text()).not.toContain('No connection')
  })
})

describe('the title of the document', () => {
  it('begins with the page, follows it, and goes with it', async () => {
    const title = ref('Runs')
    const isShown = ref(true)
    const component = defineComponent(
      () => () =>
        h(AppFrame, { title: 'App', nav: [] }, () => (isShown.value ? h(PageHeader, { title: title.value }) : [])),
    )
    await mountKit(component)
    await nextTick()
    expect(document.title).toBe('Runs · App')
    title.value = 'Run 7'
    await nextTick()
    expect(document.title).toBe('Run 7 · App')
    isShown.value = false
    await flushPromises()
    expect(document.title).toBe('App')
  })
})

describe('a defect in a part of the page', () => {
  it('is kept there, told, and tried again', async () => {
    let isBroken = true
    const part = defineComponent(() => () => {
      if (isBroken) throw new Error('no such thing')
      return h('p', 'fine')
    })
    const failed: unknown[] = []
    const { wrapper } = await mountKit(ErrorBoundary, {
      props: { onFailed: (error: unknown) => failed.push(error) },
      slots: { default: () => h(part) },
    })
    await flushPromises()
    expect(wrapper.get('[role=alert]').text()).toContain('no such thing')
    expect(failed).toHaveLength(1)
    isBroken = false
    await wrapper.get('button').trigger('click')
    await flushPromises()
    expect(wrapper.text()).toBe('fine')
  })
})
